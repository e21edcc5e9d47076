"""Pages that compare two choices: the switch, both numbers in each tile, the address."""

import re
from typing import Any

import httpx
import pandas as pd
import pytest

from pages.charts import compared
from pages.charts.beside import Both
from pages.frame.comparing import Names, names_of
from pages.people.person import Person
from pages.people.view import View
from pages.tables.batches_compared import same_batches
from queries.access import Access
from queries.filters import Filters
from tests.support.queries import filters_of
from tests.support.server import Server, elements, tiles

JANUARY = [("from", "2016-01-01"), ("to", "2016-01-31")]
EMAIL = [("group", "Email")]
SMS = [("b.group", "SMS")]


def captions(page: dict[str, Any]) -> list[str]:
    return [str(element["props"].get("body", "")) for element in elements(page, "caption")]


def widget(page: dict[str, Any], key: str) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        if node.get("key") == key:
            found.append(node)
        for child in node.get("children", []):
            walk(child)

    walk(page["tree"])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        ("group=Email", "group=SMS", Names("Email", "SMS")),
        ("group=Email", "", Names("Email", "all")),
        ("site!=Site001", "site!=Site002", Names("not Site001", "not Site002")),
        ("from=2017-06-01&to=2017-06-30", "from=2017-05-02&to=2017-05-31",
         Names("1–30 Jun 2017", "2–31 May 2017")),
        ("group=Email", "group=Email&rest=yes", Names("Email", "Everything else")),
        ("group=Email&site=S1", "group=Email&site=S1&rest=yes", Names("A", "Everything else")),
        ("group=Email&rest=yes", "group=Email", Names("Everything else", "Email")),
        ("group=Email&site=S1", "group=SMS&site=S2", Names("A", "B")),
        ("group=Email", "group=Email", Names("A", "B")),
        (f"group={'x' * 40}", f"group={'x' * 41}", Names("A", "B")),
    ],
)  # fmt: skip
def test_choices_are_called_by_the_one_thing_that_differs(a: str, b: str, names: Names) -> None:
    assert names_of(filters_of(a), filters_of(b)) == names


@pytest.mark.parametrize(
    ("a", "b", "added", "found"),
    [
        ("Email", "Email", ["Email", "SMS"], ["SMS"]),
        ("Email", "SMS", ["SMS", "Email"], ["SMS", "Email"]),
        ("Email", "Email", [], None),
        ("", "", ["SMS"], ["SMS"]),
    ],
)
def test_the_first_value_added_to_a_copy_replaces_it(
    server: Server, a: str, b: str, added: list[str], found: list[str] | None
) -> None:
    query = [("group", a), ("b.group", b), ("compare", "choice")]
    page = server.page("", [pair for pair in query if pair[1]], {"b.group": added})
    assert page["query_params"].get("b.group") == found
    assert page["query_params"].get("group") == ([a] if a else None)


def test_what_a_second_choice_excludes_may_grow(server: Server) -> None:
    query = [("group!", "Email"), ("b.group!", "Email")]
    page = server.page("", query, {"b.group!": ["Email", "SMS"]})
    assert page["query_params"]["b.group!"] == ["Email", "SMS"]


def of(**numbers: float) -> pd.Series:
    return pd.Series(numbers)


def test_a_tile_says_the_second_number_the_interval_and_whether_it_is_chance() -> None:
    a = of(cancelled=3, redemptions=100, net=97, cancellation_rate=0.03)
    b = of(cancelled=1, redemptions=100, net=99, cancellation_rate=0.01)
    both = Both(b, "SMS", is_same_length=True)
    assert both.delta("Cancellation rate", a) == "+2.0 points"
    assert both.sentences("Cancellation rate", a) == [
        "SMS: 1.0%", "difference −2.9 to +7.5 points", "within what chance does"
    ]  # fmt: skip
    assert both.delta("Net redemptions", a) == "-2"
    assert both.sentences("Net redemptions", a) == [
        "SMS: 99", "0.98 times as many (0.73–1.31)", "within what chance does"
    ]  # fmt: skip


def test_counts_of_periods_of_other_lengths_have_no_ratio() -> None:
    both = Both(of(net=50), "SMS", is_same_length=False)
    assert both.sentences("Net redemptions", of(net=100)) == ["SMS: 50"]
    assert both.delta("Net redemptions", of(net=100)) == "+50"


def test_where_a_number_is_missing_there_is_no_difference() -> None:
    nothing = of(cancelled=0, redemptions=0, cancellation_rate=float("nan"))
    numbers = compared.compared(
        "Cancellation rate",
        of(cancelled=1, redemptions=2, cancellation_rate=0.5),
        nothing,
        is_same_length=True,
    )
    assert compared.delta(numbers) is None
    assert compared.second_number(numbers) == "–"
    assert compared.interval(numbers) == ""


def test_each_tile_shows_both_numbers_as_each_choice_has_them_alone(server: Server) -> None:
    page = server.page("", [*EMAIL, *SMS])
    alone = {group: tiles(server.page("", [("group", group)])) for group in ("Email", "SMS")}
    assert tiles(page) == alone["Email"]
    for number in set(alone["SMS"].values()):
        assert any(f"SMS: {number}" in caption for caption in captions(page)), number
    assert "Differences are Email minus SMS" in str(page["tree"])


