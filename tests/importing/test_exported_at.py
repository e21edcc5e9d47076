"""When the files of an import were exported: given, or proposed by their latest redemption."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.importing.exported import is_future, proposed, proposed_for
from data.importing.pipeline import load
from data.load import main
from data.replay.rebuild import rebuild
from data.replay.undo import undo
from data.store.database import Store
from tests.support.commands import run_load
from tests.support.rows import (
    CODES,
    Code,
    Row,
    Transaction,
    codes_file,
    csv_bytes,
    transactions_file,
)
from tests.support.server import Server
from tests.support.stores import import_rows, opened

NOW = datetime(2018, 1, 15, 9, 30, 59)
NEW_YEARS_EVE = datetime(2017, 12, 31, 21, 57)
SOLD = Transaction(1, "A1", time="31/12/2017 21:57")


def exported(store: Store) -> list[datetime | None]:
    """When the files of the imports were exported, the first import first."""
    with store.cursor() as cursor:
        query = "select exported_at from vouchers.imports order by import_id"
        return [row[0] for row in cursor.execute(query).fetchall()]


def just_now(moment: datetime | None) -> bool:
    assert moment is not None
    return moment.second == 0 and timedelta(0) <= datetime.now() - moment < timedelta(minutes=3)


@pytest.mark.parametrize(
    ("latest", "moment"),
    [
        (None, datetime(2018, 1, 15, 9, 30)),
        (NEW_YEARS_EVE, datetime(2018, 1, 15, 9, 30)),
        (NOW - timedelta(days=31), datetime(2018, 1, 15, 9, 30)),
        (NOW - timedelta(days=31, seconds=1), datetime(2017, 12, 15, 9, 30, 58)),
        (datetime(2016, 1, 1), datetime(2016, 1, 1)),
        (datetime(2019, 1, 1), datetime(2018, 1, 15, 9, 30)),
    ],
)
def test_proposed_is_now_or_a_latest_redemption_that_is_more_than_31_days_old(
    latest: datetime | None, moment: datetime
) -> None:
    assert proposed(latest, NOW) == moment


def test_a_moment_of_another_time_zone_is_not_in_the_future() -> None:
    assert not is_future(NOW + timedelta(hours=14), NOW)
    assert is_future(NOW + timedelta(days=1, minutes=1), NOW)


@pytest.mark.parametrize(
    ("rows", "moment"),
    [
        ([SOLD, Transaction(2, "A1", time="30/12/2017 23:59", cancelled="Yes")], NEW_YEARS_EVE),
        ([Code("A1", redeemed="31/12/2017 21:57"), Code("A2")], NEW_YEARS_EVE),
        ([Code("A1")], None),
        ([Transaction(1, "A1", time="01/01/2090 00:00")], None),
    ],
)
def test_an_import_that_is_not_told_goes_by_the_latest_redemption_of_its_file(
    store: Store, tmp_path: Path, rows: list[Row], moment: datetime | None
) -> None:
    import_rows(store, tmp_path / "a.csv", *rows)
    (found,) = exported(store)
    assert found == moment if moment else just_now(found)


def test_what_an_import_is_told_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    path = transactions_file(tmp_path / "sold.csv", SOLD)
    load(store, path, exported_at=datetime(2018, 1, 2, 8, 15))
    assert exported(store) == [datetime(2018, 1, 2, 8, 15)]


def test_files_that_are_imported_together_go_by_the_latest_redemption_of_all(
    store: Store, tmp_path: Path
) -> None:
    files = [
        codes_file(tmp_path / "unredeemed.csv", Code("A1")),
        codes_file(tmp_path / "codes[1].csv", Code("A1", redeemed="24/12/2017 12:00")),
        transactions_file(tmp_path / "sold.csv", SOLD),
        codes_file(tmp_path / "refused.csv", Code("")),
        tmp_path / "nowhere.csv",
        tmp_path,
    ]
    now = datetime(2018, 3, 1)
    assert proposed_for(store, files, "utf-8", now) == NEW_YEARS_EVE
    assert proposed_for(store, files[:1], "utf-8", now) == now
    assert proposed_for(store, [], "utf-8", now) == now


def test_the_latest_redemption_of_a_file_in_windows_1252_is_found_too(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    row = Code("A1", "Café", redeemed="31/12/2017 21:57")
    path.write_bytes(csv_bytes([CODES, row]).decode().encode("cp1252"))
    later = datetime(2018, 3, 1)
    assert proposed_for(store, [path], "windows-1252", later) == NEW_YEARS_EVE


@pytest.mark.slow
def test_taking_back_and_rebuilding_keep_when_the_others_were_exported(
    store: Store, tmp_path: Path
) -> None:
    told = datetime(2018, 1, 2, 8, 15)
    load(store, codes_file(tmp_path / "codes.csv", Code("A1")), exported_at=told)
    import_rows(store, tmp_path / "sold.csv", SOLD)
    import_rows(store, tmp_path / "more.csv", Code("A2"))
    before = exported(store)
    undo(store, {2})
    assert exported(store) == before
    assert before[:2] == [told, NEW_YEARS_EVE]
    with closing(rebuild(store.originals, tmp_path / "rebuilt.duckdb")) as rebuilt:
        assert exported(rebuilt) == before


@pytest.mark.slow
def test_a_list_of_imports_of_an_older_version_gets_them_as_proposed_then(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "sold.csv", SOLD)
    import_rows(store, tmp_path / "codes.csv", Code("A1"))
    manifest = store.originals / "imports.json"
    rows = json.loads(manifest.read_text("utf-8"))
    for row in rows:
        del row["exported_at"]
        row["imported_at"] = "2018-01-15 09:30:59"
    rows[0]["imported_at"] = "2018-03-01 10:00:00"
    manifest.write_text(json.dumps(rows), "utf-8")
    with closing(rebuild(store.originals, tmp_path / "rebuilt.duckdb")) as rebuilt:
        assert exported(rebuilt) == [NEW_YEARS_EVE, datetime(2018, 1, 15, 9, 30)]


@pytest.mark.slow
def test_a_store_of_version_3_gets_them_from_what_its_imports_brought(
    store: Store, tmp_path: Path
) -> None:
    import_rows(store, tmp_path / "sold.csv", SOLD)
    import_rows(store, tmp_path / "codes.csv", Code("B1"))
    import_rows(store, tmp_path / "old.csv", Code("C1", redeemed="01/02/2016 10:00"))
    times = [datetime(2018, 3, 1), datetime(2018, 1, 15, 9, 30), datetime(2016, 2, 20)]
    with store.cursor() as cursor:
        for number, time in enumerate(times, start=1):
            cursor.execute(
                "update vouchers.imports set imported_at = ? where import_id = ?", [time, number]
            )
        cursor.execute("alter table vouchers.imports drop column exported_at")
        cursor.execute("alter table vouchers.code_totals drop column redeemed_age")
        cursor.execute("update vouchers.store set schema_version = 3")
    store.close()
    with opened(store.path) as migrated:
        # The second brought no redemption: of the whole store, the latest was not old then.
        assert exported(migrated) == [NEW_YEARS_EVE, times[1], times[2]]


@pytest.mark.slow
@pytest.mark.parametrize("with_app", [False, True])
def test_the_command_takes_a_moment_for_all_its_files_or_proposes_one(
    tmp_path: Path, start: Callable[..., Server], with_app: bool
) -> None:
    with opened(tmp_path / "vouchers.duckdb") as store:
        path = store.path
    server = start(path, VOUCHERS_SAMPLE="0") if with_app else None
    files = [
        codes_file(tmp_path / "codes.csv", Code("A1")),
        transactions_file(tmp_path / "sold.csv", SOLD),
    ]
    told = run_load(path, "--exported-at", "2018-01-02 08:15", *files)
    assert told.returncode == 0, told.stderr
    assert run_load(path, *files).returncode == 0
    assert run_load(path, files[0]).returncode == 0
    if server:
        server.process.terminate()
        server.process.wait(20)
    with opened(path) as store:
        *together, alone = exported(store)
    assert together == [datetime(2018, 1, 2, 8, 15)] * 2 + [NEW_YEARS_EVE] * 2
    assert just_now(alone)


@pytest.mark.slow
def test_the_command_takes_a_moment_for_the_files_of_the_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").mkdir()
    codes_file(tmp_path / "inbox" / "codes.csv", Code("A1"))
    monkeypatch.setenv("VOUCHERS_INBOX", str(tmp_path / "inbox"))
    path = tmp_path / "vouchers.duckdb"
    assert run_load(path, "--inbox", "--exported-at", "2018-01-02 08:15").returncode == 0
    with opened(path) as store:
        assert exported(store) == [datetime(2018, 1, 2, 8, 15)]


@pytest.mark.parametrize(
    "wrong",
    ["", "yesterday", "2018-01-02", "02/01/2018 08:15", "2018-1-2 8:15", "2018-02-30 08:15",
     "2018-01-02 08:15:00", "2018-01-02T08:15", "٢018-01-02 08:15", "9999-01-01 00:00"],
)  # fmt: skip
def test_the_command_says_how_a_moment_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    path = tmp_path / "vouchers.duckdb"
    file = codes_file(tmp_path / "codes.csv", Code("A1"))
    with pytest.raises(SystemExit) as leaving:
        main(["--store", str(path), "--exported-at", wrong, str(file)])
    assert leaving.value.code == 2
    message = capsys.readouterr().err
    assert "2017-12-31 21:57" in message or "future" in message
    assert not path.exists()
