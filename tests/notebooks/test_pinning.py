"""What is pinned to a notebook is read back as it was pinned, and leaves the rest as it is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from queries.comparison import CHOICE, WAYS, Comparison
from queries.filters import Filters
from queries.notebooks.document import Document, read
from queries.notebooks.keys import keys_of
from queries.notebooks.meaning import Meaning, meanings
from queries.notebooks.named_in_text import filters_in
from queries.notebooks.pinning import Pin, has_list, pinned, without_lists
from tests.support.filters import any_filters

RATES = Pin("chart", "over_time", "over_time", "Redemptions", {"grain": "day", "show": "rate"})
EMAIL, SMS = Filters(group=("Email",)), Filters(group=("SMS",))
NOTHING = read("")
comparisons = st.none() | st.builds(
    lambda way, choice: Comparison(way, choice if way == CHOICE else Filters()),
    st.sampled_from(list(WAYS)),
    any_filters,
)
LINES = st.sampled_from([
    "# Title", "text", "```chart over_time", "```", "````sql x", "~~~", "---", "filter: group=SMS",
    "filter: [", "    code", "- list", "> quoted", "<div>", "<!--", "```python", "", "é\u2028",
])  # fmt: skip
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n", ""]))).map(
    lambda lines: "".join(a + b for a, b in lines)
)


def meaning_of(document: Document, name: str) -> Meaning:
    (found,) = (meaning for meaning in meanings(document) if meaning.name == name)
    return found


def test_an_empty_notebook_takes_over_the_filters_and_the_cell_has_none() -> None:
    document, name = pinned(NOTHING, RATES, EMAIL, None)
    assert document.text() == (
        "---\nfilter: group=Email\n---\n\n"
        "```chart over_time\ntitle: Redemptions\ngrain: day\nshow: rate\n```\n"
    )
    assert name == "over_time"


def test_a_notebook_with_words_alone_takes_over_the_filters_too() -> None:
    document, _ = pinned(read("# Monday\nNumbers of the week.\n"), RATES, EMAIL, None)
    assert document.text() == (
        "---\nfilter: group=Email\n---\n# Monday\nNumbers of the week.\n\n"
        "```chart over_time\ntitle: Redemptions\ngrain: day\nshow: rate\n```\n"
    )


def test_the_second_cell_carries_what_differs_and_a_name_that_is_free() -> None:
    first, _ = pinned(NOTHING, RATES, EMAIL, None)
    second, name = pinned(first, RATES, SMS.with_("site", ("Site001",)), None)
    assert name == "over_time_2"
    assert second.text() == first.text() + (
        "\n```chart over_time_2\nquery: over_time\ntitle: Redemptions\ngrain: day\nshow: rate\n"
        "filter: group=SMS&site=Site001\n```\n"
    )


def test_a_cell_without_a_filter_of_the_notebook_takes_it_away() -> None:
    first, _ = pinned(NOTHING, RATES, EMAIL, None)
    second, name = pinned(first, RATES, Filters(), None)
    assert keys_of(second.cells[-1]).text("filter") == "group="
    assert meaning_of(second, name).choice.filters == Filters()


def test_a_comparison_stands_in_the_cell_and_not_in_the_notebooks_filter() -> None:
    document, _ = pinned(NOTHING, Pin("compare", "compare"), EMAIL, Comparison("year"))
    assert document.filter == "group=Email"
    assert document.cells[-1].body == "filter: compare=year\n"


def test_a_cell_that_compares_nothing_takes_the_notebooks_comparison_away() -> None:
    document = read("---\nfilter: group=Email&compare=year\n---\n")
    after, name = pinned(document, RATES, EMAIL, None)
    assert keys_of(after.cells[-1]).text("filter") == "compare="
    assert meaning_of(after, name).choice.comparison is None


def test_a_list_of_codes_stands_in_the_cell_alone() -> None:
    of_list = EMAIL.with_("list", "abc").with_("rest", True)
    document, _ = pinned(NOTHING, Pin("numbers", "list"), of_list, None)
    assert document.filter == "group=Email&rest=yes"
    assert document.cells[-1].body == "filter: list=abc\n"


def test_everything_but_a_list_leaves_no_rest_in_the_notebooks_filter() -> None:
    of_list = Filters(list_="abc", rest=True)
    document, name = pinned(NOTHING, Pin("numbers", "list"), of_list, None)
    assert document.filter == ""
    assert meaning_of(document, name).choice.filters == of_list


def test_lists_are_found_and_taken_out_on_both_sides() -> None:
    of_list = EMAIL.with_("list", "abc")
    compared = Comparison(CHOICE, of_list)
    assert has_list(of_list, None)
    assert has_list(EMAIL, compared)
    assert not has_list(EMAIL, Comparison("year"))
    assert without_lists(of_list, compared) == (EMAIL, Comparison(CHOICE, EMAIL))


def test_texts_that_yaml_would_read_as_something_else_come_back_as_they_are() -> None:
    values = {"a": "yes", "b": True, "c": 5, "d": None, "e": "x: y", "tiles": ["Net: all", "no"]}
    document, name = pinned(NOTHING, Pin("chart", "x", "over_time", "# no", values), EMAIL, None)
    keys = keys_of(document.named(name) or document.cells[0])
    assert keys.texts == {
        "query": "over_time", "title": "# no", "a": "yes", "b": "yes", "c": "5", "e": "x: y",
        "tiles": ["Net: all", "no"],
    }  # fmt: skip


@pytest.mark.parametrize("text", ["```python\nnever closed", "<!-- never closed\n", "````\n```\n"])
def test_a_cell_stands_before_a_text_that_would_swallow_it(text: str) -> None:
    document, name = pinned(read(f"```sql a\n```\n{text}"), RATES, EMAIL, None)
    assert [cell.name for cell in document.cells if not cell.is_text] == ["a", name]
    assert document.text().endswith(text)


@settings(deadline=None)
@given(any_filters, any_filters, comparisons, comparisons)
def test_any_choice_is_read_back_whatever_the_notebooks_filter_is(
    first: Filters, second: Filters, compared_first: Comparison | None, compared: Comparison | None
) -> None:
    document, one = pinned(NOTHING, RATES, first, compared_first)
    document, other = pinned(document, RATES, second, compared)
    for name, filters, than in ((one, first, compared_first), (other, second, compared)):
        choice = meaning_of(document, name).choice
        assert choice.filters.to_query() == filters.to_query()
        assert (choice.comparison and choice.comparison.to_query()) == (than and than.to_query())


@settings(deadline=None)
@example("---\ntitle: a\n---", EMAIL)  # without a line end
@given(TEXTS, any_filters)
def test_a_pin_leaves_every_cell_of_any_text_as_it_is(text: str, filters: Filters) -> None:
    before = read(text)
    after, name = pinned(before, RATES, filters, None)
    others = [cell.body.rstrip() for cell in after.cells if not cell.is_text and cell.name != name]
    assert others == [cell.body.rstrip() for cell in before.cells if not cell.is_text]
    assert read(after.text()) == after
    meaning = meaning_of(after, name)
    assert meaning.query == "over_time"
    assert meaning.values == {"grain": "day"}


def test_the_filters_in_a_text_are_the_notebooks_the_cells_and_the_controls() -> None:
    text = (
        "---\nfilter: group=Email\n---\n"
        "```chart a\nfilter: folder=F&b.group=SMS\n```\n"
        "```control which\nof: batch\nvalue: [B1, B2]\nfilter: folder=G\n```\n"
        "```sql s\n-- filter: site!=Site001\n-- controls: group=which\nselect 1\n```\n"
    )
    assert filters_in(text) == [
        ("group", "Email"), ("folder", "F"), ("b.group", "SMS"), ("folder", "G"), ("batch", "B1"),
        ("batch", "B2"), ("site!", "Site001"), ("group", "B1"), ("group", "B2"),
    ]  # fmt: skip


@settings(deadline=None)
@given(TEXTS)
def test_the_filters_of_any_text_can_be_told(text: str) -> None:
    assert all(name and isinstance(value, str) for name, value in filters_in(text))
