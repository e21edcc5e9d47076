"""Files that look wrong but are imported, with or without a warning."""

import os
import re
import threading
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.store.database import Store
from tests.support.commands import run_load, run_module
from tests.support.exports import export_bytes
from tests.support.rows import CODES, SECRET, Code, Row, codes_file
from tests.support.wrong_files import PAGE, A, text

ODD: dict[str, tuple[list[Row], str]] = {
    "an expiry that is not after the start": (
        [Code(f"{SECRET}A", start="05/01/2016 00:00", expiry="05/01/2016 00:00")],
        "not after",
    ),
    "an expiry on a Sunday that is the month's last day": (
        [Code(f"{SECRET}A", expiry="31/01/2016 00:00")],
        "expire",
    ),
    "an inner space": ([Code(f"{SECRET} A")], "space"),
    "codes that differ only in case": ([Code(f"{SECRET}A"), Code(f"{SECRET}a")], "small|case"),
    "a redemption outside its code's dates": (
        [Code(f"{SECRET}A", expiry="01/02/2016 00:00", redeemed="01/01/2020 00:00")],
        "outside",
    ),
    "days that could be months": (
        [Code(f"{SECRET}A", start="01/02/2016 00:00", expiry="02/03/2016 00:00")],
        "month",
    ),
    "rows that contradict one another": (
        [Code(f"{SECRET}A", item="1"), Code(f"{SECRET}A", item="2")],
        "later|last",
    ),
    "no quantity": ([Code(f"{SECRET}A", quantity="")], "quantity"),
}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_odd_is_stored_and_reported(store: Store, tmp_path: Path, kind: str) -> None:
    rows, says = ODD[kind]
    done = load(store, codes_file(tmp_path / "a.csv", *rows))
    assert done.new == done.rows - done.duplicates
    warnings = " ".join(done.warnings)
    assert re.search(says, warnings, re.IGNORECASE)
    assert SECRET not in warnings


def test_what_is_not_odd_gets_no_warning(store: Store, tmp_path: Path) -> None:
    rows = [Code("A1", expiry="28/04/2018 00:00"), Code("A2", redeemed="13/01/2016 19:42")]
    done = load(store, codes_file(tmp_path / "a.csv", *rows))
    assert [warning for warning in done.warnings if "month" not in warning] == []


GOOD: dict[str, list[Row]] = {
    "a code that is named as its column": [("Code", *A[1:]), A],
    "29 February of a leap year": [Code("A1", start="29/02/2016 00:00")],
    "the last minute of all": [Code("A1", expiry="31/12/9999 23:59")],
    "an expiry before the start": [Code("A1", start="01/02/2016 00:00", expiry="01/01/2016 00:00")],
    "a redemption outside the code's dates": [
        Code("A1", expiry="01/02/2016 00:00", redeemed="01/01/2020 00:00")
    ],
    "seconds": [Code("A1", start="01/01/2016 23:59:59")],
    "no dates at all": [Code("A1", start="", expiry="")],
    "a type that nobody knows": [Code("A1", type="Gift")],
    "a quantity of nought": [Code("A1", quantity="0")],
    "a great quantity": [Code("A1", quantity="1000000")],
    "an item code that is text": [Code("A1", item="00000000017")],
    "a code that is its own parent": [Code("A1", parent="A1")],
    "rows that begin with a sharp": [Code("#A1"), Code("# A2")],
    "a code of quotes alone": [Code('""'), Code('"')],
    "a name of 255 characters": [Code("A1", "n" * 255)],
    "a line of half a megabyte": [Code("A1", parent="n" * 500_000), Code("A2")],
    "one row": [Code("A1")],
    "commas, quotes and line breaks in every text": [
        Code(f'A{n},"\n', 'G,"\n', type='K,"\n', item='I,"\n', parent='P,"\n') for n in range(50)
    ],
    "a header in a text": [Code("A1", parent="\n" + text(CODES) + "\n")],
    "a web page in a text": [Code("A1", parent=PAGE)],
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_only_looks_wrong_is_stored_right(store: Store, tmp_path: Path, kind: str) -> None:
    path = codes_file(tmp_path / "a.csv", *GOOD[kind])
    done = load(store, path)
    assert (done.rows, done.new) == (len(GOOD[kind]), len(GOOD[kind]))
    assert export_bytes(store, "codes") == path.read_bytes()


@pytest.mark.slow
def test_line_breaks_in_quotes_over_several_blocks_are_stored_right(
    store: Store, tmp_path: Path
) -> None:
    rows = [Code(f"A{n}", 'one\ntwo,\n\n"three"', parent="\r\n") for n in range(60_000)]
    path = codes_file(tmp_path / "a.csv", *rows)
    assert path.stat().st_size > 5_000_000
    assert load(store, path).new == 60_000
    assert export_bytes(store, "codes") == path.read_bytes()


@pytest.mark.slow
def test_a_pipe_is_read_once_and_imported(tmp_path: Path) -> None:
    content = codes_file(tmp_path / "codes.csv", Code("A1"), Code("A2")).read_bytes()
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[content])
    writer.start()
    done = run_load(tmp_path / "v.duckdb", pipe)
    writer.join()
    assert done.returncode == 0, done.stderr
    assert done.stdout == "pipe.csv: 2 codes: 2 new, 0 updated, 0 unchanged, 0 duplicates\n"


@pytest.mark.slow
def test_a_store_behind_a_link_is_the_same_store_whatever_the_link_is_called(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    store, link = folder / "v.duckdb", tmp_path / "link.duckdb"
    link.symlink_to(store)
    assert run_load(link, codes_file(tmp_path / "a.csv", Code("A1"))).returncode == 0
    link.rename(tmp_path / "other.duckdb")
    link = tmp_path / "other.duckdb"
    assert run_load(link, codes_file(tmp_path / "b.csv", Code("B1"))).returncode == 0
    rebuilt = run_module("data.rebuild", link)
    assert rebuilt.returncode == 0, rebuilt.stderr
    held = run_module("queries.run", store, "held", "--format", "json")
    assert '"codes": 2' in held.stdout
    assert sorted(path.name for path in tmp_path.glob("*.duckdb*")) == ["other.duckdb"]
