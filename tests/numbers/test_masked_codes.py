"""Who sees codes masked gets no code from any query or file, and none from counting."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.scope import Scope
from data.store.database import Store
from queries.access import Access
from queries.downloading.names import file_name
from queries.engine import prefixes
from queries.engine.execute import Cursor
from queries.engine.prefixes import LEAST, looked_up
from queries.engine.service import QueryService
from queries.filters import Filters
from tests.support.access import Values, cells, file_cells, rows_of
from tests.support.effort import examples, rounds
from tests.support.exports import export_bytes
from tests.support.model import File
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file
from tests.support.strategies import SLOW
from tests.support.vouchers import Vouchers
from tests.support.walks import memory_folder, open_fast

pytestmark = pytest.mark.slow

MASKED = Access(masked=True)
ANYTHING: Values = {"search": None, "whole": False}
LIST: Values = {**ANYTHING, "sort": "start_date", "descending": False, "offset": 0, "of": None}


@pytest.mark.parametrize(
    ("code", "prefix", "shown"),
    [
        ("NOV26E7K2M8Q", "NOV26E", "NOV26E•••••8Q"),
        ("NOV26E7K2M8Q", None, "NOV•••••8Q"),
        ("NOV26E7K2M8Q", "DEC26E", "NOV•••••8Q"),  # not what the code begins with
        ("NOV26E7K2M8", "NOV26E", "NOV26E•••••"),
        ("NOV26E7K2M", "NOV26E", "NOV26E•••••"),
        ("NOV26E7K2", "NOV26E", "NOV•••••K2"),  # the prefix leaves too little: it is hidden
        ("NOV26E7K2", None, "NOV•••••K2"),
        ("NOV26E7K", None, "NOV•••••"),
        ("NOV26", None, "N•••••"),
        ("NOV2", None, "•••••"),
        ("N", None, "•••••"),
        ("N" * 200, None, "NNN•••••NN"),
        ("ÄÖÜß12345", None, "ÄÖÜ•••••45"),
    ],
)
def test_a_mask_leaves_the_prefix_and_two_characters_and_hides_four(
    vouchers: Vouchers, code: str, prefix: str | None, shown: str
) -> None:
    vouchers.load(Code(code), **({"prefix": prefix} if prefix else {}))
    (row,) = rows_of(vouchers.store, "codes_rows", Filters(access=MASKED), LIST)
    assert row["code"] == shown
    (row,) = rows_of(vouchers.store, "codes_rows", Filters(), LIST)
    assert row["code"] == code


def test_a_mask_says_nothing_of_a_codes_length(vouchers: Vouchers) -> None:
    vouchers.load(*(Code("NOV" + "A" * n + "8Q") for n in range(4, 40)))
    rows = rows_of(vouchers.store, "codes_rows", Filters(access=MASKED), LIST)
    assert {row["code"] for row in rows} == {"NOV•••••8Q"}


# Long enough that none stands in another text by chance, but for the one that is a prefix.
CODES = ["NOV26E", "NOV26E7K2M8Q", "NOV26E1Q", "0012345678", "QZ7-long-Ä-code", "QZ7PARENT99"]


def _code(text: str, group: str, **columns: str) -> Code:
    return Code(text, group, **columns)


def _transaction(id: str, code: str, group: str, cancelled: str) -> Transaction:
    return Transaction(id.replace("CODE", code), code, group, cancelled=cancelled)


CODE_ROWS = st.builds(
    _code,
    st.sampled_from(CODES),
    st.sampled_from(["Email", "SMS"]),
    parent=st.sampled_from(["", *CODES]),
    redeemed=st.sampled_from(["", "08/01/2016 19:42"]),
    expiry=st.sampled_from(["01/02/2100 00:00", "01/02/2016 00:00"]),
)
TRANSACTION_ROWS = st.builds(
    _transaction,
    st.sampled_from(["DF9-1", "DF9-2", "CODE", "X-CODE-1"]),
    st.sampled_from(CODES),
    st.sampled_from(["Email", "SMS", ""]),
    st.sampled_from(["No", "Yes"]),
)
SCOPES = st.builds(
    Scope,
    st.sampled_from([None, "May"]),
    st.sampled_from([None, "NOV26E", "NOV", "NOV26E1Q", "0012345", "QZ7"]),
    st.sampled_from([None, "7"]),
)
FILES = st.one_of(
    st.builds(File, st.just("codes"), st.lists(CODE_ROWS, min_size=1, max_size=6), SCOPES),
    st.builds(
        File, st.just("transactions"), st.lists(TRANSACTION_ROWS, min_size=1, max_size=6), SCOPES
    ),
)
VIEWS = [
    Filters(),
    Filters(prefix=("NOV26E", "QZ7")),
    Filters(status=("redeemed", "active")),
    Filters(group=("SMS",), cancelled=False),
    Filters(site=("Site001",)),
]


def codes_in(store: Store) -> set[str]:
    """All codes that the store holds: of a transaction that comes twice, the last one's."""
    sql = "select code from vouchers.codes union select code from vouchers.transactions"
    with store.cursor() as cursor:
        return {code for (code,) in cursor.execute(sql).fetchall()}


