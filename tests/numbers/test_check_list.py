"""The verdicts on a list of codes, and the near misses of those that are unknown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pages.checking.verdicts import of_lines, reading
from queries.access import EVERYTHING, Access
from queries.checking.check import Checked, check
from queries.checking.listing import listing
from queries.checking.printed import rows_of
from tests.support.queries import NOW, filters_of
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

FIRST, SECOND = datetime(2016, 1, 8, 19, 42), datetime(2016, 1, 9, 12, 0)


def checked(
    vouchers: Vouchers, codes: Sequence[str], query: str = "", access: Access = EVERYTHING
) -> Checked:
    with vouchers.store.cursor() as cursor:
        filters = replace(filters_of(query), access=access)
        return check(cursor, listing(enumerate(codes, 1)), filters, NOW)


def rows(vouchers: Vouchers, codes: Sequence[str], query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = checked(vouchers, codes, query).rows.to_pylist()
    return found


def verdicts(vouchers: Vouchers, *codes: str, query: str = "") -> list[str]:
    return [row["verdict"] for row in rows(vouchers, codes, query)]


def near(vouchers: Vouchers, code: str) -> tuple[str | None, str | None]:
    (row,) = rows(vouchers, [code])
    assert row["verdict"] == "unknown"
    return row["near_miss"], row["difference"]


@pytest.fixture
def lives(vouchers: Vouchers) -> Vouchers:
    """A code of each verdict, by its name."""
    vouchers.load(
        Code("REDEEMED"),
        Code("ACTIVE"),
        Code("CANCELLED"),
        Code("EXPIRED", expiry="01/06/2016 00:00"),
        Code("SCHEDULED", start="02/06/2016 00:00"),
        Code("DELETED"),
        Code("FROMFILE", redeemed="09/01/2016 12:00"),
    )
    vouchers.load(
        Transaction(1, "REDEEMED", site="Site007"),
        Transaction(2, "REDEEMED", time="09/01/2016 12:00", site="Site001"),
        Transaction(3, "CANCELLED", cancelled="Yes"),
        Transaction(4, "DELETED", cancelled="Yes", deleted="Yes"),
    )
    return vouchers


def test_each_code_has_a_verdict_and_a_redeemed_one_says_when_and_where(lives: Vouchers) -> None:
    codes = ["REDEEMED", "ACTIVE", "CANCELLED", "EXPIRED", "SCHEDULED", "DELETED", "FROMFILE", "X"]
    found = rows(lives, codes)
    assert [(row["line"], row["code"], row["verdict"]) for row in found] == [
        (1, "REDEEMED", "redeemed"),
        (2, "ACTIVE", "not redeemed"),
        (3, "CANCELLED", "cancelled only"),
        (4, "EXPIRED", "expired"),
        (5, "SCHEDULED", "scheduled"),
        (6, "DELETED", "deleted"),
        (7, "FROMFILE", "redeemed"),
        (8, "X", "unknown"),
    ]
    when_and_where = [(row["redeemed_at"], row["site"]) for row in found]
    assert when_and_where == [(FIRST, "Site007"), *[(None, None)] * 5, (SECOND, None), (None, None)]
    assert [row["group_name"] for row in found] == ["Email"] * 7 + [None]


def test_a_verdict_is_as_of_the_moment_of_the_filters(lives: Vouchers) -> None:
    codes = ("REDEEMED", "EXPIRED", "SCHEDULED", "CANCELLED")
    before = ["not redeemed", "not redeemed", "scheduled", "not redeemed"]
    assert verdicts(lives, *codes, query="asof=2016-01-08") == before
    assert verdicts(lives, *codes, query="to=2016-01-07") == before
    assert verdicts(lives, "SCHEDULED", query="asof=2016-06-02") == ["not redeemed"]
    (row,) = rows(lives, ["REDEEMED"], "asof=2016-01-08")
    assert (row["redeemed_at"], row["site"]) == (None, None)


def test_filters_of_codes_choose_among_which_codes_a_list_is_looked_up(lives: Vouchers) -> None:
    lives.load(Code("SMS1", "SMS"))
    assert verdicts(lives, "SMS1", "ACTIVE", query="group=SMS") == ["not redeemed", "unknown"]
    assert verdicts(lives, "SMS1", "ACTIVE", query="group!=SMS") == ["unknown", "not redeemed"]
    assert verdicts(lives, "REDEEMED", "ACTIVE", query="status=redeemed") == ["redeemed", "unknown"]


def test_filters_of_redemptions_choose_no_codes(lives: Vouchers) -> None:
    query = "site=Site999&campaign=C&cancelled=yes&from=2016-05-01"
    assert verdicts(lives, "REDEEMED", "ACTIVE", query=query) == ["redeemed", "not redeemed"]


def test_a_code_of_several_groups_names_them_and_its_strongest_verdict(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", "SMS"), Code("A1", "Email"), Code("B1", "SMS"), Code("C1", "SMS"))
    vouchers.load(
        Code("B1", "Email", expiry="01/02/2016 00:00"),
        Code("B1", "Newspaper", start="02/06/2016 00:00"),
        Code("C1", "Email"),
    )
    vouchers.load(Transaction(1, "A1", "SMS"), Transaction(2, "C1", "SMS", cancelled="Yes"))
    found = rows(vouchers, ["A1", "B1", "C1"])
    assert [(row["verdict"], row["group_name"], row["site"]) for row in found] == [
        ("redeemed", "Email and SMS", "Site001"),
        ("not redeemed", "Email, Newspaper and SMS", None),
        ("cancelled only", "Email and SMS", None),
    ]


def test_a_code_that_only_redemptions_name_is_known(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction(1, "A1"),
        Transaction(2, "B1", cancelled="Yes"),
        Transaction(3, "C1", "", deleted="Yes"),
        Transaction(4, "D1", time="02/06/2016 12:00"),
    )
    found = rows(vouchers, ["A1", "B1", "C1", "D1", "A2"])
    assert [(row["verdict"], row["group_name"], row["redeemed_at"]) for row in found[:4]] == [
        ("redeemed", "Email", FIRST),
        ("cancelled only", "Email", None),
        ("deleted", "(no group)", FIRST),
        ("not redeemed", "Email", None),
    ]
    assert (found[4]["verdict"], found[4]["near_miss"]) == ("unknown", "A1")


def test_a_doubled_line_says_on_which_line_its_code_stands_first(lives: Vouchers) -> None:
    found = rows(lives, ["ACTIVE", "X", "ACTIVE", "active", "ACTIVE", "X"])
    doubled = [(row["doubled"], row["first_line"]) for row in found]
    assert doubled == [(False, 1), (False, 2), (True, 1), (False, 4), (True, 1), (True, 2)]


def test_codes_are_compared_letter_by_letter(vouchers: Vouchers) -> None:
    codes = ["0012345", "1E5", "TRUE", "=A1", "00000000000000000001", "a1", "A1", " B1"]
    vouchers.load(*map(Code, codes))
    assert verdicts(vouchers, *codes) == ["not redeemed"] * len(codes)
    assert verdicts(vouchers, "true", "12345", "1", "B1") == ["unknown"] * 4


@pytest.mark.parametrize(
    ("stored", "typed", "difference"),
    [
        ("SMS7K2QD", "sms7k2qd", "case"),
        ("SMS7K2QD", " SMS7K2QD", "blanks"),
        ("SMS7K2QD", "SMS7 K2QD", "blanks"),
        ("SMS7K2QD", "sms7k2qd\u00a0", "blanks"),
        ("SMS7K2QD", "SMS7K2QD\t", "blanks"),
        ("SMS 7K2QD", "SMS7K2QD", "blanks"),
        ("SMS7K2QD", "SMS7\u200bK2QD", "invisible signs"),
        ("SMS7K2QD", "\ufeffSMS7K2QD", "invisible signs"),
        ("0012345", "12345", "lost zeros"),
        ("00AB12", "AB12", "lost zeros"),
        ("12345678901234567890", "1.23E+19", "Excel's scientific notation"),
        ("12398765432109876543", "1.24E+19", "Excel's scientific notation"),
        ("12345678901234567890", "1,23456789012346E+19", "Excel's scientific notation"),
        ("12345678901234567890", "12345678901234500000", "Excel's scientific notation"),
        ("1E5", "100000", "Excel's scientific notation"),
        ("1E5", "1.00E+05", "Excel's scientific notation"),
        ("100000", "1E5", "Excel's scientific notation"),
        ("SMS7K2QD", "SMS7K3QD", "one letter off"),
        ("SMS7K2QD", "SMS7KQD", "one letter off"),
        ("SMS7K2QD", "SMS7K22QD", "one letter off"),
        ("SMS7K2QD", "SMS72KQD", "one letter off"),
        ("SMS7K2QD", "XMS7K2QD", "one letter off"),
        ("SMS7K2QD", "SMS7K2Q", "one letter off"),
        ("äSMS7K2Q", "ÖSMS7K2Q", None),
    ],
)
def test_an_unknown_code_has_its_near_miss(
    vouchers: Vouchers, stored: str, typed: str, difference: str | None
) -> None:
    vouchers.load(Code(stored), Code("QQQQQQQQQQQQQQ"))
    assert near(vouchers, typed) == (stored if difference else None, difference)


def test_the_smallest_difference_counts(vouchers: Vouchers) -> None:
    vouchers.load(Code("ab12"), Code("A B12"), Code("00AB12"), Code("AB13"), Code("AB1"))
    assert near(vouchers, "AB12") == ("ab12", "case")


@pytest.mark.parametrize("typed", ["SMS7K3QE", "QD", "12345", "1.3E+19", "9E9", "1E999", "ABC"])
def test_what_is_further_off_has_none(vouchers: Vouchers, typed: str) -> None:
    vouchers.load(Code("SMS7K2QD"), Code("12345678901234567890"))
    assert near(vouchers, typed) == (None, None)


def test_a_near_miss_is_one_of_the_chosen_codes(vouchers: Vouchers) -> None:
    vouchers.load(Code("AB12CD", "SMS"), Code("AB12CE", "Email"))
    found = rows(vouchers, ["AB12CF", "ab12ce"], "group=SMS")
    assert [row["near_miss"] for row in found] == ["AB12CD", None]


def test_it_is_said_of_how_many_codes_no_letter_was_tried(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queries.checking.check.MOST_TRIED", 2)
    vouchers.load(Code("SMS7K2QD"))
    found = checked(vouchers, ["SMS7K2QA", "SMS7K2QB", "SMS7K2QC", "sms7k2qd", "x" * 65])
    assert found.near_misses() == 3
    assert found.untried == 2


def test_counts_have_each_code_once_and_add_up_to_the_different_codes(lives: Vouchers) -> None:
    codes = ["REDEEMED", "FROMFILE", "X", "X", "redeemed", "redeemed", "REDEEMED", "ACTIVE"]
    found = checked(lives, codes)
    assert found.counts() == {
        **{"redeemed": 2, "not redeemed": 1, "cancelled only": 0, "expired": 0},
        **{"scheduled": 0, "deleted": 0, "unknown": 2},
    }
    assert (found.different.num_rows, found.doubled(), found.near_misses()) == (5, 3, 1)
    assert found.of("unknown")["line"].to_pylist() == [3, 4, 5, 6]
    assert found.of(None).num_rows == 8
    assert found.of_doubled()["line"].to_pylist() == [1, 3, 4, 5, 6, 7]
    assert checked(lives, ["REDEEMED", "X"]).of_doubled().num_rows == 0


def test_the_sentence_and_the_caption_count_codes_and_not_lines(lives: Vouchers) -> None:
    doubled = checked(lives, ["REDEEMED", "FROMFILE", "X", "REDEEMED", "ACTIVE", "FROMFILE", "Y"])
    assert reading(doubled).startswith("2 codes of 5 (40.0%) are redeemed. 2 codes are unknown;")
    assert reading(doubled).endswith("2 lines repeat a code of an earlier line.")
    assert of_lines(doubled) == "5 different codes, 2 lines doubled"
    assert of_lines(checked(lives, ["X"])) == "1 different code"


def test_a_person_is_told_of_codes_that_they_may_see_and_no_other(lives: Vouchers) -> None:
    lives.load(Code("SMS12345", "SMS"))
    codes = ["REDEEMED", "SMS12345", "SMS12346", "redeemed"]
    limited = checked(lives, codes, access=Access(groups=("SMS",)))
    assert limited.rows["verdict"].to_pylist() == ["unknown", "not redeemed", "unknown", "unknown"]
    assert limited.rows["near_miss"].to_pylist() == [None, None, "SMS12345", None]
    masked = checked(lives, codes, access=Access(masked=True))
    assert masked.rows["near_miss"].to_pylist() == [None, None, "SMS•••••", "RED•••••"]


def test_rows_for_json_have_times_in_iso_form(lives: Vouchers) -> None:
    (row,) = rows_of(checked(lives, ["REDEEMED"]))
    assert row == {
        "line": 1,
        "code": "REDEEMED",
        "verdict": "redeemed",
        "group_name": "Email",
        "redeemed_at": "2016-01-08T19:42:00",
        "site": "Site007",
        "near_miss": None,
        "doubled": False,
        "difference": None,
        "first_line": 1,
    }


def test_everything_else_than_a_site_is_a_choice_of_all_codes(lives: Vouchers) -> None:
    assert verdicts(lives, "ACTIVE", query="site=Site001&rest=yes") == ["not redeemed"]
    assert verdicts(lives, "ACTIVE", query="group=Email&rest=yes") == ["unknown"]
