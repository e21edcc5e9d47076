"""No name that a command prints can write to the terminal as it likes."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from data import backup, load, rebuild
from data.store.database import Store
from queries import export, run
from tests.support.commands import run_module
from tests.support.rows import Code
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

EVIL = "a\x1b[31m\x9b2J\n\u202e.csv"
ESCAPED = "a\\x1b[31m\\x9b2J\\x0a\\u202e.csv"
Main = Callable[[Sequence[str]], int]
CALLS: dict[str, tuple[Main, list[str]]] = {
    "a file that is not there": (load.main, ["--store", "v.duckdb", EVIL]),
    "a store that is a folder": (load.main, ["--store", ".", EVIL]),
    "a store that cannot be": (load.main, ["--store", f"{EVIL}/v.duckdb/x", "--json", "f.csv"]),
    "an unknown option of an import": (load.main, [f"--{EVIL}", "f.csv"]),
    "an encoding": (load.main, ["--encoding", EVIL, "f.csv"]),
    "a backup of no store": (backup.main, ["--store", EVIL, "copy.duckdb"]),
    "a word too many": (backup.main, ["copy.duckdb", EVIL]),
    "no originals": (rebuild.main, ["--store", EVIL]),
    "no store to export": (export.main, ["codes", "--store", EVIL]),
    "a kind": (export.main, [EVIL]),
    "a day": (export.main, ["codes", "--from", EVIL]),
    "no file to verify": (export.main, ["--verify", EVIL, EVIL]),
    "no such query": (run.main, [EVIL]),
    "no store to query": (run.main, ["numbers", "--store", EVIL]),
    "an unknown word of a query": (run.main, ["numbers", EVIL]),
    "an unknown option of a query": (run.main, ["numbers", "--sql", f"--{EVIL}"]),
}


def assert_harmless(text: str) -> None:
    assert all(line.isprintable() for line in text.split("\n")), ascii(text)


@pytest.mark.parametrize("what", CALLS)
def test_a_name_is_printed_with_visible_escapes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    main, arguments = CALLS[what]
    try:
        code = main(arguments)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    printed = capsys.readouterr()
    assert code in (1, 2)
    assert printed.err
    assert_harmless(printed.out + printed.err)


def test_the_real_command_prints_a_name_with_visible_escapes(tmp_path: Path) -> None:
    done = run_module("data.load", tmp_path / "v.duckdb", tmp_path / EVIL)
    assert done.returncode == 1
    assert ESCAPED in done.stderr
    assert_harmless(done.stderr)


def test_a_table_and_json_of_names_are_harmless_and_csv_is_exact(
    vouchers: Vouchers, store: Store, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    vouchers.load(Code("A1", group=EVIL))
    store.close()
    printed = {}
    for form in ("table", "json", "csv"):
        arguments = ["uptake_by_group", "--store", str(store.path), "--format", form]
        assert run.main(arguments) == 0
        printed[form] = capsysbinary.readouterr().out.decode()
    assert ESCAPED in printed["table"]
    assert_harmless(printed["table"] + printed["json"])
    assert json.loads(printed["json"])[0]["group_name"] == EVIL
    assert EVIL in printed["csv"]