@settings(SLOW, max_examples=examples(rounds(4, torture=100)))
@given(
    st.lists(FILES, min_size=1, max_size=3),
    st.sampled_from(VIEWS),
    st.sampled_from([("csv", "xlsx"), ("csv", "parquet")]),
)
def test_no_cell_of_a_query_or_a_file_holds_a_code(
    files: list[File], filters: Filters, forms: tuple[str, ...]
) -> None:
    with memory_folder() as folder:
        store = open_fast(folder / "vouchers.duckdb")
        try:
            for file in files:
                import_file(store, file)
            held = codes_in(store)
            masked = replace(filters, access=MASKED)
            for where, value in (*cells(store, masked), *file_cells(store, masked, forms)):
                assert not any(code in str(value) for code in held), where
            assert not any(code in file_name("codes", masked, NOW.date()) for code in held)
        finally:
            store.close()


def test_who_sees_whole_codes_gets_the_same_bytes_as_before(vouchers: Vouchers) -> None:
    vouchers.load(Code("NOV26E7K2M8Q", parent="P1"), prefix="NOV26E")
    vouchers.load(Transaction("NOV26E7K2M8Q-1", "NOV26E7K2M8Q"))
    whole = export_bytes(vouchers.store, "transactions")
    assert b"NOV26E7K2M8Q-1,08/01/2016 19:42,NOV26E7K2M8Q,Email" in whole
    masked = export_bytes(vouchers.store, "transactions", Filters(access=MASKED)).decode()
    assert masked.splitlines()[1].startswith("•••••,08/01/2016 19:42,NOV26E•••••8Q,Email")


def test_what_an_import_changed_is_masked_too(vouchers: Vouchers) -> None:
    vouchers.load(Code("NOV26E7K2M8Q"))
    vouchers.load(Code("NOV26E7K2M8Q", redeemed="08/01/2016 19:42"))
    (row,) = rows_of(
        vouchers.store,
        "import_changes_rows",
        Filters(access=MASKED),
        {"import_id": 2, "change": "newly redeemed", "offset": 0},
    )
    assert row["code"] == "NOV•••••8Q"


def test_a_prefix_that_is_a_code_is_no_value_of_the_filter(vouchers: Vouchers) -> None:
    vouchers.load(Code("NOV26E7K2M8Q"), prefix="NOV26E7K2M8Q")
    vouchers.load(Code("DEC26E7K2M8Q"), prefix="DEC26E")
    vouchers.load(Code("JAN26E7K"), prefix="JAN26E")  # it leaves two characters
    for access, values in ((MASKED, {"DEC26E"}), (Access(), {"NOV26E7K2M8Q", "DEC26E", "JAN26E"})):
        rows = rows_of(vouchers.store, "facets_of_codes", Filters(access=access), {})
        assert {row["value"] for row in rows if row["field"] == "prefix"} == values


def counted(store: Store, filters: Filters) -> tuple[int, int, int]:
    """Codes and redemptions of the tiles, and the rows of the file."""
    (numbers,) = rows_of(store, "numbers", filters, {})
    rows = export_bytes(store, "codes", filters, NOW).count(b"\n") - 1
    return numbers["codes_issued"], numbers["redemptions"], rows