@pytest.mark.parametrize("path", ["", "codes", "batches", "transactions"])
def test_the_switch_stands_on_every_page_with_filters(server: Server, path: str) -> None:
    page = server.page(path, [*EMAIL, *JANUARY], {"compare": "Period before"})
    assert "Compared with" in str(page["tree"])
    assert "1–31 Dec 2015" in str(page["tree"])
    # 31 days before the first of January.
    assert any("Differences are" in caption for caption in captions(page))
    # No period changes what was issued: there is nothing to compare.
    issued = tiles(page).get("Codes issued")
    assert not any(caption.endswith(f"Dec 2015: {issued}") for caption in captions(page))


def test_another_choice_begins_as_a_copy_and_has_filters_of_its_own(server: Server) -> None:
    page = server.page("", [*EMAIL, *JANUARY], {"compare": "Another choice"}, {"b.group": ["SMS"]})
    assert "Compared with **SMS, 1–31 Jan 2016**" in str(page["tree"])
    assert widget(page, "second_choice") is not None
    assert tiles(page) == tiles(server.page("", [*EMAIL, *JANUARY]))
    page = server.press(page, "remove_b.group")
    assert "Compared with **All codes, 1–31 Jan 2016**" in str(page["tree"])
    page = server.press(page, "stop_comparing")
    assert "Compared with **" not in str(page["tree"])
    assert widget(page, "second_choice") is None


def test_a_comparison_that_cannot_be_made_says_why_and_shows_the_numbers(server: Server) -> None:
    page = server.page("", [*EMAIL, ("compare", "before")])
    assert "without one there is none before it" in str(page["tree"])
    assert tiles(page) == tiles(server.page("", EMAIL))


def test_periods_of_other_lengths_are_named(server: Server) -> None:
    second = [("b.from", "2016-01-01"), ("b.to", "2016-01-10")]
    page = server.page("", [*JANUARY, *second])
    assert "different lengths (1–31 Jan 2016 and 1–10 Jan 2016)" in str(page["tree"])


def test_an_unreadable_second_choice_is_named(server: Server) -> None:
    page = server.page("", [*EMAIL, ("b.from", "soon")])
    assert "Of the second choice: The filter from takes a date" in str(page["tree"])


def test_without_the_switch_the_period_before_is_compared_as_ever(server: Server) -> None:
    page = server.page("", [("from", "2016-01-16"), ("to", "2016-01-31")])
    assert "Compared with the 16 days before" in str(page["tree"])


def test_the_links_to_other_pages_keep_the_comparison(server: Server) -> None:
    page = server.page("", [*EMAIL, *SMS])
    links = str([link["props"] for link in elements(page, "page_link")])
    assert "b.group" in links


def test_rows_and_files_are_of_either_choice(server: Server) -> None:
    query = [*EMAIL, *SMS]
    first, second = server.page("codes", query), server.page("codes", query, {"of": "SMS"})
    for page, group in ((first, "Email"), (second, "SMS")):
        issued = tiles(server.page("codes", [("group", group)]))["Codes issued"]
        assert f"Download CSV ({issued} rows)" in str(page["tree"])
    assert "/export/codes.csv?group=SMS" in str(second["tree"])


def test_the_batches_stand_beside_themselves_in_the_second_choice(server: Server) -> None:
    page = server.page("batches", [("from", "2016-01-01"), ("to", "2016-01-10"),
                                   ("b.from", "2016-01-11"), ("b.to", "2016-01-20")])  # fmt: skip
    (table,) = [e for e in elements(page, "dataframe") if e.get("key") == "rows_batches"]
    names, rows = _table(table)
    alone = server.page("batches", [("from", "2016-01-11"), ("to", "2016-01-20")])
    (other,) = [e for e in elements(alone, "dataframe") if e.get("key") == "rows_batches"]
    own, others = _table(other)
    for row, other_row in zip(rows, others, strict=True):
        given, wanted = dict(zip(names, row, strict=True)), dict(zip(own, other_row, strict=True))
        assert given["other_net"] == wanted["net"]
        assert given["apart_net"] == given["net"] - wanted["net"]
        assert given["other_redemption_rate"] == wanted["redemption_rate"]


def _table(element: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The columns and the rows of a table."""
    columns = [column["name"] for column in element["data"]["columns"]]
    return columns, element["data"]["preview"]["rows"]


def test_of_everything_else_no_batch_stands_beside_another() -> None:
    page = pd.DataFrame({"batch": ["7"]})
    assert same_batches(page, Filters(rest=True, batch=("7",))) is None


def test_the_file_of_everything_else_has_the_other_rows(server: Server) -> None:
    def lines(query: str) -> list[str]:
        return sorted(httpx.get(f"{server.url}/export/codes.csv?{query}").text.splitlines()[1:])

    assert sorted(lines("group=Email") + lines("group=Email&rest=yes")) == lines("")


@pytest.mark.parametrize("name", ["b.group", "b.group!"])
def test_a_view_for_everybody_that_compares_a_hidden_group_is_not_seen(name: str) -> None:
    view = View("1", "Ours", "", f"group=SMS&{name}=Email", "owner", for_everybody=True)
    assert not view.is_seen_by(Person("p", "p", "viewer", Access(groups=("SMS",))))
    assert view.is_seen_by(Person("p", "p", "viewer"))


def test_days_before_the_data_are_said_and_leave_no_ratio(server: Server) -> None:
    months = [("from", "2016-01-01"), ("to", "2016-01-31"), ("compare", "before")]
    text = str(server.page(query=months))
    assert "nothing of 1–31 Dec 2015 is in them" in text
    assert "So counts have no ratio." in text
    assert re.search(r"[0-9] times as many", text) is None
