"""To check: each check fires for what it is about, and for none of its neighbours."""

from datetime import datetime

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from tests.support.checks import CHECKS, codes_found, counts, found
from tests.support.rows import Code, Transaction, codes_file
from tests.support.vouchers import Vouchers

AT_8, AT_9 = "08/01/2016 19:42", "09/01/2016 19:42"


def export_codes(vouchers: Vouchers, exported_at: str, *codes: Code, **scope: str) -> None:
    """Import codes from a file that was exported at a moment."""
    path = codes_file(vouchers.directory / "codes.csv", *codes)
    load(vouchers.store, path, Scope(**scope), exported_at=datetime.fromisoformat(exported_at))


def load_codes(vouchers: Vouchers, *codes: Code) -> None:
    """Import codes from a file that is older than all redemptions."""
    export_codes(vouchers, "2016-01-01 00:00", *codes)


def test_every_check_is_named_also_where_it_finds_nothing(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"))
    rows = vouchers.query("to_check", minutes=5, limits="99.8", imported_since=None)
    assert rows == [{"check": check, "rows": 0} for check in CHECKS]


def test_a_code_is_named_that_its_file_has_as_redeemed_and_all_transactions_as_cancelled(
    vouchers: Vouchers,
) -> None:
    vouchers.load(
        Code("CANCELLED", redeemed=AT_8),
        Code("LIVE", redeemed=AT_8),
        Code("ONLY IN FILE", redeemed=AT_8),
        Code("SILENT"),
    )
    vouchers.load(
        Transaction(1, "CANCELLED", cancelled="Yes"),
        Transaction(2, "LIVE", time=AT_8),
        Transaction(3, "SILENT", cancelled="Yes"),
    )
    assert counts(vouchers) == {"no_live_transaction": 1}
    (row,) = found(vouchers, "no_live_transaction")
    assert (row["code"], row["redemption_time"]) == ("CANCELLED", datetime(2016, 1, 8, 19, 42))


def test_a_live_redemption_is_named_of_which_a_later_codes_file_says_nothing(
    vouchers: Vouchers,
) -> None:
    codes = [Code("SILENT"), Code("LATER"), Code("SAID", redeemed=AT_8), Code("CANCELLED")]
    export_codes(vouchers, "2016-01-09 00:00", *codes)
    vouchers.load(
        Transaction(1, "SILENT", time=AT_8),
        Transaction(2, "SILENT", time=AT_9, campaign="C"),
        Transaction(3, "LATER", time=AT_9),
        Transaction(4, "SAID", time=AT_8),
        Transaction(5, "CANCELLED", time=AT_8, cancelled="Yes"),
    )
    assert counts(vouchers) == {"codes_file_silent": 1}
    (row,) = found(vouchers, "codes_file_silent")
    assert (row["code"], row["time"]) == ("SILENT", datetime(2016, 1, 8, 19, 42))
    assert row["exported_at"] == datetime(2016, 1, 9)


def test_a_later_file_of_the_same_scope_says_so_too_and_one_of_another_scope_is_not_known_to(
    vouchers: Vouchers,
) -> None:
    export_codes(vouchers, "2016-01-07 00:00", Code("A1"), Code("A2"), batch="7")
    vouchers.load(Transaction(1, "A1", time=AT_8), Transaction(2, "A2", time=AT_8))
    assert counts(vouchers) == {}
    export_codes(vouchers, "2016-01-09 00:00", Code("A1"), folder="May")  # its folder is new
    assert codes_found(vouchers, "codes_file_silent") == ["A1"]
    export_codes(vouchers, "2016-01-10 00:00", Code("A2"), Code("A3"), batch="8")  # batch is new
    assert codes_found(vouchers, "codes_file_silent") == ["A1", "A2"]


def test_a_code_that_a_later_file_lacks_is_as_the_last_file_with_it_says(
    vouchers: Vouchers,
) -> None:
    export_codes(vouchers, "2016-01-07 00:00", Code("A1"), Code("A2"), batch="7")
    export_codes(vouchers, "2016-01-08 00:00", Code("A1"), Code("A2"), batch="7")
    export_codes(vouchers, "2016-01-10 00:00", Code("A1"), batch="7")
    vouchers.load(
        Transaction(1, "A1", time=AT_8),
        Transaction(2, "A2", time=AT_8),
    )
    assert codes_found(vouchers, "codes_file_silent") == ["A1"]


def test_a_time_is_named_that_is_the_minute_of_no_live_redemption(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("OTHER", redeemed=AT_8),
        Code("SECOND", redeemed=AT_9),
        Code("SECONDS", redeemed=AT_8),
        Code("NEITHER", redeemed="10/01/2016 10:00"),
        Code("ONLY IN FILE", redeemed=AT_8),
    )
    vouchers.load(
        Transaction(1, "OTHER", time=AT_9),
        Transaction(2, "OTHER", time=AT_8, cancelled="Yes"),
        Transaction(3, "SECOND", time=AT_8, campaign="C"),
        Transaction(4, "SECOND", time=AT_9, campaign="C"),
        Transaction(5, "SECONDS", time="08/01/2016 19:42:30"),
        Transaction(6, "NEITHER", time=AT_8, campaign="C"),
        Transaction(7, "NEITHER", time=AT_9, campaign="C"),
    )
    assert counts(vouchers) == {"times_disagree": 2}
    assert codes_found(vouchers, "times_disagree") == ["NEITHER", "OTHER"]


@pytest.mark.parametrize(
    ("code", "group", "near", "differs"),
    [
        ("abc1", "Email", "ABC1", "case"),
        ("AB C1", "Email", "ABC1", "blanks"),
        ("ABC1\u200b", "Email", "ABC1", "invisible signs"),
        ("ABC1", "SMS", "ABC1", "group"),
        ("ABC1", "", "ABC1", "group"),
        ("ABC2", "Email", None, None),
    ],
)
def test_an_unknown_code_is_named_with_the_known_one_that_looks_like_it(
    vouchers: Vouchers, code: str, group: str, near: str | None, differs: str | None
) -> None:
    load_codes(vouchers, Code("ABC1"))
    vouchers.load(Transaction(1, code, group), Transaction(2, "ABC1", cancelled="Yes"))
    assert counts(vouchers) == {"unknown_code": 1}
    (row,) = found(vouchers, "unknown_code")
    assert (row["code"], row["near_code"], row["differs"]) == (code, near, differs)
    assert row["near_group"] == (near and "Email")


def test_of_several_near_misses_the_one_in_the_same_group_is_named(vouchers: Vouchers) -> None:
    load_codes(vouchers, Code("ABC1", "SMS"), Code("abc1", "Email"), Code("AB C1", "Email"))
    vouchers.load(Transaction(1, "ABC1", "Email"))
    (row,) = found(vouchers, "unknown_code")
    assert (row["near_group"], row["near_code"]) == ("Email", "abc1")


def test_a_second_live_redemption_without_a_campaign_is_named(vouchers: Vouchers) -> None:
    load_codes(vouchers, *(Code(code) for code in ("TWICE", "CAMPAIGN", "AGAIN", "ONCE")))
    vouchers.load(
        Transaction(1, "TWICE", time=AT_8),
        Transaction(2, "TWICE", time=AT_9),
        Transaction(3, "TWICE", time="10/01/2016 10:00"),
        Transaction(4, "CAMPAIGN", time=AT_8, campaign="C"),
        Transaction(5, "CAMPAIGN", time=AT_9),
        Transaction(6, "AGAIN", time=AT_8, cancelled="Yes"),
        Transaction(7, "AGAIN", time=AT_9),
        Transaction(8, "ONCE", time=AT_8),
        Transaction(9, "UNKNOWN", time=AT_8),
        Transaction(10, "UNKNOWN", time=AT_9),
        Transaction(11, "UNKNOWN", "SMS", time=AT_9),
    )
    assert counts(vouchers) == {"used_twice": 2, "unknown_code": 3}
    unknown, row = found(vouchers, "used_twice", sort="uses")
    assert (row["code"], row["uses"], unknown["code"]) == ("TWICE", 3, "UNKNOWN")
    assert (row["time"].day, row["second_time"].day) == (8, 9)


def test_two_sites_and_few_minutes_are_named_apart(vouchers: Vouchers) -> None:
    load_codes(vouchers, *(Code(code) for code in ("SITES", "SOON", "SAME", "BLANK")))
    vouchers.load(
        Transaction(1, "SITES", time=AT_8, site="Site1"),
        Transaction(2, "SITES", time=AT_9, site="Site2"),
        Transaction(3, "SOON", time="08/01/2016 10:00"),
        Transaction(4, "SOON", time="08/01/2016 10:05"),
        Transaction(5, "SAME", time="08/01/2016 10:00"),
        Transaction(6, "SAME", time="08/01/2016 10:06"),
        Transaction(7, "BLANK", time=AT_8, site=""),
        Transaction(8, "BLANK", time=AT_9, site="Site2"),
    )
    assert counts(vouchers) == {
        "used_twice": 4, "used_at_two_sites": 1, "used_within_minutes": 1
    }  # fmt: skip
    (row,) = found(vouchers, "used_at_two_sites")
    assert (row["code"], row["site_ref"], row["second_site"]) == ("SITES", "Site1", "Site2")
    assert codes_found(vouchers, "used_within_minutes") == ["SOON"]
    assert codes_found(vouchers, "used_within_minutes", minutes=6) == ["SAME", "SOON"]
    assert codes_found(vouchers, "used_within_minutes", minutes=4) == []


def test_a_redemption_outside_its_dates_is_named_apart_where_it_is_of_a_campaign(
    vouchers: Vouchers,
) -> None:
    dates = {"start": "08/01/2016 00:00", "expiry": "12/01/2016 00:00"}
    load_codes(
        vouchers, *(Code(code, **dates) for code in ("EARLY", "FIRST", "LAST", "LATE", "GONE"))
    )
    vouchers.load(
        Transaction(1, "EARLY", time="07/01/2016 23:59"),
        Transaction(2, "FIRST", time="08/01/2016 00:00"),
        Transaction(3, "LAST", time="11/01/2016 23:59"),
        Transaction(4, "LATE", time="12/01/2016 00:00", campaign="C"),
        Transaction(5, "GONE", time="13/01/2016 00:00", cancelled="Yes"),
    )
    assert counts(vouchers) == {"outside_dates": 1, "outside_dates_in_campaign": 1}
    assert codes_found(vouchers, "outside_dates") == ["EARLY"]
    assert codes_found(vouchers, "outside_dates_in_campaign") == ["LATE"]


def test_a_code_is_named_that_was_cancelled_at_one_site_and_redeemed_later_at_another(
    vouchers: Vouchers,
) -> None:
    load_codes(vouchers, *(Code(code) for code in ("ELSEWHERE", "HERE", "BEFORE", "BLANK")))
    for number, (code, live, site) in enumerate(
        [("ELSEWHERE", AT_9, "Site2"), ("HERE", AT_9, "Site1"), ("BEFORE", "07/01/2016 10:00",
         "Site2"), ("BLANK", AT_9, "")]
    ):  # fmt: skip
        vouchers.load(
            Transaction(f"C{number}", code, time=AT_8, site="Site1", cancelled="Yes"),
            Transaction(f"L{number}", code, time=live, site=site),
        )
    assert counts(vouchers) == {"cancelled_then_elsewhere": 1}
    (row,) = found(vouchers, "cancelled_then_elsewhere")
    assert (row["code"], row["cancelled_site"], row["second_site"]) == (
        "ELSEWHERE", "Site1", "Site2",
    )  # fmt: skip


def test_a_code_redeemed_at_three_sites_is_named_by_its_last_one_elsewhere(
    vouchers: Vouchers,
) -> None:
    load_codes(vouchers, Code("A1"))
    vouchers.load(
        Transaction(1, "A1", time="08/01/2016 10:00", site="Site1", cancelled="Yes"),
        Transaction(2, "A1", time="08/01/2016 11:00", site="Site2", campaign="C"),
        Transaction(3, "A1", time="08/01/2016 12:00", site="Site1", campaign="C"),
    )
    (row,) = found(vouchers, "cancelled_then_elsewhere")
    assert (row["second_site"], row["second_time"].hour) == ("Site2", 11)


@pytest.mark.parametrize(
    ("start", "expiry", "named"),
    [
        ("01/01/2016 00:00", "31/01/2016 00:00", {"last_day": 1}),  # a month's end
        ("01/01/2016 00:00", "31/01/2016 00:01", {"last_day": 1}),
        ("01/01/2016 00:00", "31/01/2016 00:02", {}),
        ("01/01/2016 00:00", "10/01/2016 00:00", {"last_day": 1}),  # a Sunday
        ("01/01/2016 00:00", "11/01/2016 00:00", {}),
        ("01/01/2016 00:00", "01/02/2016 00:00", {}),
        ("11/01/2016 00:00", "11/01/2016 00:00", {"not_after_start": 1}),
        ("12/01/2016 00:00", "11/01/2016 00:00", {"not_after_start": 1}),
        ("", "11/01/2016 00:00", {}),
        ("11/01/2016 00:00", "", {}),
    ],
)
def test_an_expiry_is_named_that_looks_like_the_last_day_or_is_not_after_the_start(
    vouchers: Vouchers, start: str, expiry: str, named: dict[str, int]
) -> None:
    vouchers.load(Code("A1", start=start, expiry=expiry))
    assert counts(vouchers) == named


def test_a_bounceback_is_named_by_what_is_wrong_with_its_parent(vouchers: Vouchers) -> None:
    load_codes(
        vouchers,
        *(Code(code, "SMS") for code in ("REDEEMED", "UNREDEEMED", "CANCELLED")),
        Code("CHILD1", parent="REDEEMED"),
        Code("CHILD2", parent="UNREDEEMED"),
        Code("CHILD3", parent="CANCELLED"),
        Code("CHILD4", parent="MISSING"),
        Code("CHILD5"),
    )
    vouchers.load(
        Transaction(1, "REDEEMED", "SMS"),
        Transaction(2, "CANCELLED", "SMS", cancelled="Yes"),
        Transaction(3, "MISSING", "SMS", campaign="C"),
    )
    assert counts(vouchers) == {
        "parent_not_loaded": 1, "parent_not_redeemed": 1, "parent_cancelled": 1, "unknown_code": 1
    }  # fmt: skip
    for check, child in (("not_redeemed", "CHILD2"), ("cancelled", "CHILD3")):
        assert codes_found(vouchers, f"parent_{check}") == [child]
    (row,) = found(vouchers, "parent_not_loaded")
    assert (row["code"], row["parent_code"]) == ("CHILD4", "MISSING")


def test_codes_that_are_their_own_parents_in_a_circle_are_named(vouchers: Vouchers) -> None:
    vouchers.load(
        *(Code(code, redeemed=AT_8, parent=parent) for code, parent in (
            ("SELF", "SELF"), ("A", "B"), ("B", "C"), ("C", "A"), ("TAIL", "A"), ("D", "E"),
            ("E", "F"), ("F", ""), ("G", "TAIL"),
        )),
    )  # fmt: skip
    assert codes_found(vouchers, "parent_cycle") == ["A", "B", "C", "SELF"]


def rows_of_sites(*sites: tuple[str, int, int]) -> list[Transaction]:
    """Redemptions of a campaign's code at sites, of which so many are cancelled."""
    return [
        Transaction(
            f"{site}-{number}", "A1", site=site, campaign="C",
            time=f"08/01/2016 {10 + number // 60:02}:{number % 60:02}",
            cancelled="Yes" if number < cancelled else "No",
        )
        for site, cancelled, redemptions in sites
        for number in range(redemptions)
    ]  # fmt: skip


def test_a_site_is_named_whose_cancellation_rate_is_beyond_the_limits(vouchers: Vouchers) -> None:
    load_codes(vouchers, Code("A1"))
    vouchers.load(
        *rows_of_sites(("Site1", 10, 300), ("Site2", 12, 300), ("Far", 25, 100), ("Few", 1, 2)),
        *rows_of_sites(("", 50, 60)),
    )
    (row,) = found(vouchers, "site_far_from_rest")
    assert (row["site_ref"], row["cancellations"], row["redemptions"]) == ("Far", 25, 100)
    assert row["cancellation_rate"] == 0.25
    assert row["rate_of_all"] == 48 / 702
    # Site1 has 3.3 % of 300, which chance would do: 8 in 1,000 times.
    near = {row["site_ref"] for row in found(vouchers, "site_far_from_rest", limits=95)}
    assert near == {"Far", "Site1"}


def test_no_site_is_far_from_the_rest_where_nothing_or_everything_is_cancelled(
    vouchers: Vouchers,
) -> None:
    load_codes(vouchers, Code("A1"))
    vouchers.load(*rows_of_sites(("Site1", 0, 100), ("Site2", 0, 5)))
    assert counts(vouchers) == {}


def test_a_check_is_of_the_chosen_codes_and_judges_them_by_all_redemptions(
    vouchers: Vouchers,
) -> None:
    load_codes(vouchers, Code("A1"), Code("A2", "SMS"), Code("A3"))
    vouchers.load(
        Transaction(1, "A1", time=AT_8, site="Site1"),
        Transaction(2, "A1", time=AT_9, site="Site2"),
        Transaction(3, "A2", "SMS", time=AT_8),
        Transaction(4, "A2", "SMS", time=AT_9),
    )
    assert codes_found(vouchers, "used_twice", "group=SMS") == ["A2"]
    assert codes_found(vouchers, "used_twice", "site=Site2") == ["A1"]
    assert codes_found(vouchers, "used_at_two_sites", "site=Site2") == ["A1"]
    assert codes_found(vouchers, "used_twice", "from=2016-01-09") == ["A1", "A2"]
    assert codes_found(vouchers, "used_twice", "from=2016-01-10") == []


def test_a_day_leaves_the_codes_that_imports_since_were_about(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("OLD", expiry="31/01/2016 00:00"),
        Code("CHANGED", expiry="30/01/2016 00:00"),
        Code("USED", expiry="31/01/2016 00:00"),
        folder="May",
    )
    with vouchers.store.writing() as cursor:
        cursor.execute("update vouchers.imports set imported_at = '2016-02-01 10:00'")
    vouchers.load(
        Code("CHANGED", expiry="31/01/2016 00:00"), Code("NEW", expiry="31/01/2016 00:00")
    )
    vouchers.load(Transaction(1, "USED", time=AT_8), Transaction(2, "UNKNOWN", ""))
    since = datetime(2016, 2, 1, 10, 1)
    every = ["CHANGED", "NEW", "OLD", "USED"]
    assert codes_found(vouchers, "last_day") == every
    assert codes_found(vouchers, "last_day", imported_since="2016-02-01") == every
    assert codes_found(vouchers, "last_day", imported_since=since) == ["CHANGED", "NEW", "USED"]
    assert codes_found(vouchers, "unknown_code", imported_since=since) == ["UNKNOWN"]
    assert codes_found(vouchers, "last_day", imported_since="2100-01-01") == []
