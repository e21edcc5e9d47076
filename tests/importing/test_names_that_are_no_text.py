"""Names of files that are not UTF-8, and terminals that cannot print them."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data import load as command
from data.importing import inbox
from data.importing.pipeline import load
from data.importing.preview import preview
from data.replay.undo import undo
from data.store import terminal
from data.store.database import Store
from data.store.names import shown
from tests.support.imports_page import Start, assert_clean
from tests.support.odd_names import odd_path
from tests.support.paths import ROOT
from tests.support.rows import Code, Transaction, codes_file, transactions_file
from tests.support.server import elements
from tests.support.stores import opened, stored_rows

Done = subprocess.CompletedProcess[bytes]
LATIN = b"codes_caf\xe9.csv"
ENCODINGS = ["cp1252", "cp1252:strict", "ascii:strict", "utf-8:strict", "utf-16"]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("codes.csv", "codes.csv"),
        ("コード मुंबई Café.csv", "コード मुंबई Café.csv"),
        ("codes_caf\udce9.csv", "codes_caf\\xe9.csv"),
        ("a\nb\tc\x7f.csv", "a\\x0ab\\x09c\\x7f.csv"),
        ("a\u202eb\u200bc.csv", "a\\u202eb\\u200bc.csv"),
        ("\ud800.csv", "\\ud800.csv"),
        ("\U000e0041.csv", "\\U000e0041.csv"),
    ],
)
def test_a_name_is_shown_with_escapes_for_what_prints_nothing(name: str, right: str) -> None:
    assert shown(name) == right
    assert shown(right) == right
    shown(name).encode()


def test_a_file_whose_name_is_no_text_is_previewed_imported_and_undone(
    store: Store, tmp_path: Path
) -> None:
    path = codes_file(odd_path(tmp_path, LATIN), Code("A1"))
    assert preview(store, path).rows == 1
    done = load(store, path)
    assert done.file == "codes_caf\\xe9.csv"
    second = load(store, codes_file(tmp_path / "b.csv", Code("A2")))
    assert [row[0] for row in stored_rows(store, "imports")] == ["codes_caf\\xe9.csv", "b.csv"]
    undo(store, {second.import_id})
    assert [row[0] for row in stored_rows(store, "codes")] == ["A1"]


def run_with(encoding: str, store: Path, *arguments: object) -> Done:
    """Run `python -m data.load` where standard output has this encoding."""
    return subprocess.run(
        [sys.executable, "-m", "data.load", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(store), "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=120,
    )


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_file_is_stored_and_reported_whatever_the_terminal_can_print(
    tmp_path: Path, encoding: str
) -> None:
    files = [
        codes_file(tmp_path / "コード.csv", Code("A1")),
        codes_file(odd_path(tmp_path, LATIN), Code("A2")),
        codes_file(tmp_path / "wrong_é_😀.csv", Code("A3", expiry="x")),
        transactions_file(tmp_path / "sold.csv", Transaction(1, "A1")),
    ]
    done = run_with(encoding, tmp_path / "s.duckdb", *files)
    codec = encoding.partition(":")[0]
    assert b"Traceback" not in done.stderr
    assert done.stdout.decode(codec).count("1 new, 0 updated") == 3
    assert done.stderr.decode(codec).count("Nothing of this file is stored.") == 1
    again = run_with(encoding, tmp_path / "s.duckdb", "--json", *files)
    rows = json.loads(again.stdout.decode(codec))["files"]
    assert [row["file"] for row in rows] == ["コード.csv", "codes_caf\\xe9.csv", "sold.csv"]
    assert [row["unchanged"] for row in rows] == [1, 1, 1]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_terminal_that_takes_nothing_keeps_no_file_from_being_imported(tmp_path: Path) -> None:
    files = [codes_file(tmp_path / f"{n}.csv", Code(f"A{n}"), Code(f"a{n}")) for n in range(3)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "data.load", "--json", *files],
            cwd=ROOT,
            env=os.environ | {"VOUCHERS_STORE": str(tmp_path / "s.duckdb")},
            stdout=full,
            stderr=full,
            timeout=120,
        )
    assert done.returncode == 0
    with opened(tmp_path / "s.duckdb") as store:
        assert len(stored_rows(store, "imports")) == 3


def test_a_stream_that_cannot_print_a_character_prints_its_escape(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "cp1252"))
    terminal.say("コ é")
    terminal.say(terminal.as_json({"file": "コ😀"}))
    assert raw.getvalue() == b"\\u30b3 \\xe9\n" + b'{"file": "\\u30b3\\ud83d\\ude00"}\n'


def test_the_inbox_offers_and_archives_a_file_whose_name_is_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_INBOX", str(tmp_path))
    codes_file(odd_path(tmp_path, LATIN), Code("A1"))
    (path,) = inbox.files()
    assert inbox.put_away(path) is None
    assert [shown(file.name) for file in (tmp_path / "imported").iterdir()] == [
        "codes_caf\\xe9.csv"
    ]


def test_a_file_that_cannot_be_archived_is_stored_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOUCHERS_INBOX", str(tmp_path / "in"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "imported").write_text("in the way", "utf-8")
    for name in "ab":
        codes_file(tmp_path / "in" / f"{name}.csv", Code(name))
    assert command.main(["--store", str(tmp_path / "s.duckdb"), "--inbox", "--json"]) == 0
    printed = capsys.readouterr()
    assert len(json.loads(printed.out)["files"]) == 2
    assert printed.err.count("could not be moved into imported/: file exists") == 2


def test_the_imports_page_offers_a_file_whose_name_is_no_text(
    tmp_path: Path, ten_codes: Path, start: Start
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    codes_file(odd_path(folder, LATIN), Code("A1"))
    codes_file(folder / "codes_caf\\xe9.csv", Code("A2"))  # shown alike, and another file
    server = start(ten_codes, VOUCHERS_SAMPLE="0", VOUCHERS_INBOX=str(folder))
    page = server.page("imports")
    boxes = {box["key"]: box["props"]["label"] for box in elements(page, "checkbox")}
    assert [key for key in boxes if key.startswith("inbox_")] == [
        "inbox_codes_caf%5Cxe9.csv",
        "inbox_codes_caf%E9.csv",
    ]
    ticked = server.page("imports", None, dict.fromkeys(boxes, True))
    assert "Import 2 files" in json.dumps(ticked["tree"])
    assert_clean(server)