@pytest.fixture
def many_codes(vouchers: Vouchers) -> Vouchers:
    """LEAST codes that begin with AB, one less that begin with CD, and five of a known prefix."""
    some = [Code(f"CD{n:08}", "SMS") for n in range(LEAST - 1)]
    vouchers.load(*(Code(f"AB{n:08}", "Email" if n else "SMS") for n in range(LEAST)), *some)
    vouchers.load(*(Code(f"EF{n:08}") for n in range(5)), prefix="EF")
    vouchers.load(
        *(Transaction(n, f"{p}{0:08}", g) for n, (p, g) in enumerate(
            (("AB", "SMS"), ("CD", "SMS"), ("EF", "Email"), ("XY", "Email")))),
    )  # fmt: skip
    return vouchers


@pytest.mark.parametrize(
    ("prefix", "access", "wanted"),
    [
        ("AB", MASKED, (LEAST, 1, LEAST)),
        ("AB0", MASKED, (LEAST, 1, LEAST)),
        ("AB0000000", MASKED, (0, 0, 0)),
        ("AB00000000", MASKED, (0, 0, 0)),
        ("CD", MASKED, (0, 0, 0)),
        ("CD", Access(), (LEAST - 1, 1, LEAST - 1)),
        ("EF", MASKED, (5, 1, 5)),  # a known one
        ("EF0", MASKED, (0, 0, 0)),
        ("XY", MASKED, (0, 0, 0)),  # of a redemption whose code is not stored
        ("AB", Access(groups=("Email",), masked=True), (0, 0, 0)),  # one of them is not seen
        ("EF", Access(groups=("SMS",), masked=True), (0, 0, 0)),
    ],
)
def test_a_typed_prefix_chooses_something_from_a_hundred_codes_up(
    many_codes: Vouchers, prefix: str, access: Access, wanted: tuple[int, int, int]
) -> None:
    assert counted(many_codes.store, Filters(prefix=(prefix,), access=access)) == wanted


@pytest.mark.parametrize(
    ("prefix", "access", "wanted"),
    [
        ("AB", MASKED, (LEAST + 4, 3, LEAST + 4)),
        ("EF", MASKED, (2 * LEAST - 1, 3, 2 * LEAST - 1)),  # a known one
        ("(no prefix)", MASKED, (5, 2, 5)),
        # As if nothing began so: what excludes them would tell how many codes do.
        ("AB00000000", MASKED, (2 * LEAST + 4, 4, 2 * LEAST + 4)),
        ("CD", MASKED, (2 * LEAST + 4, 4, 2 * LEAST + 4)),
        ("CD", Access(), (LEAST + 5, 3, LEAST + 5)),
        ("XY", MASKED, (2 * LEAST + 4, 4, 2 * LEAST + 4)),
        ("ZZ", MASKED, (2 * LEAST + 4, 4, 2 * LEAST + 4)),
        ("AB", Access(groups=("Email",), masked=True), (LEAST + 4, 2, LEAST + 4)),
    ],
)
def test_a_typed_prefix_excludes_something_from_a_hundred_codes_up(
    many_codes: Vouchers, prefix: str, access: Access, wanted: tuple[int, int, int]
) -> None:
    filters = Filters(excluded=(("prefix!", (prefix,)),), access=access)
    assert counted(many_codes.store, filters) == wanted


def test_a_prefix_beside_others_chooses_no_more_than_by_itself(many_codes: Vouchers) -> None:
    several = Filters(prefix=("EF", "CD0", "AB"), access=MASKED)
    assert counted(many_codes.store, several) == (LEAST + 5, 2, LEAST + 5)


def test_of_excluded_prefixes_as_of_chosen_ones_only_some_are_looked_up(
    many_codes: Vouchers,
) -> None:
    typed = tuple(f"AB{n:02}" for n in range(prefixes.MOST_TYPED))
    filters = Filters(prefix=typed, excluded=(("prefix!", ("AB",)),), access=MASKED)
    with many_codes.store.cursor() as cursor:
        assert looked_up(cursor, filters).access.answered == ("AB00",)


def test_the_pages_look_up_prefixes_like_the_routes(many_codes: Vouchers) -> None:
    service = QueryService(lambda: many_codes.store)
    for prefix, codes in (("AB", LEAST), ("CD", 0), ("EF", 5), ("EF0", 0)):
        chosen = Filters(prefix=(prefix,), access=MASKED)
        others = Filters(excluded=(("prefix!", (prefix,)),), access=MASKED)
        for name, column in (("numbers", "codes_issued"), ("export_codes_rows", "rows")):
            for filters, wanted in ((chosen, codes), (others, 2 * LEAST + 4 - codes)):
                request = service.request(name, filters, ())
                query = service.start(request)
                try:
                    assert int(query.future.result(30)[column][0]) == wanted
                finally:
                    service.finish(request, query)


