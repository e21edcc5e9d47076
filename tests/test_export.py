"""The downloaded file has exactly the rows that the page counted, byte for byte as documented."""

import csv
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

import duckdb
import pytest
from duckdb.sqltypes import VARCHAR
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from queries import export
from queries.filters import Filters
from tests.conftest import EXPECTED, FIXTURES, ROOT
from tests.test_numbers import HEADERS, NOW, Chain, Code, Scan, agreed_numbers, filters_of

FOLDER_FILES = {
    "codes": FIXTURES / "codes_folder_january_2016.csv",
    "transactions": FIXTURES / "transactions_folder_january_2016.csv",
}


def written(store: Store, kind: str, query: str = "") -> bytes:
    """The bytes of an export."""
    file = store.scratch / "written.csv"
    with store.cursor() as cursor:
        export.write(cursor, kind, filters_of(query), NOW, file)
    return file.read_bytes()


def spooled(spool: export.Spool) -> bytes:
    """All chunks of a spool, which is closed."""
    try:
        return b"".join(iter(spool.chunk, b""))
    finally:
        spool.close()


def as_documented(*rows: Iterable[str]) -> str:
    """Comma, line feed, and quotes only where RFC 4180 needs them."""

    def field(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text

    return "".join(",".join(map(field, row)) + "\n" for row in rows)


def loaded_text(store: Store, text: str, **scope: str) -> None:
    """Import a file of this text."""
    file = store.scratch / "text.csv"
    file.write_bytes(text.encode())
    load(store, file, Scope(**scope))


# The bytes.


@pytest.mark.parametrize("kind", export.KINDS)
def test_the_export_of_a_folder_is_the_file_that_was_imported(loaded: Store, kind: str) -> None:
    assert written(loaded, kind, "folder=January 2016") == FOLDER_FILES[kind].read_bytes()


@pytest.mark.parametrize("answered", EXPECTED["answers"], ids=lambda case: str(case["filters"]))
def test_the_files_have_as_many_rows_as_expected(
    loaded: Store, answered: dict[str, object]
) -> None:
    query = answered["filters"]
    assert isinstance(query, dict)
    filters, _ = Filters.from_query(
        (name, value) for name, said in query.items()
        for value in (said if isinstance(said, list) else [said])
    )  # fmt: skip
    for kind in export.KINDS:
        file = loaded.scratch / f"{kind}.csv"
        with loaded.cursor() as cursor:
            export.write(cursor, kind, filters, NOW, file)
        with file.open(encoding="utf-8", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) - 1 == answered[f"{kind}_rows"]


def test_the_headers_and_rows_are_exactly_as_documented(chain: Chain) -> None:
    chain.load(Code("ACODE1", "Email", "01/04/2016 00:00", "28/04/2018 00:00"))
    chain.load(Scan("DF9AF431-5056", "22/04/2016 21:57", "ACODE1", site="Site123"))
    assert written(chain.store, "codes").decode() == (
        "Code,Group_Name,Start_Date,Expiry_Date,Aztec_Redemption_Type,"
        "Aztec_Redemption_Quantity,Aztec_Item_Code,Parent_Code,Redemption_Time\n"
        "ACODE1,Email,01/04/2016 00:00,28/04/2018 00:00,Item,1,1000000001,,\n"
    )
    assert written(chain.store, "transactions").decode() == (
        "Transaction_ID,Time,Code,Group_Name,Campaign_ID,Campaign_Name,Site_Ref,"
        "Cancelled,Code Deleted\n"
        "DF9AF431-5056,22/04/2016 21:57,ACODE1,Email,,,Site123,No,No\n"
    )


@pytest.fixture
def chain(store: Store, tmp_path: Path) -> Chain:
    return Chain(store, tmp_path)


@pytest.mark.parametrize("kind", export.KINDS)
def test_a_filter_that_chooses_nothing_gives_the_header_alone(loaded: Store, kind: str) -> None:
    assert written(loaded, kind, "group=nobody").decode() == HEADERS[kind] + "\n"


AWKWARD = [
    *("0012345", "12345678901234567890", "1E5", "TRUE", "null", "NULL", "nan", r"\N", "=1+1"),
    *("+1", "-1", "@SUM(A1)", "#1", " lead", "trail ", "\ttab", "a;b", "'q'", r"a\b", "28/04/2018"),
    *("a,b", ",", '"', '""', 'say "hi"', "two\nlines", "two\r\nlines", "a\rb", "\n", "ends\n"),
    *("Café", "ÅΩ中文", "🍺", "e\u0301", "\ufeffmark", "a\u2028b", "a\x85b", "a\x0bb", "\u00a0x"),
]


def test_awkward_texts_come_out_as_they_went_in_and_quoted_only_where_they_must(
    store: Store,
) -> None:
    codes = [Code(text, f"g{text}", item=text, parent=text) for text in AWKWARD if text.strip()]
    scans = [
        Scan(f"T{text}", "10/01/2016 12:00", f"c{text}", text, text, text, text) for text in AWKWARD
    ]
    for kind, rows in (("codes", codes), ("transactions", scans)):
        text = HEADERS[kind] + "\n" + as_documented(*rows)
        loaded_text(store, text)
        assert written(store, kind).decode() == text


def test_needless_quotes_of_a_file_are_left_out(store: Store) -> None:
    quoted = HEADERS["codes"] + '\n"A1","Email","","",Item,"1","","",""\n'
    loaded_text(store, quoted)
    assert written(store, "codes").decode() == HEADERS["codes"] + "\nA1,Email,,,Item,1,,,\n"


def test_a_mark_and_windows_line_ends_of_a_file_are_left_out(store: Store) -> None:
    plain = HEADERS["codes"] + "\nA1,Email,,,Item,1,,,\nA2,Email,,,Item,1,,,\n"
    loaded_text(store, "\ufeff" + plain.replace("\n", "\r\n"))
    assert written(store, "codes").decode() == plain


def test_seconds_survive_where_a_file_has_them_and_only_there(chain: Chain) -> None:
    chain.load(Code("A1", start="01/04/2016 00:00:01", redeemed="02/04/2016 10:11:12"))
    chain.load(
        Scan("T1", "22/04/2016 21:57:09", "A1"),
        Scan("T2", "22/04/2016 21:57:00", "A1"),
        Scan("T3", "22/04/2016 21:57", "A1"),
    )
    (code,) = csv.DictReader(written(chain.store, "codes").decode().splitlines())
    scans = csv.DictReader(written(chain.store, "transactions").decode().splitlines())
    assert code["Start_Date"] == "01/04/2016 00:00:01"
    assert code["Redemption_Time"] == "02/04/2016 10:11:12"
    assert [scan["Time"] for scan in scans] == [
        "22/04/2016 21:57:09",
        "22/04/2016 21:57",
        "22/04/2016 21:57",
    ]


def test_missing_values_are_nothing_at_all(chain: Chain) -> None:
    chain.load(Code("A1", "Email", "", "", "", "", "", "", ""))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1", "", "", "", "", "Yes", "Yes"))
    assert written(chain.store, "codes").endswith(b"\nA1,Email,,,,,,,\n")
    assert written(chain.store, "transactions").endswith(
        b"\nT1,10/01/2016 12:00,A1,,,,,Yes,Yes\n"
    )  # fmt: skip


@pytest.mark.parametrize("kind", export.KINDS)
def test_the_same_filter_on_the_same_data_gives_the_same_bytes(loaded: Store, kind: str) -> None:
    first = written(loaded, kind, "group=Email&group=SMS")
    assert written(loaded, kind, "group=SMS&group=Email") == first
    with loaded.writing() as cursor:  # which makes a checkpoint
        cursor.execute("select 1")
    assert written(loaded, kind, "group=Email&group=SMS") == first


def test_redemptions_that_only_a_codes_file_knows_of_have_no_row_to_export(chain: Chain) -> None:
    chain.load(Code("A1", redeemed="10/01/2016 12:00"), Code("A2"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A2"))
    (rows,) = chain.ask("export_transactions_rows")
    assert rows == {"rows": 1, "without": 1}
    text = written(chain.store, "transactions").decode()
    assert text == HEADERS["transactions"] + "\nT1,10/01/2016 12:00,A2,Email,,,Site1,No,No\n"


# The way back.


@pytest.mark.parametrize("codes_first", [True, False])
def test_importing_exported_files_changes_nothing(loaded: Store, codes_first: bool) -> None:
    before = {kind: written(loaded, kind) for kind in export.KINDS}
    for kind in export.KINDS if codes_first else reversed(export.KINDS):
        file = loaded.scratch / f"{kind}.csv"
        file.write_bytes(before[kind])
        imported = load(loaded, file)
        assert imported.unchanged == imported.rows > 0
        assert imported.new == imported.updated == imported.duplicates == 0
    assert {kind: written(loaded, kind) for kind in export.KINDS} == before


any_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
examples = count(1)


@pytest.fixture(scope="module")
def round_trips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("round_trips") / "vouchers.duckdb")
    yield store
    store.close()


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(*[any_text] * 4), min_size=1, max_size=20))
def test_any_text_at_all_comes_out_as_it_went_in(
    round_trips: Store, rows: list[tuple[str, ...]]
) -> None:
    batch = str(next(examples))
    codes = [
        Code(f"{batch}.{number}{code}", f"g{group}", item=item, parent=parent)
        for number, (code, group, item, parent) in enumerate(rows)
    ]
    text = HEADERS["codes"] + "\n" + as_documented(*codes)
    loaded_text(round_trips, text, batch=batch)
    assert written(round_trips, "codes", f"batch={batch}").decode() == text


