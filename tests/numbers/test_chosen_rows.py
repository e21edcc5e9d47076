"""Which codes and which redemptions each filter selects."""

from collections.abc import Iterator

import pytest

from data.store.database import Store
from queries.filters import BY_NAME, FIELDS, STATUSES
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers


@pytest.fixture(scope="module")
def two_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vouchers]:
    """Four codes with a redemption each, and one with blank columns. Do not change."""
    directory = tmp_path_factory.mktemp("two_folders")
    vouchers = Vouchers(Store(directory / "vouchers.duckdb"), directory)
    vouchers.load(Code("ZERO", "Till", "", "", "", "", ""))
    vouchers.load(Code("MAY1"), Code("MAY2", "SMS"), folder="May", batch="1", prefix="MAY")
    vouchers.load(
        Code("JUN1", type="Discount", quantity="", item="17"),
        Code("JUN2", "SMS", type="Payment", quantity="", item=""),
        folder="June",
        batch="2",
    )
    vouchers.load(
        Transaction(
            "T1",
            "MAY1",
            time="10/01/2016 12:00",
            campaign="C7",
            campaign_name="Times",
            site="Site001",
        ),
        Transaction("T2", "MAY2", "SMS", time="11/01/2016 12:00", site="Site002"),
        Transaction("T3", "JUN1", time="12/01/2016 12:00", campaign_name="Nameless", site=""),
        Transaction("T4", "JUN2", "SMS", time="13/01/2016 12:00", campaign="C8", cancelled="Yes"),
    )
    yield vouchers
    vouchers.store.close()


@pytest.mark.parametrize(
    ("query", "codes", "redemptions"),
    [
        ("folder=May", 2, 2),
        ("folder=May&folder=June", 4, 4),
        ("group=Email", 2, 2),
        ("group=Email&group=SMS&group=nobody", 4, 4),
        ("batch=2", 2, 2),
        ("prefix=MAY", 2, 2),
        ("prefix=MAY1", 1, 1),
        ("prefix=MAY2&prefix=JUN", 3, 3),
        ("prefix=AY", 0, 0),
        ("prefix=may", 0, 0),
        ("type=Item", 2, 2),
        ("type=Item&type=Payment", 3, 3),
        ("item=17", 1, 1),
        ("item=(no item)", 2, 1),
        ("type=(no type)", 1, 0),
        ("folder=(no folder)", 1, 0),
        ("batch=(no batch)&batch=1", 3, 2),
        ("folder=May&group=Email", 1, 1),
        ("folder=May&batch=2", 0, 0),
        ("folder=June&group=SMS&type=Payment&prefix=J&status=cancelled", 1, 1),
        ("group=nobody", 0, 0),
        ("folder!=May", 3, 2),
        ("folder!=(no folder)", 4, 4),
        ("folder!=May&folder!=June", 1, 0),
        ("group!=Email", 3, 2),
        ("group!=nobody", 5, 4),
        ("group=Email&group=SMS&group!=SMS", 2, 2),
        ("group=SMS&group!=SMS", 0, 0),
        ("prefix!=MAY", 3, 2),
        ("prefix!=MAY1&prefix!=JUN", 2, 1),
        ("prefix!=may", 5, 4),
        ("prefix!=(no prefix)", 2, 2),
        ("prefix=J&prefix=M&prefix!=JUN1", 3, 3),
        ("batch!=1", 3, 2),
        ("batch!=(no batch)", 4, 4),
        ("type!=Item", 3, 2),
        ("type!=(no type)", 4, 4),
        ("item!=17", 4, 3),
        ("item!=(no item)", 3, 3),
        ("status!=redeemed&asof=2016-06-01", 2, 1),
        ("status=redeemed&status!=redeemed", 0, 0),
        ("folder!=May&group!=SMS", 2, 1),
    ],
)
def test_these_filters_choose_codes_and_with_them_their_transactions(
    two_folders: Vouchers, query: str, codes: int, redemptions: int
) -> None:
    two_folders.expect(query, codes_issued=codes, redemptions=redemptions)


