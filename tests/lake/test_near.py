"""An import that has only the rows near its file's does the same as one that has all of them."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.importing.progress import Stop
from data.store.database import Store
from data.store.errors import Interrupted, Stopped
from data.store.lake import near
from data.store.sql import Cursor
from tests.support.lakes import held, names_there, on_lake
from tests.support.near import HandBack, StandIn
from tests.support.rows import Code, Row, Transaction, codes_file
from tests.support.stores import import_rows, opened

# Stored codes, and redemptions of codes that no file has brought.
STORED: list[list[Row]] = [
    [Code(f"PLAIN{number}") for number in range(40)],
    [Code("CAFÉ 17"), Code("save 5"), Code("00123"), Code("No\u00a0Break8"), Code("0é9")],
    [Transaction(1, "PLAIN3"), Transaction(2, "UNKNOWN 48"), Transaction(3, "ÜNKNOWN54", group="")],
]
NEXT: dict[str, list[Row]] = {
    "changed dates": [Code("PLAIN7", expiry="01/03/2016 00:00")],
    "another case": [Code("plain8"), Code("Save5"), Code("SAVE 5")],
    "letters that are put together in another way": [Code("CAFE\u0301 17"), Code("cafe\u030117")],
    "an invisible sign": [Code("PLAIN\u200b9"), Code("NOBREAK8")],
    "zeros that a spreadsheet has dropped, among others": [Code("123"), Code("0777"), Code("É9")],
    "another group": [Code("PLAIN1", "SMS")],
    "the code of a redemption": [Code("UNKNOWN48"), Code("UNKNOWN 48"), Code("U\u0308NKNOWN54")],
    "nothing near": [Code("OTHER1"), Code("OTHER2")],
    "a redemption of a code": [Transaction(4, "PLAIN5"), Transaction(5, "plain6")],
    "a redemption that is of another code now": [Transaction(1, "PLAIN4")],
    "a cancellation": [Transaction(2, "UNKNOWN 48", cancelled="Yes")],
    "a redemption of nobody": [Transaction(6, "SAVE5"), Transaction(7, "unknown48")],
}


def fill(store: Store, *files: list[Row]) -> None:
    for rows in (*STORED, *files):
        import_rows(store, store.path.with_suffix(".csv"), *rows)


def in_a_store(folder: Path, *files: list[Row]) -> dict[str, list[tuple[object, ...]]]:
    """What a store holds after these files that has its rows itself."""
    (folder / "native").mkdir()
    with opened(folder / "native" / "vouchers.duckdb") as store:
        fill(store, *files)
        return held(store)


@pytest.mark.parametrize("what", NEXT)
def test_an_import_does_the_same_with_the_rows_near_its_file(
    small_lake: Path, tmp_path: Path, hand_back: HandBack, what: str
) -> None:
    with on_lake(small_lake) as store:
        stand_in = hand_back(StandIn(small_lake))
        fill(store, NEXT[what])
        assert held(store) == in_a_store(tmp_path, NEXT[what])
        assert stand_in.handed_back
        assert [*store.scratch.glob("near-*")] == []


def test_only_rows_near_the_file_are_handed_back(small_lake: Path, hand_back: HandBack) -> None:
    with on_lake(small_lake) as store:
        fill(store)
        stand_in = hand_back(StandIn(small_lake))
        file = small_lake.with_suffix(".csv")
        import_rows(store, file, Code("PLAIN7"), Code("save5"), Code("PLAIN3"))
        whole = ("near_rows", 2)
        assert stand_in.handed_back == [("near_codes", 3), ("near_transactions", 1), whole]
        stand_in.handed_back.clear()
        import_rows(store, file, Transaction(1, "PLAIN4"), Transaction(9, "OTHER1"))
        assert stand_in.handed_back == [
            ("near_transactions", 1),
            ("near_codes", 2),
            ("near_transactions", 1),
            whole,
        ]


@pytest.mark.parametrize("answers", [0, 1, 2, 3])
def test_an_import_reads_the_files_itself_where_the_cluster_stops_answering(
    small_lake: Path, tmp_path: Path, hand_back: HandBack, answers: int
) -> None:
    rows = NEXT["a redemption that is of another code now"]
    with on_lake(small_lake) as store:
        fill(store)
        hand_back(StandIn(small_lake, answers=answers))
        import_rows(store, small_lake.with_suffix(".csv"), *rows)
        assert held(store) == in_a_store(tmp_path, rows)


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_an_import_reads_the_files_itself_where_the_cluster_lacks_one(
    small_lake: Path, tmp_path: Path, hand_back: HandBack, kind: str
) -> None:
    more: list[Row] = [Transaction(number, f"PLAIN{number}") for number in range(10, 20)]
    rows = NEXT["a redemption of a code"]
    with on_lake(small_lake) as store:
        fill(store, more)
        hand_back(StandIn(small_lake, lacks=kind))
        import_rows(store, small_lake.with_suffix(".csv"), *rows)
        assert held(store) == in_a_store(tmp_path, more, rows)


def test_a_cluster_is_not_asked_about_few_rows(small_lake: Path, hand_back: HandBack) -> None:
    with on_lake(small_lake) as store:
        stand_in = hand_back(StandIn(small_lake))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(near, "READ_HERE", 100)
            fill(store, *NEXT.values())
        assert stand_in.handed_back == []


@pytest.mark.parametrize(
    "rows",
    [NEXT["another case"], [Transaction(number, "PLAIN3") for number in (4, 5, 6)]],
    ids=["codes", "transactions"],
)
def test_a_cluster_is_not_asked_about_a_file_of_many_keys(
    small_lake: Path, hand_back: HandBack, monkeypatch: pytest.MonkeyPatch, rows: list[Row]
) -> None:
    monkeypatch.setattr(near, "MOST_KEYS", 2)
    with on_lake(small_lake) as store:
        fill(store)
        stand_in = hand_back(StandIn(small_lake))
        import_rows(store, small_lake.with_suffix(".csv"), *rows)
        assert stand_in.handed_back == []


def test_a_stop_while_the_cluster_is_asked_leaves_all_as_it_was(
    small_lake: Path, tmp_path: Path, hand_back: HandBack
) -> None:
    stop = Stop()
    interrupted: list[Cursor] = []

    def write(cursor: Cursor, _name: str, _path: Path) -> bool:
        stop.press()
        while cursor not in interrupted:
            pass
        raise Interrupted

    with on_lake(small_lake) as store:
        fill(store)
        before = held(store), names_there(small_lake)
        near.use(near.Cluster(write, interrupted.append))
        with pytest.raises(Stopped):
            load(store, codes_file(tmp_path / "next.csv", *NEXT["another case"]), stop=stop)
        assert (held(store), names_there(small_lake)) == before
        assert [*store.scratch.glob("near-*")] == []


SIGNS = "aAzZ019 0_-.\u00a0\u200b\u0301\u0308éÉßſıİКÅ\u212b\u212a１٣🍺\n\t"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.text(SIGNS), second=st.text(SIGNS))
@example("E\u0301 1", "é1")
@example("1\u20e3", "1\u20e3")
def test_texts_that_look_alike_are_near(store: Store, first: str, second: str) -> None:
    with store.cursor() as cursor:
        assert_near(cursor, first, second)
        assert_near(cursor, first, f" {first.lower()}\u200b")


def assert_near(cursor: Cursor, key: str, stored: str) -> None:
    """Assert that near_codes.sql finds what looks like the key of a file."""
    is_near = (
        "select looks($key) = looks($stored), upper($stored) = looks($key)"
        " or (not is_plain($stored) and digits($stored) = digits(looks($key)))"
    )
    found = cursor.execute(is_near, {"key": key, "stored": stored}).fetchall()
    ((is_alike, is_found),) = found
    assert is_found or not is_alike
