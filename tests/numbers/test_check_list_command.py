"""The command `python -m queries.check_list`: with the store to itself, and through the app."""

import csv
import io
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.store import audit
from data.store.audit import Event
from queries import check_list
from queries.downloading.receipts import history_of
from tests.support.commands import run_module
from tests.support.server import Server
from tests.support.stores import copied

CODES = ["JANE7K2QD", "jane7k2qd", "JANE7K2QD", "NOSUCHCODE"]
COLUMNS = ["line", "code", "verdict", "group_name", "redeemed_at", "site", "near_miss", "doubled"]

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("Code\n" + "\n".join(CODES), "utf-8")
    return path


@pytest.fixture
def store(fixture_file: Path, tmp_path: Path) -> Path:
    return copied(fixture_file, tmp_path)


@pytest.fixture
def command(store: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command on the fixtures; gives its exit code, standard output and error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = check_list.main([*map(str, arguments), "--store", str(store)])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_json_has_a_verdict_per_line(command: Command, file: Path) -> None:
    code, out, err = command(file, "--format", "json")
    assert (code, err) == (0, "")
    rows: list[dict[str, Any]] = json.loads(out)
    assert list(rows[0])[:8] == COLUMNS
    assert [(row["line"], row["code"]) for row in rows] == [*enumerate(CODES, 2)]
    assert [row["verdict"] for row in rows] == [rows[0]["verdict"], "unknown"] * 2
    assert [row["near_miss"] for row in rows] == [None, "JANE7K2QD", None, None]
    assert [row["doubled"] for row in rows] == [False, False, True, False]


def test_csv_has_a_header_and_a_table_stands_in_columns(command: Command, file: Path) -> None:
    _, out, _ = command(file, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["code"] for row in rows] == CODES
    assert [row["near_miss"] for row in rows] == ["", "JANE7K2QD", "", ""]
    _, out, _ = command(file)
    assert out.splitlines()[0].split()[:8] == COLUMNS


def test_the_filters_choose_among_which_codes_it_looks(command: Command, file: Path) -> None:
    _, out, _ = command(file, "--group", "SMS", "--format", "json")
    assert {row["verdict"] for row in json.loads(out)} == {"unknown"}


def test_wrong_usage_and_what_is_no_list_end_in_a_sentence(
    command: Command, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert command(empty) == (1, "", "There is no code in this list.\n")
    code, out, err = command(tmp_path / "none.csv")
    assert (code, out) == (1, "")
    assert "none.csv" in err
    assert command()[0] == 2
    assert command(empty, "--from", "soon")[0] == 2


def test_a_column_can_be_chosen(command: Command, file: Path) -> None:
    file.write_text("Code,Parent_Code\nX1,JANE7K2QD", "utf-8")
    _, out, _ = command(file, "--column", "Parent_Code", "--format", "json")
    (row,) = json.loads(out)
    assert (row["code"], row["verdict"] == "unknown") == ("JANE7K2QD", False)


def test_the_check_is_recorded_and_no_code_with_it(
    command: Command, file: Path, store: Path
) -> None:
    assert command(file, "--format", "json")[0] == 0
    (entry,) = audit.entries(store)
    assert entry["event"] == Event.LIST_CHECKED
    assert entry["facts"] == {"query": "check_list", "filters": [], "lines": 4}
    (receipt,) = history_of(store).receipts()
    assert (receipt["what"], receipt["rows"]) == ("query check_list", 4)
    kept = history_of(store).path.read_text("utf-8") + json.dumps(entry)
    assert "jane7k2qd" not in kept.lower()


def test_where_it_cannot_be_recorded_nothing_is_printed(
    command: Command, file: Path, store: Path
) -> None:
    store.with_name("vouchers.audit.jsonl").mkdir()
    code, out, err = command(file)
    assert (code, out) == (1, "")
    assert err.startswith("The list was not checked: ")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_through_the_app_it_prints_the_same(
    server: Server, command: Command, file: Path, form: str
) -> None:
    through = run_module("queries.check_list", server.store, file, "--format", form)
    assert through.returncode == 0, through.stderr
    assert through.stdout == command(file, "--format", form)[1]


def test_a_pipe_is_checked_through_the_app_too(server: Server, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=lambda: pipe.write_text("JANE7K2QD", "utf-8"), daemon=True).start()
    done = run_module("queries.check_list", server.store, pipe, "--format", "json")
    assert [row["code"] for row in json.loads(done.stdout)] == ["JANE7K2QD"]


def test_the_app_says_what_is_no_list(server: Server, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04rest")
    done = run_module("queries.check_list", server.store, tmp_path / "book.xlsx")
    assert (done.returncode, done.stdout) == (1, "")
    assert "workbook cannot be read" in done.stderr