@pytest.mark.parametrize(
    ("query", "redemptions"),
    [
        ("campaign=C7", 1),
        ("campaign=Times", 0),
        ("campaign=C7&campaign=C8", 2),
        ("campaign=Nameless", 1),
        ("campaign=(no campaign)", 1),
        ("campaign=C9", 0),
        ("site=Site001", 2),
        ("site=Site001&site=Site002", 3),
        ("site=(no site)", 1),
        ("site=(no site)&site=Site002", 2),
        ("cancelled=yes", 1),
        ("cancelled=no", 3),
        ("from=2016-01-12", 2),
        ("to=2016-01-12", 3),
        ("from=2016-01-11&to=2016-01-12", 2),
        ("from=2016-01-12&to=2016-01-11", 0),
        ("site=Site001&campaign=C7&cancelled=no", 1),
        ("site=Site001&campaign=C7&cancelled=yes", 0),
        ("site!=Site001", 2),
        ("site!=(no site)", 3),
        ("site!=Site001&site!=(no site)", 1),
        ("site!=Site367", 4),
        ("site=Site001&site=Site002&site!=Site001", 1),
        ("campaign!=C7", 3),
        ("campaign!=Nameless", 3),
        ("campaign!=(no campaign)", 3),
        ("campaign!=C7&site!=Site002&cancelled=no", 1),
    ],
)
def test_these_filters_choose_transactions_and_leave_the_codes(
    two_folders: Vouchers, query: str, redemptions: int
) -> None:
    two_folders.expect(query, codes_issued=5, redemptions=redemptions)


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vouchers]:
    """Codes with a redemption each, by what their dates are. Do not change."""
    directory = tmp_path_factory.mktemp("dated")
    vouchers = Vouchers(Store(directory / "vouchers.duckdb"), directory)
    dates = {
        "MARCH": ("01/03/2018 00:00", "31/03/2018 23:59"),
        "FIRST": ("01/03/2018 12:00", "01/04/2018 00:00"),
        "LAST": ("31/03/2018 23:59", "30/04/2018 23:59"),
        "MAY": ("01/04/2018 00:00", "01/05/2018 00:00"),
        "EVER": ("", ""),
    }
    vouchers.load(*(Code(code, start=start, expiry=end) for code, (start, end) in dates.items()))
    sold = [Transaction(n, code, time="10/04/2018 12:00") for n, code in enumerate(dates)]
    vouchers.load(*sold, Transaction("T9", "GHOST", time="10/04/2018 12:00"))
    yield vouchers
    vouchers.store.close()


@pytest.mark.parametrize(
    ("query", "codes", "redemptions"),
    [
        ("", 5, 6),
        ("expiry_from=2018-04-01&expiry_to=2018-04-30", 2, 2),
        ("expiry_from=2018-05-01", 1, 1),
        ("expiry_to=2018-03-31", 1, 1),
        ("expiry_from=1900-01-01", 4, 4),
        ("start_from=2018-03-01&start_to=2018-03-01", 2, 2),
        ("start_from=2018-03-31", 2, 2),
        ("start_to=2018-03-31", 3, 3),
        ("start_from=2018-03-02&expiry_to=2018-04-30", 1, 1),
        ("start_from=2018-04-01&start_to=2018-03-01", 0, 0),
        ("expiry_from=2018-04-01&site!=Site001", 3, 0),
    ],
)
def test_a_range_chooses_codes_by_their_dates_and_none_without_a_date(
    dated: Vouchers, query: str, codes: int, redemptions: int
) -> None:
    dated.expect(query, codes_issued=codes, redemptions=redemptions)


def test_several_filters_of_both_sorts_must_all_match(two_folders: Vouchers) -> None:
    two_folders.expect("folder=May&site=Site002", codes_issued=2, redemptions=1)
    two_folders.expect("folder=June&site=Site002", codes_issued=2, redemptions=0)
    two_folders.expect("group=SMS&cancelled=yes&to=2016-01-13", codes_issued=2, redemptions=1)


def test_to_includes_the_whole_day_and_from_begins_at_midnight(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction("T1", "A1", time="09/01/2016 23:59:59"),
        Transaction("T2", "A1", time="10/01/2016 00:00"),
        Transaction("T3", "A1", time="16/01/2016 23:59:59"),
        Transaction("T4", "A1", time="17/01/2016 00:00"),
    )
    vouchers.expect("from=2016-01-10&to=2016-01-16", redemptions=2)


def test_a_transaction_of_a_known_code_is_chosen_by_the_codes_folder_and_batch(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Code("A1"), folder="May", batch="1")
    vouchers.load(Code("A2"))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00"),
        folder="June",
        batch="2",
    )
    vouchers.expect("folder=May", codes_issued=1, redemptions=1)
    vouchers.expect("batch=1", codes_issued=1, redemptions=1)
    vouchers.expect("folder=June", codes_issued=0, redemptions=0)
    vouchers.expect("batch=2", codes_issued=0, redemptions=0)


def test_moving_a_code_to_another_folder_moves_its_transactions(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), folder="May", batch="1")
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00"))
    vouchers.load(Code("A1"), folder="June")
    vouchers.expect("folder=May", codes_issued=0, redemptions=0)
    vouchers.expect("folder=June&batch=1", codes_issued=1, redemptions=1)


@pytest.fixture(scope="module")
def unknown_code(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vouchers]:
    """One transaction whose code is in no codes file. Do not change."""
    directory = tmp_path_factory.mktemp("unknown_code")
    vouchers = Vouchers(Store(directory / "vouchers.duckdb"), directory)
    vouchers.load(
        Transaction("T1", "GHOST", time="10/01/2016 12:00"), folder="May", batch="1", prefix="XX"
    )
    yield vouchers
    vouchers.store.close()


