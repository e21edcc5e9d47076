"""Outstanding codes by day of expiry, and what past batches of the group did."""

from datetime import datetime, timedelta

import pytest

from queries.access import Access
from queries.filters import Filters
from tests.support.queries import filters_of, query_rows
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

NOW = datetime(2016, 3, 1)


def batch_of(
    number: int,
    size: int = 20,
    group: str = "Email",
    expiry: str = "01/02/2016 00:00",
    start: str = "01/01/2016 00:00",
) -> list[Code]:
    return [Code(f"B{number}C{n}", group, start, expiry) for n in range(size)]


def at(vouchers: Vouchers, days_left: int, query: str = "") -> list[tuple[str, int, int]]:
    """The past batches with outstanding codes so many days before the expiry."""
    rows = vouchers.query("exposure_backtest", query, NOW)
    return [
        (row["batch"], row["outstanding"], row["redeemed"])
        for row in rows
        if row["days_left"] == days_left and row["is_own"]
    ]


def test_outstanding_codes_stand_at_their_day_of_expiry_and_add_up_to_the_tile(
    vouchers: Vouchers,
) -> None:
    vouchers.load(
        Code("A1", expiry="05/03/2016 00:00"),
        Code("A2", expiry="05/03/2016 00:01"),
        Code("A3", expiry="05/03/2016 23:59"),
        Code("A4", "SMS", expiry="30/05/2016 00:00"),  # in 90 days
        Code("A5", "SMS", expiry="31/05/2016 00:00"),
        Code("A6", "SMS", expiry=""),
        Code("A7", expiry="01/03/2016 00:00"),  # has expired
        Code("A8", start="02/03/2016 00:00", expiry="05/03/2016 00:00"),  # has not started
        Code("A9", expiry="05/03/2016 00:00", redeemed="20/02/2016 12:00"),
    )
    rows = vouchers.query("exposure", now=NOW)
    fifth, thirtieth = datetime(2016, 3, 5), datetime(2016, 5, 30)
    assert [
        (row["group_name"], row["reach"], row["expires"], row["days_left"], row["codes"])
        for row in rows
    ] == [
        ("Email", "soon", fifth, 4, 2),
        ("Email", "soon", fifth, 5, 1),
        ("SMS", "soon", thirtieth, 90, 1),
        ("SMS", "later", None, None, 1),
        ("SMS", "never", None, None, 1),
    ]
    vouchers.expect(now=NOW, outstanding=6)
    assert {row["batches"] for row in rows} == {0}


def test_a_cancelled_or_deleted_code_is_not_outstanding(vouchers: Vouchers) -> None:
    vouchers.load(*(Code(f"A{n}", expiry="05/03/2016 00:00") for n in (1, 2, 3)))
    vouchers.load(Transaction(1, "A1", cancelled="Yes"), Transaction(2, "A2", deleted="Yes"))
    (row,) = vouchers.query("exposure", now=NOW)
    assert row["codes"] == 1


def test_of_a_past_batch_those_count_that_were_not_redeemed_so_long_before_the_expiry(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*batch_of(1, 24), batch="1")
    vouchers.load(
        Transaction(1, "B1C1", time="03/01/2016 12:00"),  # 29 days before, not outstanding at 28
        Transaction(2, "B1C2", time="04/01/2016 00:00"),  # exactly 28 days before, neither
        Transaction(3, "B1C3", time="04/01/2016 00:01"),
        Transaction(4, "B1C4", time="20/01/2016 12:00"),  # 12 days before
        Transaction(5, "B1C5", time="31/01/2016 23:59"),
        Transaction(6, "B1C6", time="01/02/2016 00:01"),  # too late
    )
    assert at(vouchers, 28) == [("1", 22, 3)]
    assert at(vouchers, 14) == [("1", 21, 2)]
    assert at(vouchers, 7) == [("1", 20, 1)]