# The command.


def command(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `python -m queries.export` as an analyst would."""
    return subprocess.run(
        [sys.executable, "-m", "queries.export", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("kind", export.KINDS)
def test_the_command_writes_the_same_bytes_into_a_file_and_to_standard_output(
    fixture_file: Path, tmp_path: Path, kind: str
) -> None:
    chosen = (kind, "--store", fixture_file, "--folder", "January 2016")
    to_file = command(*chosen, "-o", tmp_path / "out.csv")
    to_output = command(kind, "--folder=January 2016", VOUCHERS_STORE=str(fixture_file))
    assert (to_file.returncode, to_file.stdout, to_file.stderr) == (0, b"", b"")
    assert (to_output.returncode, to_output.stderr) == (0, b"")
    expected = FOLDER_FILES[kind].read_bytes()
    assert (tmp_path / "out.csv").read_bytes() == to_output.stdout == expected
    assert {file.name for file in tmp_path.iterdir()} == {"out.csv", "out.csv.receipt.json"}


def run_main(
    capsysbinary: pytest.CaptureFixture[bytes], *arguments: object
) -> tuple[int, bytes, str]:
    """The command without a process of its own: exit code, standard output and error."""
    try:
        code = export.main([str(argument) for argument in arguments])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    said = capsysbinary.readouterr()
    return code, said.out, said.err.decode()


def test_the_command_takes_every_filter_of_a_page_repeated_where_that_makes_sense(
    fixture_file: Path, loaded: Store, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    query = (
        "folder=January 2016&folder=Bouncebacks&group=Email&prefix=J&prefix=B&batch=1041"
        "&batch=1042&type=Item&type=Discount&item=10000056168&item=17&site=Site001"
        "&cancelled=no&status=redeemed&status=deleted&from=2016-01-01&to=2016-01-31"
        "&asof=2016-02-10"
    )
    options = [f"--{pair}" for pair in query.split("&")]
    code, output, _ = run_main(
        capsysbinary, "transactions", "--store", fixture_file, *options
    )  # fmt: skip
    assert code == 0
    assert output == written(loaded, "transactions", query)
    assert output.count(b"\n") == 1 + 3


def test_the_command_replaces_an_older_file(
    fixture_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    output = tmp_path / "out.csv"
    output.write_text("older and longer\n" * 1000)
    code, _, _ = run_main(
        capsysbinary, "codes", "--store", fixture_file, "--group", "nobody", "-o", output
    )
    assert code == 0
    assert output.read_text() == HEADERS["codes"] + "\n"


def assert_refused(code: int, output: bytes, error: str, store: Path | None = None) -> None:
    """Exit 1, nothing on standard output, and one sentence or two for the analyst."""
    assert code == 1
    assert output == b""
    assert error.count("\n") == 1
    assert "Traceback" not in error
    assert "Error" not in error
    assert store is None or str(store) in error


def test_a_store_that_there_is_not_is_said_and_not_made(tmp_path: Path) -> None:
    store = tmp_path / "none.duckdb"
    done = command("codes", "--store", store)
    assert_refused(done.returncode, done.stdout, done.stderr.decode(), store)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"Code,Group_Name\nACODE1,Email\n", b"\0" * 20_000])
def test_a_store_that_is_another_file_is_said_and_left_alone(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], content: bytes
) -> None:
    store = tmp_path / "ACODE1.duckdb"
    store.write_bytes(content)
    code, output, error = run_main(capsysbinary, "codes", "--store", store)
    assert_refused(code, output, error, store)
    assert "ACODE1" not in error.replace(str(store), "")
    assert store.read_bytes() == content


def test_another_programs_database_is_no_store(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    store = tmp_path / "another.duckdb"
    duckdb.connect(store).execute("create table codes as select 'ACODE1' as code").close()
    code, output, error = run_main(capsysbinary, "codes", "--store", store)
    assert_refused(code, output, error, store)
    assert "not a store" in error
    assert "ACODE1" not in error


def test_a_store_in_use_is_said_with_what_to_do_instead(loaded: Store) -> None:
    done = command("transactions", "--store", loaded.path)
    assert_refused(done.returncode, done.stdout, done.stderr.decode(), loaded.path)
    assert b"in use" in done.stderr
    assert b"JANE" not in done.stderr


def test_a_file_that_cannot_be_written_is_said(
    fixture_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for output in (tmp_path / "no folder" / "out.csv", tmp_path):
        said = run_main(capsysbinary, "codes", "--store", fixture_file, "-o", output)
        assert_refused(*said)
        assert "written" in said[2]
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_older_file_as_it_was(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    store, output = tmp_path / "another.duckdb", tmp_path / "out.csv"
    duckdb.connect(store).close()
    output.write_text("older\n")
    code, _, _ = run_main(capsysbinary, "codes", "--store", store, "-o", output)
    assert code == 1
    assert output.read_text() == "older\n"
    assert {file.name for file in tmp_path.iterdir()} == {"another.duckdb", "out.csv"}


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["vouchers"],
        ["codes", "--from", "ACODE1"],
        ["codes", "--cancelled", "ACODE1"],
        ["codes", "--status", "ACODE1"],
        ["codes", "--group", ""],
        ["codes", "--from", "2016-01-01", "--from", "2016-01-02"],
        ["codes", "--colour", "red"],
        ["codes", "--group"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2_and_writes_nothing(
    fixture_file: Path, capsysbinary: pytest.CaptureFixture[bytes], wrong: list[str]
) -> None:
    code, output, error = run_main(capsysbinary, *wrong, f"--store={fixture_file}")
    assert code == 2
    assert output == b""
    assert error
    assert "ACODE1" not in error


def test_wrong_usage_is_exit_2_for_the_shell_too(tmp_path: Path) -> None:
    done = command("codes", "--from", "soon", "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert b" from " in done.stderr
    assert b"soon" not in done.stderr
    assert list(tmp_path.iterdir()) == []


# The file's name.


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "codes_2026-11-23.csv"),
        ("group=Email", "codes_email_2026-11-23.csv"),
        ("folder=January 2016&group=Email", "codes_email_january-2016_2026-11-23.csv"),
        ("group=../../etc/passwd", "codes_etc-passwd_2026-11-23.csv"),
        ("group=....", "codes_2026-11-23.csv"),
        ('group=Newspaper, "Times"', "codes_newspaper-times_2026-11-23.csv"),
    ],
)
def test_the_name_says_what_the_file_holds(query: str, name: str) -> None:
    assert export.name("codes", filters_of(query), date(2026, 11, 23)) == name


values = st.none() | st.lists(st.text(min_size=1), max_size=4).map(tuple)


@given(st.sampled_from(export.KINDS), st.builds(Filters, group=values, folder=values, batch=values))
def test_the_name_is_safe_whatever_a_group_is_called(kind: str, filters: Filters) -> None:
    name = export.name(kind, filters, date(2026, 11, 23))
    assert name.startswith(f"{kind}_")
    assert name.endswith("_2026-11-23.csv")
    assert all(letter.isalnum() or letter in "_-" for letter in name.removesuffix(".csv"))


@pytest.mark.parametrize("letter", ["a", "é", "語", "𠮷"])
def test_the_name_is_no_longer_than_a_file_system_takes(letter: str) -> None:
    name = export.name("transactions", Filters(group=(letter * 400,)), date(2026, 11, 23))
    assert len(name.encode()) <= 255


# The spool.


@pytest.mark.parametrize("kind", export.KINDS)
@pytest.mark.parametrize("query", ["", "group=Email", "group=nobody"])
def test_a_spool_gives_the_bytes_that_writing_gives(loaded: Store, kind: str, query: str) -> None:
    spool = export.Spool(loaded.cursor(), kind, filters_of(query), NOW, loaded.scratch)
    assert spooled(spool) == written(loaded, kind, query)
    assert not list(loaded.scratch.glob("export-*"))


@pytest.fixture
def large(chain: Chain) -> Store:
    """A store whose codes file has about 100 MB: long enough to leave early."""
    chain.load(Code("C0", parent="x" * 300))
    with chain.store.writing() as cursor:
        cursor.execute(
            "insert into vouchers.codes "
            "select codes.* replace (code_id + i as code_id, 'C' || i as code) "
            "from vouchers.codes, range(1, 300_000) as numbers(i)"
        )
    return chain.store


def test_a_spool_of_many_chunks_is_whole(large: Store) -> None:
    whole = written(large, "codes")
    for _ in range(3):
        data = spooled(export.Spool(large.cursor(), "codes", Filters(), NOW, large.scratch))
        assert data.count(b"\0") == 0
        assert data.count(b"\n") == 300_001
        assert data == whole


def test_a_spool_gives_no_bytes_that_the_engine_has_not_written_yet(
    loaded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its threads write batches side by side: a later one may reach the file first."""
    monkeypatch.delattr(os, "mkfifo")  # as on Windows; a pipe has no holes
    whole = written(loaded, "codes")
    go_on = threading.Event()
    cursor = loaded.cursor()
    cursor.create_function("when_told", lambda text: text if go_on.wait(30) else "",
                           [VARCHAR], VARCHAR)  # fmt: skip
    cursor.execute(
        "create or replace macro chosen_codes(f) as table "
        "select * replace (when_told(code) as code) from vouchers.codes"
    )
    spool = export.Spool(cursor, "codes", Filters(), NOW, loaded.scratch)
    chunks: list[bytes] = []
    reader = threading.Thread(target=lambda: chunks.extend(iter(spool.chunk, b"")))
    reader.start()
    (path,) = loaded.scratch.glob("export-*")
    wait_until(lambda: path.stat().st_size > 0)
    with path.open("r+b") as file:  # what a thread that is ahead of the others does
        file.seek(len(whole) - 100)
        file.write(whole[-100:])
    time.sleep(0.2)
    go_on.set()
    reader.join(30)
    spool.close()
    assert b"".join(chunks) == whole


def wait_until(happened: Callable[[], bool]) -> None:
    for _ in range(500):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("It did not happen within five seconds.")


def test_closing_a_spool_early_stops_the_engine_and_deletes_the_file(large: Store) -> None:
    threads = threading.active_count()
    spool = export.Spool(large.cursor(), "codes", Filters(), NOW, large.scratch)
    assert spool.chunk()
    (file,) = large.scratch.glob("export-*")
    with file.open("rb") as held:
        spool.close()
        stopped_at = os.fstat(held.fileno()).st_size
    assert stopped_at < 50_000_000
    assert not list(large.scratch.glob("export-*"))
    wait_until(lambda: threading.active_count() <= threads)


def test_a_spool_that_fails_says_so_instead_of_ending_early(loaded: Store) -> None:
    without_a_store = duckdb.connect()
    spool = export.Spool(without_a_store, "codes", Filters(), NOW, loaded.scratch)
    with pytest.raises(export.Failed) as failed:
        spooled(spool)
    assert "vouchers" not in str(failed.value)
    assert not list(loaded.scratch.glob("export-*"))


def test_a_spool_keeps_the_rows_of_the_moment_at_which_it_began(loaded: Store) -> None:
    whole = written(loaded, "codes")
    spool = export.Spool(loaded.cursor(), "codes", Filters(), NOW, loaded.scratch)
    first = spool.chunk()
    Chain(loaded, loaded.scratch).load(Code("LATER1", "Email"))
    assert first + spooled(spool) == whole


# Whatever is chosen, tiles, charts and files agree.

GROUPS = ["Email", "SMS", 'Newspaper, "Times"']
FOLDERS, BATCHES, PREFIXES = ["January 2016", "May"], ["1", "2", "3"], ["JA", "MA"]
CAMPAIGNS, SITES = ["C7", "C8"], ["Site1", "Site2", "Site3"]
FIRST = datetime(2016, 1, 1)


def stamp(random: Random, days: int, blank: float = 0.0) -> str:
    moment = FIRST + timedelta(days=random.randrange(days), minutes=random.randrange(1440))
    return "" if random.random() < blank else f"{moment:%d/%m/%Y %H:%M}"


def some_codes(random: Random) -> list[Code]:
    """About sixty codes; many share their beginning, a few their text."""
    return [
        Code(
            code=f"{random.choice(['JA', 'MA', 'MAY', 'x'])}{random.randrange(60)}",
            group=random.choice(GROUPS),
            start=stamp(random, 60, 0.2),
            expiry=stamp(random, 120, 0.3),
            type=random.choice(["Item", "Item", "Discount", ""]),
            quantity=random.choice(["1", "6", ""]),
            item=random.choice(["100", "17", ""]),
            redeemed=stamp(random, 90, 0.7),
        )
        for _ in range(60)
    ]


def some_scans(random: Random, codes: list[Code]) -> list[Scan]:
    """About eighty transactions; a fifth names a code or a group that is not known."""
    return [
        Scan(
            id=f"T{random.randrange(10_000)}",
            time=stamp(random, 90),
            code=random.choice(["GHOST", "JAGHOST"]) if random.random() < 0.2 else code.code,
            group=random.choice([*GROUPS, ""]) if random.random() < 0.2 else code.group,
            campaign=random.choice([*CAMPAIGNS, "", ""]),
            campaign_name=random.choice(["Times", ""]),
            site=random.choice([*SITES, ""]),
            cancelled=random.choice(["No", "No", "No", "Yes"]),
            deleted=random.choice(["No"] * 9 + ["Yes"]),
        )
        for code in random.choices(codes, k=80)
    ]


@pytest.fixture(scope="module")
def random_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """A few hundred rows with everything that can be blank, unknown or contradictory."""
    directory = tmp_path_factory.mktemp("random")
    chain = Chain(Store(directory / "vouchers.duckdb"), directory)
    random = Random(2016)
    for _ in range(4):
        said = {"folder": FOLDERS, "batch": BATCHES, "prefix": PREFIXES}
        scope = {
            name: random.choice(values) for name, values in said.items() if random.random() < 0.7
        }
        codes = some_codes(random)
        chain.load(*codes, **scope)
        chain.load(*some_scans(random, codes), **scope)
    yield chain
    chain.store.close()


def some(*choices: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    """Nothing chosen more often than not, or a few values, or none of them."""
    several = st.lists(st.sampled_from([*choices, "nobody"]), max_size=3, unique=True).map(tuple)
    return st.none() | st.none() | several


some_day = st.none() | st.none() | st.dates(date(2015, 12, 20), date(2016, 4, 10))
random_filters = st.builds(
    Filters,
    folder=some(*FOLDERS, "(no folder)"),
    group=some(*GROUPS, "(no group)"),
    prefix=some(*PREFIXES, "J", "MAY", "x1"),
    batch=some(*BATCHES, "(no batch)"),
    type=some("Item", "Discount", "(no type)"),
    item=some("100", "17", "(no item)"),
    campaign=some(*CAMPAIGNS, "Times", "(no campaign)"),
    site=some(*SITES, "(no site)"),
    status=some("active", "redeemed", "cancelled", "expired", "scheduled", "deleted"),
    cancelled=st.none() | st.booleans(),
    from_=some_day,
    to=some_day,
    asof=some_day,
)


@settings(max_examples=100, deadline=None)
@given(random_filters, st.sampled_from(["hour", "day", "week", "month"]))
def test_tiles_charts_and_files_agree_whatever_is_chosen(
    random_chain: Chain, filters: Filters, grain: str
) -> None:
    rows = {}
    with random_chain.store.cursor() as cursor:
        tiles = agreed_numbers(cursor, filters, NOW, grain)
        for kind in export.KINDS:
            file = random_chain.directory / f"exported_{kind}.csv"
            export.write(cursor, kind, filters, NOW, file)
            with file.open(encoding="utf-8", newline="") as lines:
                rows[kind] = list(csv.DictReader(lines))
    transactions = rows["transactions"]
    cancelled = sum(row["Cancelled"] == "Yes" for row in transactions)
    assert len(rows["codes"]) == tiles["codes_issued"]
    assert len(transactions) == tiles["redemptions"] - tiles["from_codes_files"]
    assert cancelled == tiles["cancelled"]
    assert len({row["Transaction_ID"] for row in transactions}) == len(transactions)