@pytest.mark.parametrize(
    ("query", "redemptions"),
    [
        ("group=Email", 1),
        ("group=SMS", 0),
        ("folder=May", 1),
        ("folder=June", 0),
        ("batch=1", 1),
        ("batch=2", 0),
        ("prefix=GHO", 1),
        ("prefix=HOST", 0),
        ("prefix=XX", 0),
        ("prefix=XX&prefix=GH", 1),
        ("group=Email&folder=May&batch=1&prefix=G&site=Site001", 1),
        ("group=Email&folder=June", 0),
        ("type=Item", 0),
        ("type=(no type)", 0),
        ("item=10000056168", 0),
        ("item=(no item)", 0),
        *((f"status={status}", 0) for status in STATUSES),
        # It has no type, no item, no status, no known prefix: none of them is excluded either.
        ("type!=Item", 1),
        ("type!=(no type)", 1),
        ("item!=(no item)", 1),
        ("prefix!=(no prefix)", 1),
        *((f"status!={status}", 1) for status in STATUSES),
        ("group!=Email", 0),
        ("group!=(no group)", 1),
        ("folder!=May", 0),
        ("batch!=1", 0),
        ("prefix!=GHO", 0),
        ("prefix!=XX", 1),
        ("site!=Site001", 0),
        ("expiry_from=1900-01-01", 0),
        ("start_to=2100-01-01&status!=active", 0),
    ],
)
def test_a_transaction_of_an_unknown_code_is_chosen_by_its_own_columns(
    unknown_code: Vouchers, query: str, redemptions: int
) -> None:
    unknown_code.expect(
        query, codes_issued=0, redemptions=redemptions, of_unknown_codes=redemptions
    )


def test_a_transaction_without_a_group_can_be_chosen_as_such(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction("T1", "GHOST", "", time="10/01/2016 12:00"),
        Transaction("T2", "A1", time="10/01/2016 12:00"),
    )
    vouchers.expect("group=(no group)", redemptions=1)
    (group, _) = sorted(vouchers.query("uptake_by_group"), key=lambda bar: str(bar["group_name"]))
    assert (group["group_name"], group["net"], group["redemption_rate"]) == ("(no group)", 1, None)


def test_a_codes_file_imported_later_applies_to_transactions_of_unknown_codes(
    vouchers: Vouchers,
) -> None:
    vouchers.load(Transaction("T1", "A1", time="10/01/2016 12:00"), folder="May", batch="1")
    vouchers.load(Code("A1", quantity="4"), folder="June", batch="2")
    vouchers.expect("folder=May", codes_issued=0, redemptions=0)
    vouchers.expect("folder=June", codes_issued=1, redemptions=1, redeemed_codes=1)
    vouchers.expect("type=Item", codes_issued=1, redemptions=1, units_given=4, of_unknown_codes=0)
    vouchers.expect("status=redeemed", codes_issued=1, redemptions=1)


@pytest.mark.parametrize("field", ["folder", "group", "batch", "prefix", "type", "item"])
def test_an_option_of_a_codes_filter_selects_as_many_codes_as_it_counts(
    two_folders: Vouchers, field: str
) -> None:
    offered = two_folders.query("options_of_codes", field=field, search=None)
    assert sum(option["count"] for option in offered) == 5
    for option in offered:
        two_folders.expect(f"{field}={option['value']}", codes_issued=option["count"])


@pytest.mark.parametrize("field", ["site", "campaign"])
def test_an_option_of_a_redemptions_filter_selects_as_many_as_it_counts(
    two_folders: Vouchers, field: str
) -> None:
    offered = two_folders.query("options_of_transactions", field=field, search=None)
    assert sum(option["count"] for option in offered) == 4
    for option in offered:
        two_folders.expect(f"{field}={option['value']}", redemptions=option["count"])


SOME_VALUE = {
    **{"folder": "May", "group": "SMS", "prefix": "MAY1", "batch": "2", "type": "(no type)"},
    **{"item": "17", "campaign": "C7", "site": "Site001", "status": "redeemed"},
}


@pytest.mark.parametrize("field", [f.name for f in FIELDS if f.takes == "texts" and not f.excludes])
@pytest.mark.parametrize("beside", ["", "&site!=Site002", "&cancelled=no"])
def test_what_a_filter_chooses_and_what_it_excludes_are_all_together(
    two_folders: Vouchers, field: str, beside: str
) -> None:
    def counts(query: str) -> tuple[int, int]:
        (tiles,) = two_folders.query("numbers", query + beside)
        return tiles["codes_issued"], tiles["redemptions"]

    some, others, (codes, redemptions) = map(
        counts, (f"{field}={SOME_VALUE[field]}", f"{field}!={SOME_VALUE[field]}", "")
    )
    assert some[1] + others[1] == redemptions
    chooses_codes = BY_NAME[field].chooses == "codes"
    assert (some[0] + others[0] if chooses_codes else some[0]) == codes
