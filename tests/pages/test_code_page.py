"""The page of one code: how it is reached, what it shows, and that no address has the code."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.rows import SECRET, Code, Transaction
from tests.support.server import Server, elements, serving
from tests.support.stores import import_rows, opened

A1, A2, C1, C2, X9 = (f"{SECRET}{text}" for text in ("A1", "A2", "C1", "C2", "X9"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Codes of two groups, with children, and one that only redemptions name."""
    folder = tmp_path_factory.mktemp("code_page")
    path = folder / "vouchers.duckdb"
    with opened(path) as store:
        import_rows(
            store, folder / "codes.csv", Code(A1), Code(A2, item=""), Code(A2, "SMS"),
            Code(C1, "SMS", parent=A1), Code(C2, parent=A1),
        )  # fmt: skip
        import_rows(
            store, folder / "transactions.csv", Transaction(1, A1, cancelled="Yes"),
            Transaction(2, A1, time="09/01/2016 10:00", site="Site7"), Transaction(3, C1, "SMS"),
            Transaction(4, X9, "", time="10/01/2016 10:00"),
        )  # fmt: skip
    with serving(path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def searched(app: Server, code: str, *changes: dict[str, Any]) -> dict[str, Any]:
    return app.page("downloads", None, {"find_code": code}, *changes)


def path_of(page: dict[str, Any]) -> str:
    return str(page["page"]["url_path"])


def shown_code(page: dict[str, Any]) -> str:
    (header,) = elements(page, "header")
    return str(header["props"]["body"])


def texts(page: dict[str, Any], *kinds: str) -> str:
    found = [element["props"] for kind in kinds for element in elements(page, kind)]
    return "\n".join(str(props.get("body") or props.get("label")) for props in found)


def rows_of(page: dict[str, Any], key: str) -> list[list[Any]]:
    """The rows of the table with this key."""
    (table,) = [e for e in elements(page, "dataframe") if e.get("key") == key]
    return list(table["data"]["preview"]["rows"])


def test_the_search_opens_the_page_of_a_code_that_one_group_has(app: Server) -> None:
    page = searched(app, f" {A1} ")
    assert (path_of(page), shown_code(page)) == ("code", A1)
    assert set(page["query_params"]) == {"opened"}
    assert re.fullmatch(r"[\w-]{22}", page["query_params"]["opened"][0])
    assert "**Redeemed**, as of" in texts(page, "markdown")
    assert "**Group:** Email" in texts(page, "markdown")
    assert "Redeemed 2 times, the last time on 9 Jan 2016, 10:00; 1 of them was cancelled" in (
        texts(page, "caption")
    )
    events = [row[1:] for row in rows_of(page, "rows_story")]
    assert events == [
        ["Started", "Valid from then on"],
        ["Redeemed", "At Site001"],
        ["Cancelled", "Some time later: the export does not have when"],
        ["Redeemed again", "At Site7"],
    ]


def test_a_code_of_several_groups_and_a_part_of_one_lead_to_the_search_as_before(
    app: Server,
) -> None:
    for text, codes in ((A2, {A2}), (SECRET, {A1, A2, C1, C2})):
        page = searched(app, text)
        assert path_of(page) == "codes"
        assert {row[0] for row in rows_of(page, "rows_codes")} == codes
        assert page["query_params"] == {}


def test_another_group_of_the_code_is_one_click_away(app: Server) -> None:
    listed = searched(app, A2)
    groups = [row[1] for row in rows_of(listed, "rows_codes")]
    page = app.page("codes", None, {"code_search": A2}, {"open_rows_codes": first(listed)})
    assert f"**Group:** {groups[0]}" in texts(page, "markdown")
    other = f"The same code in the group {groups[1]}"
    page = app.press(page, f"open {other}")
    assert (path_of(page), shown_code(page)) == ("code", A2)
    assert f"**Group:** {groups[1]}" in texts(page, "markdown")


def first(page: dict[str, Any]) -> Any:  # noqa: ANN401 - as the agent API wants it
    """The first option of the list that opens rows."""
    (box,) = [e for e in elements(page, "selectbox") if e.get("key", "").startswith("open_rows_")]
    return box["props"]["options"][0]


def test_a_code_that_only_redemptions_name_has_a_page(app: Server) -> None:
    page = searched(app, X9)
    assert (path_of(page), shown_code(page)) == ("code", X9)
    assert "No codes file has brought this code" in texts(page, "info")
    assert "**Group:** (no group)" in texts(page, "markdown")
    assert [row[1:] for row in rows_of(page, "rows_story")] == [["Redeemed", "At Site001"]]


def test_an_unknown_code_leads_to_the_search(app: Server) -> None:
    page = searched(app, f"{SECRET}NONE")
    assert path_of(page) == "codes"
    assert "0 codes found" in texts(page, "caption")


def test_the_children_and_the_parent_open_each_others_pages(app: Server) -> None:
    page = searched(app, A1)
    assert [row[:3] for row in rows_of(page, "rows_children")] == [
        [C1, "SMS", "Redeemed"],
        [C2, "Email", "Active"],
    ]
    child = searched(app, A1, {"open_rows_children": first(page)})
    assert shown_code(child) == C1
    parent = app.press(child, "open Its parent, in the group Email")
    assert shown_code(parent) == A1


def test_a_redemption_opens_the_page_of_its_code(app: Server) -> None:
    listed = app.page("transactions")
    rows = rows_of(listed, "rows_transactions")
    page = app.page("transactions", None, {"open_rows_transactions": first(listed)})
    assert (path_of(page), shown_code(page)) == ("code", rows[0][1])


def test_the_page_says_which_imports_brought_and_changed_the_code(app: Server) -> None:
    done = [(row[2], row[3]) for row in rows_of(searched(app, A1), "rows_sources")]
    assert done[0] == ("codes.csv", "brought the code")
    assert done[1][0] == "transactions.csv"
    assert "brought redemptions" in done[1][1]


def test_the_page_says_what_is_worth_a_look_and_what_would_be_innocent(app: Server) -> None:
    told = texts(searched(app, A1), "markdown")
    assert "**Cancelled, then elsewhere.**" in told
    assert "*What would be innocent:*" in told
    assert "**Codes file silent.**" in texts(searched(app, C1), "markdown")
    assert "Nothing: no check finds this code." in texts(searched(app, C2), "caption")
    assert "**Unknown code.**" in texts(searched(app, X9), "markdown")


def test_the_downloads_that_held_the_code_are_looked_for_on_a_click(app: Server) -> None:
    page = searched(app, A1)
    assert "Look which downloads held it" in texts(page, "button")
    assert "None of the downloads held this code." in texts(app.press(page, "trace_code"), "info")


def test_the_address_opens_the_page_again_and_in_another_tab(app: Server) -> None:
    (key,) = searched(app, A1)["query_params"]["opened"]
    for _ in range(2):
        page = app.page("code", [("opened", key)])
        assert shown_code(page) == A1
        assert page["query_params"] == {"opened": [key]}
        assert texts(page, "warning") == ""


def test_filters_stay_beside_the_key_and_do_not_narrow_the_page(app: Server) -> None:
    (key,) = searched(app, A1)["query_params"]["opened"]
    page = app.page("code", [("group", "SMS"), ("opened", key)])
    assert shown_code(page) == A1
    assert page["query_params"] == {"group": ["SMS"], "opened": [key]}


def test_the_status_is_that_of_the_chosen_moment(app: Server) -> None:
    (key,) = searched(app, A1)["query_params"]["opened"]
    page = app.page("code", [("asof", "2016-01-05"), ("opened", key)])
    assert "**Active**, as of 5 Jan 2016" in texts(page, "markdown")


@pytest.mark.parametrize("query", [[], [("opened", "made-up")]])
def test_an_address_without_a_known_key_asks_for_a_search(
    app: Server, query: list[tuple[str, str]]
) -> None:
    page = app.page("code", query)
    assert "Search for the code again" in texts(page, "info")
    assert elements(page, "header") == []


def test_the_page_is_among_the_links_only_while_it_is_open(app: Server) -> None:
    assert "A code" in texts(searched(app, A1), "page_link").split("\n")
    assert "A code" not in texts(app.page("codes"), "page_link").split("\n")


def test_no_code_stands_in_the_log_or_in_the_audit_log(app: Server) -> None:
    searched(app, A1)
    files = [app.log, *app.store.parent.glob("*.jsonl")]
    assert len(files) > 1
    assert not any(SECRET.encode() in file.read_bytes() for file in files)