def test_a_code_that_was_cancelled_is_outstanding_until_then_and_comes_if_redeemed_later(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*batch_of(1, 22), batch="1")
    vouchers.load(
        Transaction(1, "B1C1", time="10/01/2016 12:00", cancelled="Yes"),
        Transaction(2, "B1C1", time="27/01/2016 12:00"),
        Transaction(3, "B1C2", time="10/01/2016 12:00", deleted="Yes"),
    )
    assert at(vouchers, 28) == [("1", 22, 2)]
    assert at(vouchers, 14) == [("1", 20, 0)]


def test_codes_that_had_not_started_so_long_before_are_not_in_it(vouchers: Vouchers) -> None:
    late = [Code(f"L{n}", start="07/01/2016 00:00", expiry="01/02/2016 00:00") for n in range(5)]
    vouchers.load(*batch_of(1), *late, batch="1")
    assert at(vouchers, 28) == [("1", 20, 0)]
    assert at(vouchers, 14) == [("1", 25, 0)]


def test_a_batch_is_past_when_all_its_codes_have_expired(vouchers: Vouchers) -> None:
    vouchers.load(*batch_of(1), batch="1")
    vouchers.load(*batch_of(2), Code("open", expiry="02/03/2016 00:00"), batch="2")
    vouchers.load(*batch_of(3), Code("for ever", expiry=""), batch="3")
    assert at(vouchers, 7) == [("1", 20, 0)]
    assert [b for b, *_ in at(vouchers, 7, "asof=2016-03-02")] == ["1", "2"]
    assert at(vouchers, 7, "asof=2016-01-31") == []


def test_codes_without_a_batch_that_expire_in_the_same_month_are_as_one(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*batch_of(1, 12), *batch_of(2, 12, expiry="05/02/2016 00:00"))
    assert at(vouchers, 7) == [("(no batch), expired Feb 2016", 24, 0)]


def test_fewer_than_twenty_outstanding_codes_tell_nothing(vouchers: Vouchers) -> None:
    vouchers.load(*batch_of(1, 19), batch="1")
    assert at(vouchers, 7) == []


def test_the_share_that_comes_is_the_mean_of_the_past_batches_of_the_same_group(
    vouchers: Vouchers,
) -> None:
    vouchers.load(*batch_of(1), batch="1")
    vouchers.load(*batch_of(2, 40), batch="2")
    vouchers.load(*batch_of(3, group="SMS"), batch="3")
    vouchers.load(
        *(Transaction(n, f"B1C{n}", time="30/01/2016 12:00") for n in range(4)),  # 4 of 20
        *(Transaction(9 + n, f"B2C{n}", time="30/01/2016 12:00") for n in range(4)),  # 4 of 40
    )
    vouchers.load(Code("now", start="06/02/2016 00:00", expiry="08/03/2016 00:00"), batch="4")
    (row,) = vouchers.query("exposure", now=NOW)
    assert (row["days_left"], row["batches"]) == (7, 2)
    assert (row["past_codes"], row["past_redeemed"]) == (60, 8)
    assert row["share"] == pytest.approx(0.15)
    assert row["spread"] == pytest.approx(0.005**0.5)
    assert row["size"] == pytest.approx(2 / (1 / 20 + 1 / 40))


def test_only_codes_that_ran_about_as_long_tell(vouchers: Vouchers) -> None:
    for number in range(8):
        past = batch_of(number, start="21/12/2015 00:00", expiry="01/02/2016 00:00")  # 42 days
        vouchers.load(*past, batch=str(number))
        came = f"B{number}C1"
        vouchers.load(Transaction(f"T{number}", came, time="30/01/2016 12:00"))
    vouchers.load(
        Code("long", start="01/10/2015 00:00", expiry="31/03/2016 00:00"),  # 182 days
        Code("like", start="16/02/2016 00:00", expiry="31/03/2016 00:00"),  # 44 days
        Code("without", start="", expiry="31/03/2016 00:00"),
        batch="now",
    )
    rows = {row["lifetime"]: row for row in vouchers.query("exposure", now=NOW)}
    assert {lifetime: row["batches"] for lifetime, row in rows.items()} == {182: 0, 44: 8, None: 0}
    assert {row["days_left"] for row in rows.values()} == {30}
    assert rows[44]["share"] == pytest.approx(0.05)
    assert rows[182]["share"] is None
    tried = vouchers.query("exposure_backtest", now=NOW)
    assert {row["lifetime"] for row in tried if row["is_own"]} == {42}


