"""A notebook's file comes back byte-exact, whatever is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.filters import Filters
from queries.notebooks.choice import choice_of, differing, merged, pairs_of
from queries.notebooks.document import KINDS, Document, new_cell, read, text_cell
from queries.notebooks.keys import keys_of, with_key
from queries.notebooks.meaning import meanings
from tests.support.filters import any_filters

MONDAY = """---
title: Monday report
filter: group=Email&folder=January+2016
---
# Monday report
{{ week.net }} codes were redeemed, {{ week.change }} against the week before.

```chart over_time
grain: day
filter: from=2016-01-04&to=2016-01-10
```

```sql by_day
select date_trunc('day', time) as day, count(*) as redemptions
from chosen_transactions where not cancelled group by all order by day
```
"""
WORDS = st.sampled_from([
    "# Title", "text", "```chart over_time", "```", "````sql x", "````", "~~~ numbers n", "~~~",
    "---", "title: a", "filter: group=SMS", "grain: day", "> ```sql quoted", "- ```sql listed",
    "    ```sql indented", " ```sql shifted", "<div>", "<!--", "```python", "```unknown cell",
    "{{ week.net }}", "", " ", "\t", "é\u2028\x0c\x85", "`", "\x00", "\\",
])  # fmt: skip
LINES = st.lists(st.tuples(WORDS | st.text(max_size=8), st.sampled_from(["\n", "\r\n", "\r", ""])))
TEXTS = LINES.map(lambda lines: "".join(a + b for a, b in lines)) | st.text()


def kinds_and_names(document: Document) -> list[tuple[str, str]]:
    return [(cell.kind, cell.name) for cell in document.cells]


def test_a_notebook_has_a_title_a_filter_and_cells_between_texts() -> None:
    document = read(MONDAY)
    assert document.title == "Monday report"
    assert document.filter == "group=Email&folder=January+2016"
    assert kinds_and_names(document) == [
        ("text", ""),
        ("chart", "over_time"),
        ("text", ""),
        ("sql", "by_day"),
    ]
    assert document.cells[1].body == "grain: day\nfilter: from=2016-01-04&to=2016-01-10\n"
    assert [cell.line for cell in document.cells] == [5, 8, 12, 13]


@given(TEXTS)
def test_any_text_comes_back_byte_exact(text: str) -> None:
    assert read(text).text() == text


@given(TEXTS, st.sampled_from(KINDS), st.text(), st.integers(0, 9))
def test_a_cell_put_in_leaves_every_other_slice_as_it_is(
    text: str, kind: str, body: str, place: int
) -> None:
    document = read(text)
    place = min(place, len(document.cells))
    after = document.inserted(place, new_cell(kind, "put_in", body)).text()
    for cell in document.cells:
        assert cell.source.rstrip("\r\n") in after


@given(st.sampled_from(KINDS), st.text(alphabet=st.characters(exclude_characters="\r\x00")))
def test_a_new_cell_is_read_with_the_body_that_it_was_given(kind: str, body: str) -> None:
    (cell,) = read(new_cell(kind, "a_name", body).source).cells
    assert (cell.kind, cell.name) == (kind, "a_name")
    assert cell.body.removesuffix("\n") == body.removesuffix("\n")


@given(TEXTS, st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8")))
def test_a_title_is_read_as_it_was_set_and_nothing_else_changes(text: str, title: str) -> None:
    document = read(text)
    if not document.front:
        after = document.with_front("title", title)
        assert after.text().endswith(text)
        assert after.title == title


@pytest.mark.parametrize("title", ["a: b", "yes", "2016-01-04", "'", '"', "# no comment", "é", "-"])
def test_titles_that_yaml_takes_for_something_else_are_put_in_quotes(title: str) -> None:
    document = read(MONDAY).with_front("title", title)
    assert read(document.text()).title == title
    assert read(document.text()).filter == "group=Email&folder=January+2016"


def test_a_fence_inside_a_quotation_a_list_or_another_fence_is_no_cell() -> None:
    text = "> ```sql a\n> ```\n\n- ```sql b\n  ```\n\n````markdown\n```sql c\n```\n````\n"
    assert kinds_and_names(read(text)) == [("text", "")]


def test_a_cell_whose_fence_was_never_closed_is_closed_when_another_follows() -> None:
    document = read("```sql a\nselect 1")
    assert document.text() == "```sql a\nselect 1"
    after = document.inserted(1, new_cell("sql", "b", "select 2"))
    assert kinds_and_names(after) == [("sql", "a"), ("text", ""), ("sql", "b")]


def test_moving_replacing_and_removing_leave_the_other_cells() -> None:
    document = read(MONDAY)
    swapped = document.swapped(1, 3)
    assert kinds_and_names(swapped)[1::2] == kinds_and_names(document)[3:0:-2]
    assert swapped.swapped(1, 3).text() == MONDAY
    removed = document.replaced(1, [])
    assert ("chart", "over_time") not in kinds_and_names(removed)
    text = document.replaced(0, [text_cell("Other words\n")])
    assert text.cells[0].body == "Other words\n"


def test_a_free_name_is_plain_and_no_other_cells_or_tables() -> None:
    document = read(MONDAY)
    assert document.free_name("over_time") == "over_time_2"
    assert document.free_name("By day") == "By_day_2"
    assert document.free_name("chosen_codes") == "chosen_codes_2"
    assert document.free_name("28 days") == "cell_28_days"


def test_one_key_is_changed_and_the_other_lines_stay() -> None:
    cell = read(MONDAY).cells[1]
    assert with_key(cell, "grain", "week").body == (
        "grain: week\nfilter: from=2016-01-04&to=2016-01-10\n"
    )
    assert with_key(cell, "title", "a: b").body.endswith("title: 'a: b'\n")
    assert with_key(cell, "grain", "").body == "filter: from=2016-01-04&to=2016-01-10\n"
    sql = read(MONDAY).cells[3]
    drawn = with_key(with_key(sql, "x", "day"), "chart", "bar")
    assert keys_of(drawn).texts == {"chart": "bar", "x": "day"}
    assert drawn.body.endswith("order by day\n")


def test_a_cell_overrides_parts_of_the_notebooks_filter() -> None:
    over_time, by_day = meanings(read(MONDAY))
    email = "folder=January+2016&group=Email"
    assert over_time.choice.query() == f"{email}&from=2016-01-04&to=2016-01-10"
    assert (over_time.query, over_time.values) == ("over_time", {"grain": "day"})
    assert by_day.choice.query() == email
    text = "---\nfilter: group=Email&site=S1\n---\n```numbers n\nfilter: group=SMS&site=\n```\n"
    (numbers,) = meanings(read(text))
    assert numbers.choice.query() == "group=SMS"


@given(any_filters, any_filters)
def test_what_differs_from_the_notebooks_filter_gives_the_whole_choice_again(
    a: Filters, b: Filters
) -> None:
    own = differing(a, b)
    assert choice_of(merged(a.to_query(), own)).filters.to_query() == b.to_query()


def test_a_control_gives_its_values_to_filters_and_parameters() -> None:
    text = (
        "```control start\ntype: date\nvalue: 2016-01-04\n```\n"
        "```control groups\nvalue: [Email, SMS]\n```\n"
        "```control n\ntype: number\nvalue: 14\n```\n"
        "```chart rate_within_days\nby: group\ncontrols: from=start&group=groups&days=n\n```\n"
    )
    *controls, chart = meanings(read(text))
    assert [one.control.values for one in controls if one.control] == [
        ("2016-01-04",),
        ("Email", "SMS"),
        ("14",),
    ]
    assert chart.choice.filters.texts("group") == ["Email", "SMS"]
    assert chart.choice.filters.texts("from") == ["2016-01-04"]
    assert chart.values == {"by": "group", "days": "14"}
    assert chart.uses == ("start", "groups", "n")
    assert chart.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```sql\nselect 1\n```\n", "This sql has no name"),
        ("```sql 1st\nselect 1\n```\n", "“1st” is no name"),
        ("```sql Chosen_Codes\nselect 1\n```\n", "is a table of the data"),
        ("```sql a\nselect 1\n```\n```chart A\n```\n", "There are two cells called A"),
        ("```chart a\n- x\n```\n", "has no “key: value” on each line"),
        ("```chart a\ngrain: [\n```\n", "is no list of “key: value”, in line"),
        ("```chart a\nx: &a [b]\ny: *a\n```\n", "is no list of “key: value”, in line 3"),
        ("```chart a\nfilter: from=2016-13-01\n```\n", "takes a date"),
        ("```chart a\ncontrols: from=start\n```\n", "There is no control start above"),
        ("```control a\ntype: colour\n```\n", "of type date, list or number, not colour"),
        ("```control a\ntype: date\nvalue: soon\n```\n", "takes a day such as"),
        ("```control a\ntype: number\nvalue: nan\n```\n", "takes a number"),
        ("```compare a\n```\n", "compares nothing"),
    ],
)
def test_what_keeps_a_cell_from_running_is_said(text: str, problem: str) -> None:
    assert problem in " ".join(meanings(read(text))[-1].problems)


def test_unknown_keys_are_kept_and_named() -> None:
    (cell,) = meanings(read("```numbers n\ncolour: red\n```\n"))
    assert (cell.unknown, cell.problems) == (("colour",), ())


def test_addresses_may_begin_with_a_question_mark() -> None:
    assert pairs_of("?group=A+B&site=") == [("group", "A B"), ("site", "")]


def test_a_comment_below_the_head_of_sql_is_no_key_and_stays() -> None:
    (cell,) = read("```sql a\n-- x: day\n\nselect 1\n-- y: of the campaign\n```\n").cells

    changed = with_key(with_key(cell, "y", ""), "y", "net")

    assert changed.body == "-- y: net\n-- x: day\n\nselect 1\n-- y: of the campaign\n"
    assert keys_of(changed).text("y") == "net"
