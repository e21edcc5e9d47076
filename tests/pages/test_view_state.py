"""The controls of a page in its address: what is unreadable, unknown, or another page's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.frame import view_state
from tests.support.server import Server, code_rows, elements, serving
from tests.support.stores import copied

ASOF = ("asof", "2016-02-10")


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app of these tests' own: the API of agents holds a hundred sessions at a time."""
    folder = tmp_path_factory.mktemp("view_state")
    store = copied(fixture_file, folder)
    with serving(store, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def warnings(page: dict[str, Any]) -> list[str]:
    return [str(element["props"]["body"]) for element in elements(page, "warning")]


@pytest.mark.parametrize(
    ("path", "name", "value", "sentence"),
    [
        ("", "grain", "decade", "Grain takes hour, day, week, month and year."),
        ("", "show", "luck", "Show takes numbers and rate."),
        ("", "more", "perhaps", "More takes no and yes."),
        ("codes", "sort", "A1", "Sort takes code, group_name, status, scans, first_redeemed,"),
        ("codes", "page", "2", "Page takes a whole number from 1 to 1."),
        ("codes", "page", "-1", "Page takes a whole number from 1 to 1."),
        ("imports", "selected", "none", "Selected takes 6, 5, 4, 3, 2 and 1."),
        ("pivot", "measure", "luck", "Measure takes what is offered."),
        ("pivot", "rows", "A1", "Rows takes what is offered."),
        ("batches", "by", "luck", "By takes batch, group, folder and month."),
        ("batches", "days", "29", "Days takes 7, 14, 28, 90 and other."),
    ],
)
def test_an_unreadable_value_of_a_control_is_named_without_it_and_ignored(
    server: Server, path: str, name: str, value: str, sentence: str
) -> None:
    page = server.page(path, [ASOF, (name, value)])
    (warning,) = warnings(page)
    assert warning.startswith(sentence)
    assert value not in warning.replace(sentence, "")
    assert page["query_params"] == {"asof": ["2016-02-10"]}


def test_a_control_is_called_as_on_the_page(server: Server) -> None:
    page = server.page("batches", [ASOF, ("days", "other"), ("other_days", "none")])
    (warning,) = warnings(page)
    assert warning.startswith("Other days takes a whole number from 1 to ")


def test_a_control_without_options_says_that_there_is_nothing_to_select(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr("pages.frame.view_state.st.session_state", state)
    view_state.read_view("imports", {"selected": "3"})
    view_state.keep("selected", None, [])
    assert state[view_state.STATE].problems == [
        "Selected: there is nothing to select. This part of the address is ignored."
    ]


def test_the_warning_goes_once_something_is_chosen(server: Server) -> None:
    page = server.page("", [ASOF, ("grain", "decade")], {"group": ["Email"]})
    assert warnings(page) == []


def test_an_unknown_parameter_is_named_as_before(server: Server) -> None:
    (warning,) = warnings(server.page("", [ASOF, ("grains", "week")]))
    assert warning.startswith("There is no filter “grains”")


def test_a_control_of_another_page_is_dropped(server: Server) -> None:
    page = server.page("batches", [ASOF, ("grain", "week"), ("sort", "code")])
    assert warnings(page) == []
    assert page["query_params"] == {"asof": ["2016-02-10"]}


def test_a_default_stands_in_no_address(server: Server) -> None:
    page = server.page("codes", [ASOF, ("sort", "start_date"), ("down", "yes"), ("page", "1")])
    assert page["query_params"] == {"asof": ["2016-02-10"]}
    page = server.page("codes", [ASOF], {"codes_sort": "Code"}, {"codes_sort": "Start"})
    assert page["query_params"] == {"asof": ["2016-02-10"]}


def test_the_address_gives_the_controls_their_values(server: Server) -> None:
    query = [ASOF, ("sort", "status"), ("down", "no")]
    page = server.page("codes", query)
    chosen = {"codes_sort": "Status", "codes_descending": False}
    assert code_rows(page) == code_rows(server.page("codes", [ASOF], chosen))
    assert page["query_params"] == {name: [value] for name, value in query}


def test_a_grain_that_the_period_does_not_offer_gives_way_to_one_that_fits(server: Server) -> None:
    page = server.page("", [ASOF, ("from", "1990-01-01"), ("to", "2020-01-01"), ("grain", "hour")])
    assert warnings(page) == []
    (grain,) = [e for e in elements(page, "segmented_control") if e.get("key") == "grain"]
    assert grain["value"] == "Month"


def test_what_is_compared_within_how_many_days_is_in_the_address(server: Server) -> None:
    chosen = {"by": "Group", "days": "Other"}
    page = server.page("batches", [ASOF], chosen, {"other_days": 45})
    query = {"by": ["group"], "days": ["other"], "other_days": ["45"]}
    assert page["query_params"] == {"asof": ["2016-02-10"], **query}
    again = server.page("batches", [ASOF, *((name, value[0]) for name, value in query.items())])
    assert warnings(again) == warnings(page)
    assert again["query_params"] == page["query_params"]
    alts = [[e["props"].get("alt") for e in elements(p, "plotly_chart")] for p in (page, again)]
    assert alts[0] == alts[1] != []


def test_the_search_for_a_code_is_in_no_address(server: Server) -> None:
    page = server.page("transactions", [ASOF], {"find_code": "JANEB000"})
    assert page["query_params"] == {"asof": ["2016-02-10"]}
    assert {row[0][:8] for row in code_rows(page)} == {"JANEB000"}
    page = server.page("transactions", [ASOF], {"find_code": "JANEB0001"})
    assert set(page["query_params"]) == {"asof", "opened"}
    assert "JANEB" not in str(page["query_params"])