@pytest.mark.parametrize(
    ("expiry", "batches"),
    [
        ("24/02/2016 00:00", 0),  # 31 days
        ("25/02/2016 00:00", 1),  # 32 days: 1.25 times make 40
        ("14/03/2016 00:00", 1),  # 50 days, of which 0.8 times make 40
        ("15/03/2016 00:00", 0),
    ],
)
def test_a_lifetime_is_alike_from_four_fifths_to_five_quarters(
    vouchers: Vouchers, expiry: str, batches: int
) -> None:
    past = batch_of(1, start="24/01/2016 00:00", expiry=expiry)
    vouchers.load(*past, batch="1")
    now = datetime(2016, 4, 1)
    vouchers.load(Code("now", start="01/03/2016 00:00", expiry="10/04/2016 00:00"), batch="2")
    (row,) = vouchers.query("exposure", now=now)
    assert (row["lifetime"], row["batches"]) == (40, batches)


def test_codes_without_a_start_tell_of_one_another(vouchers: Vouchers) -> None:
    vouchers.load(*batch_of(1, start=""), batch="1")
    vouchers.load(Code("now", start="", expiry="08/03/2016 00:00"), batch="2")
    (row,) = vouchers.query("exposure", now=NOW)
    assert (row["lifetime"], row["batches"]) == (None, 1)


def test_only_the_group_narrows_the_history(vouchers: Vouchers) -> None:
    vouchers.load(*batch_of(1), batch="1", folder="January")
    vouchers.load(
        Code("now", start="06/02/2016 00:00", expiry="08/03/2016 00:00"), batch="4", folder="March"
    )
    for query in ("batch=4", "folder=March", "status=active", "expiry_from=2016-03-01", "site=X"):
        (row,) = vouchers.query("exposure", query, NOW)
        assert (query, row["batches"]) == (query, 1)
    assert vouchers.query("last_stretch", "group=SMS", NOW) == []
    assert vouchers.query("last_stretch", "group!=Email", NOW) == []
    assert len(vouchers.query("last_stretch", "group=Email&batch=4", NOW)) == 31
    # Everything else than another group may have codes of this one.
    assert len(vouchers.query("last_stretch", "group=SMS&rest=yes", NOW)) == 31


def test_nobody_learns_from_batches_that_they_may_not_see(vouchers: Vouchers) -> None:
    vouchers.load(*batch_of(1), batch="1", folder="Secret")
    for access in (Access(groups=("SMS",)), Access(folders=("March",))):
        with vouchers.store.cursor() as db:
            filters = Filters(access=access)
            assert query_rows(db, "last_stretch", filters, NOW) == []
            assert query_rows(db, "exposure_backtest", filters, NOW) == []


def test_the_days_left_are_counted_from_the_nearest_midnight(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", expiry="05/03/2016 00:00"))
    for hours, days in ((11, 4), (13, 3), (36, 2)):
        (row,) = vouchers.query("exposure", now=NOW + timedelta(hours=hours))
        assert row["days_left"] == days


def test_rows_give_what_totals_give(vouchers: Vouchers) -> None:
    vouchers.load(*batch_of(1), batch="1")
    vouchers.load(*batch_of(2, expiry="08/03/2016 00:00"), batch="2")
    by_prefix = vouchers.query("exposure", "prefix=B2C&prefix=B1C1", NOW)
    with vouchers.store.cursor() as db:
        assert query_rows(db, "exposure", filters_of("batch=2"), NOW) == by_prefix
