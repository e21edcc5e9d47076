"""The bytes of a CSV file, and their way back into the store."""

import csv
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.store.database import Store
from queries.downloading.job import KINDS
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.awkward import AWKWARD_TEXTS
from tests.support.effort import examples
from tests.support.expected import EXPECTED, FOLDER_FILES
from tests.support.exports import csv_text, export_bytes
from tests.support.queries import NOW
from tests.support.rows import HEADERS, Code, Transaction
from tests.support.stores import import_text
from tests.support.vouchers import Vouchers


@pytest.mark.parametrize("kind", KINDS)
def test_the_export_of_a_folder_is_the_file_that_was_imported(loaded: Store, kind: str) -> None:
    assert export_bytes(loaded, kind, "folder=January 2016") == FOLDER_FILES[kind].read_bytes()


@pytest.mark.parametrize("case", EXPECTED["answers"], ids=lambda case: str(case["filters"]))
def test_the_files_have_as_many_rows_as_expected(loaded: Store, case: dict[str, object]) -> None:
    query = case["filters"]
    assert isinstance(query, dict)
    filters, _ = Filters.from_query(
        (name, value) for name, values in query.items()
        for value in (values if isinstance(values, list) else [values])
    )  # fmt: skip
    for kind in KINDS:
        file = loaded.scratch / f"{kind}.csv"
        with loaded.cursor() as cursor:
            write(cursor, kind, filters, NOW, file)
        with file.open(encoding="utf-8", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) - 1 == case[f"{kind}_rows"]


def test_the_headers_and_rows_are_exactly_as_documented(vouchers: Vouchers) -> None:
    vouchers.load(Code("ACODE1", "Email", "01/04/2016 00:00", "28/04/2018 00:00"))
    vouchers.load(Transaction("DF9AF431-5056", "ACODE1", time="22/04/2016 21:57", site="Site123"))
    assert export_bytes(vouchers.store, "codes").decode() == (
        "Code,Group_Name,Start_Date,Expiry_Date,Aztec_Redemption_Type,"
        "Aztec_Redemption_Quantity,Aztec_Item_Code,Parent_Code,Redemption_Time\n"
        "ACODE1,Email,01/04/2016 00:00,28/04/2018 00:00,Item,1,10000056168,,\n"
    )
    assert export_bytes(vouchers.store, "transactions").decode() == (
        "Transaction_ID,Time,Code,Group_Name,Campaign_ID,Campaign_Name,Site_Ref,"
        "Cancelled,Code Deleted\n"
        "DF9AF431-5056,22/04/2016 21:57,ACODE1,Email,,,Site123,No,No\n"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_filter_that_chooses_nothing_gives_the_header_alone(loaded: Store, kind: str) -> None:
    assert export_bytes(loaded, kind, "group=nobody").decode() == HEADERS[kind] + "\n"


def test_awkward_texts_are_exported_as_imported_and_quoted_only_where_necessary(
    store: Store,
) -> None:
    codes = [
        Code(text, f"g{text}", item=text, parent=text) for text in AWKWARD_TEXTS if text.strip()
    ]
    transactions = [
        Transaction(
            f"T{text}",
            f"c{text}",
            text,
            time="10/01/2016 12:00",
            campaign=text,
            campaign_name=text,
            site=text,
        )
        for text in AWKWARD_TEXTS
    ]
    for kind, rows in (("codes", codes), ("transactions", transactions)):
        text = csv_text(kind, *rows)
        import_text(store, text)
        assert export_bytes(store, kind).decode() == text


def test_needless_quotes_of_a_file_are_left_out(store: Store) -> None:
    quoted = HEADERS["codes"] + '\n"A1","Email","","",Item,"1","","",""\n'
    import_text(store, quoted)
    assert export_bytes(store, "codes").decode() == HEADERS["codes"] + "\nA1,Email,,,Item,1,,,\n"


def test_a_mark_and_windows_line_ends_of_a_file_are_left_out(store: Store) -> None:
    plain = HEADERS["codes"] + "\nA1,Email,,,Item,1,,,\nA2,Email,,,Item,1,,,\n"
    import_text(store, "\ufeff" + plain.replace("\n", "\r\n"))
    assert export_bytes(store, "codes").decode() == plain


def test_seconds_survive_where_a_file_has_them_and_only_there(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="01/04/2016 00:00:01", redeemed="02/04/2016 10:11:12"))
    vouchers.load(
        Transaction("T1", "A1", time="22/04/2016 21:57:09"),
        Transaction("T2", "A1", time="22/04/2016 21:57:00"),
        Transaction("T3", "A1", time="22/04/2016 21:57"),
    )
    (code,) = csv.DictReader(export_bytes(vouchers.store, "codes").decode().splitlines())
    transactions = csv.DictReader(
        export_bytes(vouchers.store, "transactions").decode().splitlines()
    )
    assert code["Start_Date"] == "01/04/2016 00:00:01"
    assert code["Redemption_Time"] == "02/04/2016 10:11:12"
    assert [transaction["Time"] for transaction in transactions] == [
        "22/04/2016 21:57:09",
        "22/04/2016 21:57",
        "22/04/2016 21:57",
    ]


