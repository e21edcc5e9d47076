"""A whole code that somebody types into a filter stands in no address and no link."""

import json
from typing import Any

import pytest

from data.importing.scope import Scope
from pages.frame import typed_codes, typed_names
from pages.people.person import Person
from queries.access import Access
from queries.filters import Filters
from tests.support.model import File
from tests.support.page_views import view_of
from tests.support.rows import Code
from tests.support.server import Server, code_rows, elements, tiles

pytestmark = pytest.mark.slow

CODE = "JANE7K2QD"


def addresses(page: dict[str, Any]) -> str:
    """The page's own address, and all that its links lead to, as JSON."""
    links = [e["props"] for kind in ("page_link", "link_button") for e in elements(page, kind)]
    assert len(links) >= 6
    return json.dumps([page["query_params"], links]).lower()


def sentences(page: dict[str, Any]) -> list[str]:
    return [e["props"]["body"] for e in elements(page, "info") if "code" in e["props"]["body"]]


@pytest.mark.parametrize("typed", [CODE, f" {CODE.lower()} "])
@pytest.mark.parametrize("path", ["", "codes", "transactions"])
@pytest.mark.parametrize("name", ["prefix", "site"])
def test_a_code_that_is_typed_into_a_filter_becomes_a_search_on_the_codes_page(
    server: Server, path: str, name: str, typed: str
) -> None:
    before = server.page("codes", [("group", "Email")])
    page = server.page(path, [("group", "Email")], {name: [typed]})
    assert page["query_params"] == {"group": ["Email"]}
    assert CODE.lower() not in addresses(page)
    assert [row[0] for row in code_rows(page)] == [CODE]
    assert tiles(page) == tiles(before)
    (sentence,) = sentences(page)
    assert "What you typed is a code" in sentence


def test_a_text_that_extends_a_code_is_searched_for_too(server: Server) -> None:
    page = server.page("", [], {"prefix": [f"{CODE}-X"]})
    assert page["query_params"] == {}
    assert CODE.lower() not in addresses(page)
    assert sentences(page)


def test_the_codes_of_a_pasted_list_are_left_out_and_that_is_said(server: Server) -> None:
    page = server.page("", [], {"prefix": [f"JANE, {CODE}; zzz"]})
    assert page["query_params"]["prefix"] == ["JANE, zzz"]
    assert CODE.lower() not in addresses(page)
    assert typed_codes.LEFT_OUT.format(values="1 value was") in sentences(page)


@pytest.mark.parametrize("name", ["prefix!", "site!"])
def test_a_code_that_is_typed_into_what_is_excluded_stands_in_no_address(
    server: Server, name: str
) -> None:
    page = server.page("", [(name, "Elsewhere")], {name: ["Elsewhere", CODE]})
    assert page["query_params"] == {name: ["Elsewhere"]}
    assert CODE.lower() not in addresses(page)
    (sentence,) = sentences(page)
    assert "What you typed is a code" in sentence


def test_a_prefix_that_is_no_code_is_chosen_as_ever(server: Server) -> None:
    page = server.page("", [], {"prefix": [CODE[:-1]]})
    assert page["query_params"] == {"prefix": [CODE[:-1]]}
    assert sentences(page) == []


def test_an_address_that_names_a_code_shows_its_numbers(server: Server) -> None:
    page = server.page("", [("prefix", CODE), ("asof", "2016-02-10")])
    assert tiles(page)["Codes issued"] == "1"


def somebody(role: str) -> Person:
    return Person("p", "p", role, Access(masked=role in ("viewer", "analyst")))


MANY = [File("codes", [Code(f"MAY{number:05}") for number in range(120)] + [Code("JUNE-1")],
             Scope(prefix="MAY"))]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "name", "typed", "rest", "left_out"),
    [
        ("exporter", "prefix", "june-1", "", ["june-1"]),
        ("exporter", "prefix", "JUNE-", "JUNE-", []),
        ("exporter", "group", "JUNE-1, SMS", "SMS", ["JUNE-1"]),
        # As it looks for whoever does not see codes, no code is there.
        ("analyst", "prefix", "JUNE-1", "", ["JUNE-1"]),
        ("analyst", "prefix", "JUNE-2", "", ["JUNE-2"]),
        ("analyst", "prefix", "JUNE-1, JUNE-2, MAY00", "MAY00", ["JUNE-1", "JUNE-2"]),
        ("analyst", "group", "email", "email", []),
        ("viewer", "prefix", "JUNE-1", "", ["JUNE-1"]),
        ("viewer", "prefix", "JUNE-2", "", ["JUNE-2"]),
        ("viewer", "prefix", "JUNE", "", ["JUNE"]),
        ("viewer", "prefix", "MAY00", "MAY00", []),
        ("viewer", "group", "JUNE-1", "", ["JUNE-1"]),
        ("viewer", "prefix!", "JUNE", "", ["JUNE"]),
        ("viewer", "prefix!", "MAY00", "MAY00", []),
        ("exporter", "prefix!", "june-1", "", ["june-1"]),
        ("viewer", "group", "email", "email", []),
    ],
)
def test_who_does_not_see_codes_learns_nothing_about_them(
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    name: str,
    typed: str,
    rest: str,
    left_out: list[str],
) -> None:
    monkeypatch.setattr(typed_codes, "person", lambda: somebody(role))
    with view_of(MANY, Filters(), typed_codes, typed_names):
        assert typed_codes.without_codes(name, typed) == (rest, left_out)


@pytest.mark.parametrize(
    ("role", "left_out", "words", "searched"),
    [
        ("exporter", [CODE], "is a code", CODE),
        ("exporter", [CODE, "X"], "2 values were left out", None),
        ("analyst", [CODE], "is no name that is known", CODE),
        ("analyst", [CODE, "X"], "Look up one code at a time", None),
        ("viewer", [CODE], "Your role does not look up codes.", None),
        ("viewer", [CODE, "X"], "Your role does not look up codes.", None),
    ],
)
def test_what_was_left_out_is_said_without_the_code(
    monkeypatch: pytest.MonkeyPatch,
    role: str,
    left_out: list[str],
    words: str,
    searched: str | None,
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr("pages.frame.typed_codes.st.session_state", state)
    monkeypatch.setattr(typed_codes, "person", lambda: somebody(role))
    typed_codes.leave_out("prefix", left_out, alone=len(left_out) == 1)
    name, sentence = state[typed_codes.NOTICE]
    assert name == "prefix"
    assert words in sentence
    assert CODE not in sentence
    assert state.get(typed_codes.SOUGHT) == searched