def test_a_prefix_answers_anew_after_each_import(many_codes: Vouchers) -> None:
    service = QueryService(lambda: many_codes.store)

    def codes() -> int:
        filters = Filters(prefix=("CD",), access=MASKED)
        request = service.request("numbers", filters, ())
        query = service.start(request)
        try:
            return int(query.future.result(30)["codes_issued"][0])
        finally:
            service.finish(request, query)

    assert codes() == 0
    many_codes.load(Code("CD-ONE-MORE"))
    assert codes() == LEAST


def test_filters_that_nobody_looked_up_choose_nothing_by_a_prefix() -> None:
    filters = Filters(prefix=("AB",), access=MASKED)
    assert filters.parameters(NOW)["prefix"] == []
    assert filters.parameters(NOW)["hidden"] is None


def test_the_numbers_of_other_prefixes_are_not_told_beside_the_filters(
    many_codes: Vouchers,
) -> None:
    rows = rows_of(
        many_codes.store, "prefix_counts", Filters(access=MASKED), {"texts": ["CD0", "EF", "AB"]}
    )
    assert rows == [{"value": "EF", "count": 5}]


def test_a_search_finds_a_whole_code_and_nothing_by_a_part_of_it(many_codes: Vouchers) -> None:
    def found(search: str, whole: bool, access: Access) -> Any:  # noqa: ANN401
        values = {"search": search, "whole": whole}
        (row,) = rows_of(many_codes.store, "codes_found", Filters(access=access), values)
        rows = rows_of(
            many_codes.store, "codes_rows", Filters(access=access), {**LIST, **values, "of": None}
        )
        assert len(rows) == min(50, row["codes"])
        return row["codes"]

    assert found("EF00000001", True, MASKED) == found("EF00000001", False, MASKED) == 1
    assert found("EF0000000", True, MASKED) == found("EF0000000", False, MASKED) == 0
    assert found("ef00000001", False, MASKED) == 0
    assert found("EF0000000", False, Access()) == 5


@pytest.mark.parametrize(("name", "of_list"), [("codes_rows", ANYTHING), ("transactions_rows", {})])
def test_masked_rows_are_not_sorted_by_their_codes(
    vouchers: Vouchers, name: str, of_list: Values
) -> None:
    codes = ["QZ7MMMMM1", "QZ7ZZZZZ2", "QZ7AAAAA3"]
    vouchers.load(*map(Code, codes))
    vouchers.load(*(Transaction(n, code) for n, code in enumerate(codes)))
    for descending in (True, False):
        values = {**LIST, **of_list, "sort": "code", "descending": descending}
        values = {k: v for k, v in values.items() if k in of_list or k not in ANYTHING}
        rows = rows_of(vouchers.store, name, Filters(access=MASKED), values)
        ends = [row["code"][-2:] for row in rows]
        assert ends == sorted(ends, key=lambda end: int(end[-1]), reverse=descending)
        in_order = [row["code"] for row in rows_of(vouchers.store, name, Filters(), values)]
        assert in_order == sorted(codes, reverse=descending)


def test_a_lookup_is_made_once_for_each_version_of_the_data(
    many_codes: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Access] = []
    real = prefixes.hidden

    def hidden(cursor: Cursor, access: Access) -> Access:
        looked.append(access)
        return real(cursor, access)

    monkeypatch.setattr(prefixes, "hidden", hidden)
    service = QueryService(lambda: many_codes.store)
    for name in ("numbers", "trend", "status"):
        request = service.request(name, Filters(prefix=("AB",), access=MASKED), ())
        query = service.start(request)
        query.future.result(30)
        service.finish(request, query)
    assert len(looked) == 1


def test_unmasked_filters_are_not_looked_up_at_all(many_codes: Vouchers) -> None:
    filters = Filters(prefix=("AB",))
    with many_codes.store.cursor() as cursor:
        assert looked_up(cursor, filters) is filters