def test_missing_values_are_empty_fields(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", "Email", "", "", "", "", "", "", ""))
    vouchers.load(
        Transaction(
            "T1",
            "A1",
            "",
            time="10/01/2016 12:00",
            campaign="",
            campaign_name="",
            site="",
            cancelled="Yes",
            deleted="Yes",
        )
    )
    assert export_bytes(vouchers.store, "codes").endswith(b"\nA1,Email,,,,,,,\n")
    assert export_bytes(vouchers.store, "transactions").endswith(
        b"\nT1,10/01/2016 12:00,A1,,,,,Yes,Yes\n"
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_filter_on_the_same_data_gives_the_same_bytes(loaded: Store, kind: str) -> None:
    first = export_bytes(loaded, kind, "group=Email&group=SMS")
    assert export_bytes(loaded, kind, "group=SMS&group=Email") == first
    with loaded.writing() as cursor:  # which makes a checkpoint
        cursor.execute("select 1")
    assert export_bytes(loaded, kind, "group=Email&group=SMS") == first


def test_redemptions_that_only_a_codes_file_knows_of_have_no_row_to_export(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:00"), Code("A2"))
    vouchers.load(Transaction("T1", "A2", time="10/01/2016 12:00"))
    (rows,) = vouchers.query("export_transactions_rows")
    assert rows == {"rows": 1, "without": 1}
    text = export_bytes(vouchers.store, "transactions").decode()
    assert text == HEADERS["transactions"] + "\nT1,10/01/2016 12:00,A2,Email,,,Site001,No,No\n"


@pytest.mark.parametrize("codes_first", [True, False])
def test_importing_exported_files_changes_nothing(loaded: Store, codes_first: bool) -> None:
    before = {kind: export_bytes(loaded, kind) for kind in KINDS}
    for kind in KINDS if codes_first else reversed(KINDS):
        file = loaded.scratch / f"{kind}.csv"
        file.write_bytes(before[kind])
        imported = load(loaded, file)
        assert imported.unchanged == imported.rows > 0
        assert imported.new == imported.updated == imported.duplicates == 0
    assert {kind: export_bytes(loaded, kind) for kind in KINDS} == before


any_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
batches = count(1)


@pytest.fixture(scope="module")
def round_trips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("round_trips") / "vouchers.duckdb")
    yield store
    store.close()


@pytest.mark.slow
@settings(max_examples=examples(25), deadline=None)
@given(rows=st.lists(st.tuples(*[any_text] * 4), min_size=1, max_size=20))
def test_any_text_is_exported_as_imported(round_trips: Store, rows: list[tuple[str, ...]]) -> None:
    batch = str(next(batches))
    codes = [
        Code(f"{batch}.{number}{code}", f"g{group}", item=item, parent=parent)
        for number, (code, group, item, parent) in enumerate(rows)
    ]
    text = csv_text("codes", *codes)
    import_text(round_trips, text, batch=batch)
    assert export_bytes(round_trips, "codes", f"batch={batch}").decode() == text
