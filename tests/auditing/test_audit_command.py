"""`python -m data.audit`."""

import json
from datetime import date
from pathlib import Path

import pytest

from data import audit as command
from data.store import audit
from data.store.audit import Event
from data.store.audit_file import log_of, note_of
from tests.support.commands import run_module


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of three entries, without a store."""
    path = tmp_path / "vouchers.duckdb"
    audit.record(path, Event.SIGN_IN, "Ann", role="analyst")
    audit.record(path, Event.IMPORTED, "Bob", import_id=7, rows=1200)
    audit.record(path, Event.SIGN_IN, "Bob", role="admin")
    return path


def run(capsys: pytest.CaptureFixture[str], store: Path, *options: str) -> tuple[int, str, str]:
    code = command.main(["--store", str(store), *options])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_it_prints_the_entries_the_latest_first(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, path)
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()[2:]) for line in out.splitlines()]
    assert lines == [
        "sign-in Bob role: admin",
        "imported Bob import: 7, rows: 1,200",
        "sign-in Ann role: analyst",
    ]
    assert out.startswith(date.today().isoformat())


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--event", "sign-in"], [3, 1]),
        (["--event", "sign-in", "--event", "imported"], [3, 2, 1]),
        (["--who", "bob"], [3, 2]),
        (["--text", "ANALYST"], [1]),
        (["--from", date.today().isoformat()], [3, 2, 1]),
        (["--to", "2016-01-01"], []),
        (["--from", "0001-01-01", "--to", "9999-12-31"], [3, 2, 1]),
    ],
)
def test_it_prints_what_is_chosen_as_json(
    path: Path, capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[int]
) -> None:
    code, out, _ = run(capsys, path, "--json", *options)
    assert code == 0
    assert [json.loads(line)["number"] for line in out.splitlines()] == numbers


def test_it_proves_that_no_line_is_missing(path: Path) -> None:
    done = run_module("data.audit", path, "--verify")
    last = json.loads(note_of(path).read_text())["digest"]
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "vouchers.audit.jsonl: whole and unaltered: 3 entries, the last one with the SHA-256 "
        f"{last}.\n"
    )


def test_it_names_the_place_where_the_log_was_tampered_with(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _, third = log_of(path).read_bytes().splitlines(keepends=True)
    log_of(path).write_bytes(first + third)
    code, out, _ = run(capsys, path, "--verify")
    assert code == 1
    assert out == (
        "vouchers.audit.jsonl: not whole. Line 2 is entry 3, where entry 2 should be: "
        "1 entry is missing before it.\n"
    )


def test_a_log_that_was_deleted_is_not_whole(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_of(path).unlink()
    code, out, _ = run(capsys, path, "--verify")
    assert code == 1
    assert "3 entries are missing" in out


def test_a_store_without_a_log_is_whole_and_prints_nothing(
    ten_codes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, ten_codes) == (0, "", "")
    code, out, _ = run(capsys, ten_codes, "--verify")
    assert (code, out) == (0, "vouchers.audit.jsonl: nothing has been recorded yet.\n")


def test_where_there_is_nothing_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, tmp_path / "none.duckdb", "--verify")
    assert (code, out) == (1, "")
    assert err.startswith("There is no store at ")


def test_a_log_that_cannot_be_read_is_a_sentence(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log_of(path).unlink()
    log_of(path).mkdir()
    for options in ([], ["--verify"]):
        code, out, err = run(capsys, path, *options)
        assert (code, out) == (1, "")
        assert err == "The audit log cannot be read or printed: is a directory.\n"


def test_an_entry_is_printed_without_characters_that_move_the_cursor(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audit.record(path, Event.REFUSED, "\x1b[2J\nAnn")
    _, out, _ = run(capsys, path)
    assert "\x1b" not in out
    assert len(out.splitlines()) == 4


@pytest.mark.parametrize("options", [["--event", "lunch"], ["--from", "yesterday"]])
def test_a_wrong_option_is_wrong_usage(path: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(["--store", str(path), *options])
    assert ended.value.code == 2
