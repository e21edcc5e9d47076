"""A code is found by its whole text, and by a part of it."""

from datetime import datetime
from pathlib import Path

import httpx
import pytest

from data.load import Scope, load
from data.store import Store
from queries.filters import Filters
from queries.run import run
from tests.conftest import Server, elements

NOW = datetime(2016, 2, 10)
HEADER = (
    "Code,Group_Name,Start_Date,Expiry_Date,Aztec_Redemption_Type,"
    "Aztec_Redemption_Quantity,Aztec_Item_Code,Parent_Code,Redemption_Time\n"
)


def brought(store: Store, file: Path, batch: str | None, *codes: str) -> None:
    file.write_text(HEADER + "".join(f"{code},Email,,,,,,,\n" for code in codes), "utf-8")
    load(store, file, Scope(batch=batch))


@pytest.fixture
def three_batches(store: Store, tmp_path: Path) -> Store:
    brought(store, tmp_path / "a.csv", "7", "A1", "A9")
    brought(store, tmp_path / "b.csv", "8", "B1", "B9")
    brought(store, tmp_path / "c.csv", None, "A5", "B5")
    return store


@pytest.mark.parametrize(
    ("code", "batches"),
    [
        ("A1", {"7"}),
        ("A5", {"7", "(no batch)"}),
        ("B0", {"(no batch)"}),
        ("B9", {"8"}),
        ("C1", set()),
        ("", set()),
    ],
)
def test_a_code_may_be_in_the_batches_that_have_codes_before_and_after_it(
    three_batches: Store, code: str, batches: set[str]
) -> None:
    with three_batches.cursor() as db:
        found = run(db, "batches_around", Filters(), NOW, search=code)
        assert set(found["batch"]) == batches


def shown(server: Server, search: str, query: dict[str, list[str]], **widgets: object) -> list[str]:
    """The codes that are listed."""
    with httpx.Client(base_url=server.url, timeout=60) as client:
        asked: dict[str, object] = {"page": "codes", "query_params": query}
        page = client.post("/_stcore/agent/interact", json=asked).json()
        for widget in ({"code_search": search}, widgets):
            asked = {"session_id": page["session_id"], "widget_state": widget}
            page = client.post("/_stcore/agent/interact", json=asked).json()
    (table,) = [e for e in elements(page, "dataframe") if e.get("key") == "rows_codes"]
    return [row[0] for row in table["data"]["preview"]["rows"]]


@pytest.mark.parametrize(
    ("search", "query", "expected"),
    [
        ("JANE7K2QD", {}, ["JANE7K2QD"]),
        ("jane7k2qd", {}, ["JANE7K2QD"]),  # a part of it knows no case
        ("7K2", {}, ["JANE7K2QD"]),
        ("JANE7K2QD", {"batch": ["1041"]}, ["JANE7K2QD"]),
        ("JANE7K2QD", {"batch": ["1042"]}, []),
        ("JANE7K2QD", {"status": ["active"]}, []),
        ("JANE7K2Q0", {}, []),
    ],
)
def test_a_search_lists_the_chosen_codes_that_match(
    server: Server, search: str, query: dict[str, list[str]], expected: list[str]
) -> None:
    assert shown(server, search, {"asof": ["2016-02-10"], **query}) == expected
