"""Given these rows, expect these numbers: every definition, every edge case."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import duckdb
import pytest

from data.importing.pipeline import load
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.store.database import Store
from data.store.errors import Refused
from queries.filters import STATUSES, Filters
from queries.engine.totals import run
from tests.conftest import EXPECTED, query_of

NOW = datetime(2016, 6, 1, 12, 0)
HEADERS = {
    "codes": "Code,Group_Name,Start_Date,Expiry_Date,Aztec_Redemption_Type,"
    "Aztec_Redemption_Quantity,Aztec_Item_Code,Parent_Code,Redemption_Time",
    "transactions": "Transaction_ID,Time,Code,Group_Name,Campaign_ID,Campaign_Name,"
    "Site_Ref,Cancelled,Code Deleted",
}


class Code(NamedTuple):
    """A row of a codes file, its columns in their order."""

    code: str
    group: str = "Email"
    start: str = "01/01/2016 00:00"
    expiry: str = ""
    type: str = "Item"
    quantity: str = "1"
    item: str = "1000000001"
    parent: str = ""
    redeemed: str = ""


class Scan(NamedTuple):
    """A row of a transactions file, its columns in their order."""

    id: str
    time: str
    code: str
    group: str = "Email"
    campaign: str = ""
    campaign_name: str = ""
    site: str = "Site1"
    cancelled: str = "No"
    deleted: str = "No"


def answer(
    db: duckdb.DuckDBPyConnection, name: str, filters: Filters, now: datetime, **values: object
) -> list[dict[str, Any]]:
    """The rows of a query; what is missing is None."""
    frame = run(db, name, filters, now, **values).astype(object)
    rows = frame.where(frame.notna(), None).to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in rows]


def agreed_numbers(
    db: duckdb.DuckDBPyConnection, filters: Filters, now: datetime, grain: str = "day"
) -> dict[str, Any]:
    """The tiles' numbers, once every chart and file has been seen to add up to them."""
    (tiles,) = answer(db, "numbers", filters, now)

    def adds_up(name: str, *columns: str, **values: object) -> None:
        bars = answer(db, name, filters, now, **values)
        sums = {column: sum(bar[column] for bar in bars) for column in columns}
        assert sums == {column: tiles[column] for column in columns}, (name, values)

    adds_up("over_time", "net", "cancelled", grain=grain)
    adds_up("uptake_by_group", "codes_issued", "redeemed_codes", "net", "cancelled")
    adds_up("by_site", "net", "cancelled", "redemptions")
    adds_up("weekday_hour", "net", "cancelled")
    statuses = {bar["status"]: bar["codes"] for bar in answer(db, "status", filters, now)}
    assert sum(statuses.values()) == tiles["codes_issued"]
    assert statuses.get("active", 0) == tiles["outstanding"]
    assert tiles["redemptions"] == tiles["net"] + tiles["cancelled"]
    (codes,) = answer(db, "export_codes_rows", filters, now)
    (transactions,) = answer(db, "export_transactions_rows", filters, now)
    assert codes["rows"] == tiles["codes_issued"]
    assert transactions["rows"] + transactions["without"] == tiles["redemptions"]
    assert transactions["without"] == tiles["from_codes_files"]
    return tiles


def filters_of(query: str) -> Filters:
    """The filters of a URL, all of which must be readable."""
    filters, problems = Filters.from_query(parse_qsl(query, keep_blank_values=True))
    assert not problems
    return filters


@dataclass
class Chain:
    """A chain whose files are written by hand, and what its store answers."""

    store: Store
    directory: Path

    def load(self, *rows: Code | Scan, **scope: str) -> ImportResult:
        kind = "codes" if isinstance(rows[0], Code) else "transactions"
        file = self.directory / f"{kind}.csv"
        with file.open("w", encoding="utf-8", newline="") as lines:
            lines.write(HEADERS[kind] + "\n")
            csv.writer(lines, lineterminator="\n").writerows(rows)
        return load(self.store, file, Scope(**scope))

    def ask(
        self, name: str, query: str = "", now: datetime = NOW, **values: object
    ) -> list[dict[str, Any]]:
        with self.store.cursor() as cursor:
            return answer(cursor, name, filters_of(query), now, **values)

    def expect(self, query: str = "", now: datetime = NOW, **wanted: object) -> None:
        """The tiles say what is wanted, and everything else adds up to them."""
        with self.store.cursor() as cursor:
            tiles = agreed_numbers(cursor, filters_of(query), now)
        assert {name: tiles[name] for name in wanted} == wanted

    def statuses(self, query: str = "", now: datetime = NOW) -> dict[str, str]:
        """The status of each chosen code."""
        rows = self.ask(
            "codes_rows",
            query,
            now,
            search=None,
            whole=False,
            sort="code",
            descending=False,
            offset=0,
            of=50,
        )
        return {row["code"]: row["status"] for row in rows}

    def bars(
        self, grain: str, query: str = "", now: datetime = NOW
    ) -> dict[datetime, tuple[int, int]]:
        """Net and cancelled redemptions by the beginning of each period, in their order."""
        rows = self.ask("over_time", query, now, grain=grain)
        return {row["period"]: (row["net"], row["cancelled"]) for row in rows}


@pytest.fixture
def chain(store: Store, tmp_path: Path) -> Chain:
    return Chain(store, tmp_path)


@pytest.fixture
def fixtures(loaded: Store, tmp_path: Path) -> Chain:
    return Chain(loaded, tmp_path)


# The fixtures, with answers that were worked out without this program.


@pytest.mark.parametrize("answered", EXPECTED["answers"], ids=lambda case: str(case["filters"]))
def test_the_fixtures_have_exactly_the_expected_numbers(
    fixtures: Chain, answered: dict[str, Any]
) -> None:
    filters, problems = Filters.from_query(query_of(answered))
    wanted = answered["numbers"]
    with fixtures.store.cursor() as cursor:
        tiles = agreed_numbers(cursor, filters, NOW)
        days = answer(cursor, "over_time", filters, NOW, grain="day")
        groups = answer(cursor, "uptake_by_group", filters, NOW)
        sites = answer(cursor, "by_site", filters, NOW)
        statuses = answer(cursor, "status", filters, NOW)
    assert not problems
    assert tiles["codes_issued"] == wanted["issued"] == answered["codes_rows"]
    assert tiles["redemptions"] == wanted["redemptions"] == answered["transactions_rows"]
    for name in ("cancelled", "net", "redeemed_codes", "outstanding"):
        assert tiles[name] == wanted[name], name
    for name in ("redemption_rate", "cancellation_rate"):
        assert tiles[name] == pytest.approx(wanted[name]), name
    assert {bar["status"]: bar["codes"] for bar in statuses} == wanted["status"]
    assert {
        f"{bar['period']:%Y-%m-%d}": [bar["net"], bar["cancelled"]]
        for bar in days
        if bar["net"] or bar["cancelled"]
    } == wanted["by_day"]
    assert {
        bar["group_name"]: [bar["codes_issued"], bar["redeemed_codes"]] for bar in groups
    } == wanted["by_group"]
    assert {bar["site"]: [bar["net"], bar["cancelled"]] for bar in sites} == wanted["by_site"]


# Codes issued.


def test_overlapping_files_count_a_code_once(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"), batch="1042")
    chain.load(Code("A2"), Code("A3"), folder="May")
    chain.expect(codes_issued=3)


def test_the_same_code_in_two_groups_is_two_codes(chain: Chain) -> None:
    chain.load(Code("A1", "Email"), Code("A1", "SMS"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1", "SMS"))
    chain.expect(codes_issued=2, redeemed_codes=1, outstanding=1)
    chain.expect("group=Email", codes_issued=1, redemptions=0, outstanding=1)
    chain.expect("group=SMS", codes_issued=1, redemptions=1, outstanding=0)


def test_codes_that_a_spreadsheet_would_change_stay_apart(chain: Chain) -> None:
    chain.load(*(Code(text) for text in ("007", "7", "1E5", "100000", "TRUE", "True", "=A1")))
    chain.expect(codes_issued=7)
    chain.expect("prefix=00", codes_issued=1)
    chain.expect("prefix=1E", codes_issued=1)


# Redemptions, net and cancelled.


def test_redemptions_are_gross_and_the_headline_is_net(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "11/01/2016 12:00", "A2", cancelled="Yes"),
        Scan("T3", "12/01/2016 12:00", "A2"),
    )
    chain.expect(redemptions=3, cancelled=1, net=2, cancellation_rate=pytest.approx(1 / 3))


def test_a_cancelled_redemption_is_drawn_at_the_time_of_the_redemption(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 23:59", "A1", cancelled="Yes"))
    assert chain.bars("day") == {datetime(2016, 1, 10): (0, 1)}


def test_a_transaction_that_is_exported_again_counts_once_as_it_is_now(chain: Chain) -> None:
    chain.load(Code("A1"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes"))
    chain.expect(redemptions=1, cancelled=1, net=0, redeemed_codes=0)
    assert chain.statuses() == {"A1": "cancelled"}


def test_transactions_of_unknown_codes_are_kept_counted_and_said_apart(chain: Chain) -> None:
    chain.load(Code("A1"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "10/01/2016 12:00", "GHOST"),
        Scan("T3", "10/01/2016 12:00", "GHOST", cancelled="Yes"),
        Scan("T4", "10/01/2016 12:00", "A1", "SMS"),
        Scan("T5", "10/01/2016 12:00", "A1", ""),
    )
    chain.expect(codes_issued=1, redemptions=5, net=4, redeemed_codes=1, of_unknown_codes=4)


# Redemptions that only a codes file knows of.


def test_a_redemption_of_the_codes_file_alone_counts_once_at_its_time(chain: Chain) -> None:
    chain.load(Code("A1", redeemed="10/01/2016 12:30"), Code("A2"))
    chain.expect(redemptions=1, net=1, cancelled=0, redeemed_codes=1, from_codes_files=1)
    assert chain.bars("hour") == {datetime(2016, 1, 10, 12): (1, 0)}
    assert chain.statuses() == {"A1": "redeemed", "A2": "active"}


def test_loading_the_same_codes_file_twice_counts_its_redemptions_once(chain: Chain) -> None:
    for _ in range(2):
        chain.load(Code("A1", redeemed="10/01/2016 12:30"))
    chain.expect(redemptions=1, from_codes_files=1)


def test_a_newer_codes_file_moves_the_redemption_that_it_alone_knows_of(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2", redeemed="10/01/2016 12:00"))
    chain.load(Code("A1", redeemed="11/01/2016 12:00"), Code("A2"))
    chain.expect(redemptions=1)
    assert chain.statuses() == {"A1": "redeemed", "A2": "active"}


@pytest.mark.parametrize("codes_first", [True, False])
def test_the_codes_file_falls_silent_as_soon_as_there_is_a_transaction(
    chain: Chain, codes_first: bool
) -> None:
    files: list[tuple[Code | Scan, ...]] = [
        (Code("A1", redeemed="10/01/2016 12:00"),),
        (Scan("T1", "11/01/2016 12:00", "A1"), Scan("T2", "12/01/2016 12:00", "A1")),
    ]
    for rows in files if codes_first else reversed(files):
        chain.load(*rows)
    chain.expect(redemptions=2, redeemed_codes=1, from_codes_files=0)
    assert datetime(2016, 1, 10) not in chain.bars("day")


@pytest.mark.parametrize("codes_first", [True, False])
def test_even_a_cancelled_transaction_silences_the_codes_file(
    chain: Chain, codes_first: bool
) -> None:
    files: list[tuple[Code | Scan, ...]] = [
        (Code("A1", redeemed="10/01/2016 12:00"),),
        (Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes"),),
    ]
    for rows in files if codes_first else reversed(files):
        chain.load(*rows)
    chain.expect(redemptions=1, cancelled=1, net=0, redeemed_codes=0, from_codes_files=0)
    assert chain.statuses() == {"A1": "cancelled"}


@pytest.mark.parametrize(
    "query", ["from=2016-01-01&to=2016-01-31", "site=Site2", "cancelled=no", "site=(no site)"]
)
def test_even_a_transaction_outside_the_filter_silences_the_codes_file(
    chain: Chain, query: str
) -> None:
    chain.load(Code("A1", redeemed="10/01/2016 12:00"))
    chain.load(Scan("T1", "20/02/2016 12:00", "A1", site="Site1", cancelled="Yes"))
    chain.expect(query, redemptions=0, redeemed_codes=0)


def test_a_transaction_after_the_as_of_date_silences_the_codes_file_too(chain: Chain) -> None:
    chain.load(Code("A1", redeemed="10/01/2016 12:00"))
    chain.load(Scan("T1", "20/02/2016 12:00", "A1"))
    assert chain.statuses("asof=2016-02-01") == {"A1": "active"}


def test_a_transaction_of_the_same_code_in_another_group_does_not_silence_it(
    chain: Chain,
) -> None:
    chain.load(Code("A1", "Email", redeemed="10/01/2016 12:00"), Code("A1", "SMS"))
    chain.load(Scan("T1", "11/01/2016 12:00", "A1", "SMS"))
    chain.expect("group=Email", redemptions=1, from_codes_files=1)
    chain.expect("group=SMS", redemptions=1, from_codes_files=0)


def test_the_codes_file_speaks_again_when_its_only_transaction_names_another_code(
    chain: Chain,
) -> None:
    chain.load(Code("A1", redeemed="10/01/2016 12:00"), Code("A2"))
    chain.load(Scan("T1", "11/01/2016 12:00", "A1"))
    chain.load(Scan("T1", "11/01/2016 12:00", "A2"))
    chain.expect(redemptions=2, redeemed_codes=2, from_codes_files=1)


# Rates.


def test_rates_of_nothing_are_blank_and_not_zero(chain: Chain) -> None:
    chain.expect(codes_issued=0, redemptions=0, net=0, outstanding=0, units_given=0)
    chain.expect(redemption_rate=None, cancellation_rate=None, scans_per_redeemed_code=None)


def test_codes_without_redemptions_have_a_redemption_rate_of_zero_and_no_other(
    chain: Chain,
) -> None:
    chain.load(Code("A1"))
    chain.expect(redemption_rate=0, cancellation_rate=None, scans_per_redeemed_code=None)


def test_transactions_without_codes_have_no_redemption_rate(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 12:00", "GHOST"))
    chain.expect(redemption_rate=None, cancellation_rate=0, redeemed_codes=0)


def test_a_code_that_is_used_three_times_is_one_redeemed_code(chain: Chain) -> None:
    chain.load(Code("TIMES20", "Newspaper"))
    chain.load(*(Scan(f"T{day}", f"{day}/01/2016 12:00", "TIMES20", "Newspaper")
                 for day in ("10", "11", "12")))  # fmt: skip
    chain.expect(net=3, redeemed_codes=1, redemption_rate=1, scans_per_redeemed_code=3)


def test_single_use_codes_have_one_scan_per_redeemed_code(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"), Code("A3"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"), Scan("T2", "10/01/2016 12:00", "A2"))
    chain.expect(scans_per_redeemed_code=1, redemption_rate=pytest.approx(2 / 3))


def test_a_code_whose_redemption_was_cancelled_is_not_redeemed(chain: Chain) -> None:
    chain.load(Code("A1"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes"))
    chain.expect(redeemed_codes=0, redemption_rate=0, cancellation_rate=1)


def test_a_code_that_was_cancelled_and_then_redeemed_is_redeemed(chain: Chain) -> None:
    chain.load(Code("A1"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes"),
        Scan("T2", "11/01/2016 12:00", "A1"),
    )
    chain.expect(redeemed_codes=1, redemption_rate=1, cancellation_rate=0.5)
    assert chain.statuses() == {"A1": "redeemed"}


def test_a_site_or_a_period_leaves_the_codes_issued_as_they_are(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1", site="Site1"),
        Scan("T2", "10/02/2016 12:00", "A2", site="Site2"),
    )
    for query in ("site=Site1", "to=2016-01-31", "site=Site1&from=2016-01-10&to=2016-01-10"):
        chain.expect(query, codes_issued=2, redeemed_codes=1, redemption_rate=0.5)


# Units given.


def test_units_given_count_the_items_of_each_scan_that_was_not_cancelled(chain: Chain) -> None:
    chain.load(
        Code("A1", quantity="6"),
        Code("A2", quantity="2", redeemed="10/01/2016 12:00"),
        Code("A3", type="Discount", quantity="1"),
        Code("A4", type="Payment", quantity="1"),
    )
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "11/01/2016 12:00", "A1"),
        Scan("T3", "12/01/2016 12:00", "A1", cancelled="Yes"),
        Scan("T4", "12/01/2016 12:00", "A3"),
        Scan("T5", "12/01/2016 12:00", "A4"),
    )
    chain.expect(units_given=6 + 6 + 2, units_unknown=0)


def test_units_of_unknown_codes_are_not_guessed_but_counted_apart(chain: Chain) -> None:
    chain.load(Code("A1", quantity="6"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "11/01/2016 12:00", "GHOST"),
        Scan("T3", "12/01/2016 12:00", "GHOST", cancelled="Yes"),
    )
    chain.expect(units_given=6, units_unknown=1)


def test_an_item_without_a_quantity_is_not_taken_for_one_unit(chain: Chain) -> None:
    chain.load(Code("A1", quantity=""), Code("A2", quantity="3"))
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"), Scan("T2", "10/01/2016 12:00", "A2"))
    chain.expect(units_given=3)


def test_quantities_that_no_till_gives_do_not_take_the_tiles_away(chain: Chain) -> None:
    with suppress(Refused):  # would be right too
        chain.load(*(Code(code, quantity=str(2**63 - 1), redeemed="10/01/2016 12:00")
                     for code in ("A1", "A2")))  # fmt: skip
    chain.expect(cancelled=0)


# Status.


def test_a_code_that_expires_on_the_28th_works_on_the_27th(chain: Chain) -> None:
    chain.load(Code("A1", expiry="28/04/2018 00:00"))
    assert chain.statuses(now=datetime(2018, 4, 27, 23, 59)) == {"A1": "active"}
    chain.expect(now=datetime(2018, 4, 27, 23, 59), outstanding=1)


def test_a_code_that_expires_on_the_28th_does_not_work_on_the_28th(chain: Chain) -> None:
    chain.load(Code("A1", expiry="28/04/2018 00:00"))
    assert chain.statuses("asof=2018-04-28") == {"A1": "expired"}
    assert chain.statuses(now=datetime(2018, 4, 28, 0, 0)) == {"A1": "expired"}
    chain.expect("asof=2018-04-28", outstanding=0)


def test_a_code_that_starts_on_the_10th_works_from_the_10th_on(chain: Chain) -> None:
    chain.load(Code("A1", start="10/01/2016 00:00"))
    assert chain.statuses(now=datetime(2016, 1, 9, 23, 59)) == {"A1": "scheduled"}
    assert chain.statuses("asof=2016-01-10") == {"A1": "active"}


def test_a_code_without_an_expiry_never_expires(chain: Chain) -> None:
    chain.load(Code("A1", expiry=""))
    assert chain.statuses("asof=2100-12-31") == {"A1": "active"}


def test_a_code_without_a_start_has_started(chain: Chain) -> None:
    chain.load(Code("A1", start=""))
    assert chain.statuses("asof=1900-01-01") == {"A1": "active"}


FUTURE, PAST = "01/01/2017 00:00", "01/02/2016 00:00"


@pytest.mark.parametrize(
    ("code", "scans", "status"),
    [
        (Code("A1", expiry=PAST), [Scan("T1", "10/01/2016 12:00", "A1", deleted="Yes")], "deleted"),
        (Code("A1"), [Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes", deleted="Yes")],
         "deleted"),
        (Code("A1", expiry=PAST), [Scan("T1", "10/01/2016 12:00", "A1")], "redeemed"),
        (Code("A1", start=FUTURE), [Scan("T1", "10/01/2016 12:00", "A1")], "redeemed"),
        (Code("A1", expiry=PAST), [Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes")],
         "cancelled"),
        (Code("A1", start=FUTURE), [Scan("T1", "10/01/2016 12:00", "A1", cancelled="Yes")],
         "cancelled"),
        (Code("A1", start=FUTURE, expiry=PAST), [], "expired"),
        (Code("A1", start=FUTURE), [], "scheduled"),
        (Code("A1", start=PAST, expiry=FUTURE), [], "active"),
    ],
)  # fmt: skip
def test_of_several_statuses_the_first_that_applies_is_said(
    chain: Chain, code: Code, scans: list[Scan], status: str
) -> None:
    chain.load(code)
    if scans:
        chain.load(*scans)
    assert chain.statuses() == {"A1": status}
    chain.expect(outstanding=int(status == "active"))


def test_transactions_after_the_as_of_date_do_not_count_towards_the_status(chain: Chain) -> None:
    chain.load(*(Code(code, expiry="01/05/2016 00:00") for code in ("A1", "A2", "A3")))
    chain.load(
        Scan("T1", "10/02/2016 12:00", "A1"),
        Scan("T2", "10/02/2016 12:00", "A2", cancelled="Yes"),
        Scan("T3", "10/02/2016 12:00", "A3", deleted="Yes"),
        Scan("T4", "10/03/2016 12:00", "A2"),
    )
    before = dict.fromkeys(("A1", "A2", "A3"), "active")
    assert chain.statuses("asof=2016-02-10") == before
    between = {"A1": "redeemed", "A2": "cancelled", "A3": "deleted"}
    assert chain.statuses("asof=2016-02-11") == between
    assert chain.statuses("asof=2016-05-01") == between | {"A2": "redeemed"}


def test_the_as_of_date_changes_no_number_but_the_statuses(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"))
    chain.load(
        Scan("T1", "10/02/2016 12:00", "A1"),
        Scan("T2", "10/02/2016 12:00", "A2", cancelled="Yes"),
    )
    for query, outstanding in (("asof=2016-02-01", 2), ("asof=2016-03-01", 0)):
        chain.expect(query, codes_issued=2, redemptions=2, net=1, cancelled=1, redeemed_codes=1)
        chain.expect(query, outstanding=outstanding)


def test_a_redemption_at_the_very_moment_counts_towards_the_status(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2", redeemed="10/02/2016 00:00"))
    chain.load(Scan("T1", "10/02/2016 00:00", "A1"))
    assert chain.statuses("asof=2016-02-10") == {"A1": "redeemed", "A2": "redeemed"}
    assert chain.statuses("asof=2016-02-09") == {"A1": "active", "A2": "active"}


def test_the_dates_of_the_filter_do_not_change_a_status(chain: Chain) -> None:
    chain.load(Code("A1"))
    chain.load(Scan("T1", "10/02/2016 12:00", "A1", site="Site1"))
    assert chain.statuses("to=2016-01-31") == {"A1": "redeemed"}
    assert chain.statuses("site=Site2") == {"A1": "redeemed"}


def test_outstanding_says_how_many_codes_expire_soon(chain: Chain) -> None:
    chain.load(
        Code("A1", expiry="05/03/2016 00:00"),
        Code("A2", expiry="12/03/2016 00:00"),
        Code("A3", expiry="25/03/2016 00:00"),
        Code("A4", expiry="01/06/2016 00:00"),
        Code("A5", expiry=""),
        Code("A6", expiry="01/03/2016 00:00"),
        Code("A7", expiry="05/03/2016 00:00", redeemed="10/01/2016 12:00"),
        Code("A8", start="02/03/2016 00:00", expiry="05/03/2016 00:00"),
    )
    chain.expect("asof=2016-03-01", outstanding=5, expiring_7=1, expiring_14=2, expiring_30=3)


def test_a_status_chooses_its_codes_and_with_them_their_transactions(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"), Code("A3"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "10/01/2016 12:00", "A2", cancelled="Yes"),
    )
    chain.expect("status=redeemed", codes_issued=1, redemptions=1, net=1)
    chain.expect("status=cancelled", codes_issued=1, redemptions=1, net=0)
    chain.expect("status=active&status=cancelled", codes_issued=2, redemptions=1)
    chain.expect("status=redeemed&asof=2016-01-01", codes_issued=0, redemptions=0)


# What the filters choose.


@pytest.fixture(scope="module")
def two_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """Four codes with a redemption each, and one that nobody said anything of. Do not change."""
    directory = tmp_path_factory.mktemp("two_folders")
    chain = Chain(Store(directory / "vouchers.duckdb"), directory)
    chain.load(Code("ZERO", "Till", "", "", "", "", ""))
    chain.load(Code("MAY1"), Code("MAY2", "SMS"), folder="May", batch="1", prefix="MAY")
    chain.load(
        Code("JUN1", type="Discount", quantity="", item="17"),
        Code("JUN2", "SMS", type="Payment", quantity="", item=""),
        folder="June",
        batch="2",
    )
    chain.load(
        Scan("T1", "10/01/2016 12:00", "MAY1", campaign="C7", campaign_name="Times", site="Site1"),
        Scan("T2", "11/01/2016 12:00", "MAY2", "SMS", site="Site2"),
        Scan("T3", "12/01/2016 12:00", "JUN1", campaign_name="Nameless", site=""),
        Scan("T4", "13/01/2016 12:00", "JUN2", "SMS", campaign="C8", cancelled="Yes"),
    )
    yield chain
    chain.store.close()


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
    ],
)
def test_these_filters_choose_codes_and_with_them_their_transactions(
    two_folders: Chain, query: str, codes: int, redemptions: int
) -> None:
    two_folders.expect(query, codes_issued=codes, redemptions=redemptions)


@pytest.mark.parametrize(
    ("query", "redemptions"),
    [
        ("campaign=C7", 1),
        ("campaign=Times", 1),
        ("campaign=C7&campaign=Times", 1),
        ("campaign=C7&campaign=C8", 2),
        ("campaign=Nameless", 1),
        ("campaign=(no campaign)", 1),
        ("campaign=C9", 0),
        ("site=Site1", 2),
        ("site=Site1&site=Site2", 3),
        ("site=(no site)", 1),
        ("site=(no site)&site=Site2", 2),
        ("cancelled=yes", 1),
        ("cancelled=no", 3),
        ("from=2016-01-12", 2),
        ("to=2016-01-12", 3),
        ("from=2016-01-11&to=2016-01-12", 2),
        ("from=2016-01-12&to=2016-01-11", 0),
        ("site=Site1&campaign=C7&cancelled=no", 1),
        ("site=Site1&campaign=C7&cancelled=yes", 0),
    ],
)
def test_these_filters_choose_transactions_and_leave_the_codes(
    two_folders: Chain, query: str, redemptions: int
) -> None:
    two_folders.expect(query, codes_issued=5, redemptions=redemptions)


def test_several_filters_of_both_sorts_must_all_be_met(two_folders: Chain) -> None:
    two_folders.expect("folder=May&site=Site2", codes_issued=2, redemptions=1)
    two_folders.expect("folder=June&site=Site2", codes_issued=2, redemptions=0)
    two_folders.expect("group=SMS&cancelled=yes&to=2016-01-13", codes_issued=2, redemptions=1)


def test_to_includes_the_whole_day_and_from_begins_at_midnight(chain: Chain) -> None:
    chain.load(
        Scan("T1", "09/01/2016 23:59:59", "A1"),
        Scan("T2", "10/01/2016 00:00", "A1"),
        Scan("T3", "16/01/2016 23:59:59", "A1"),
        Scan("T4", "17/01/2016 00:00", "A1"),
    )
    chain.expect("from=2016-01-10&to=2016-01-16", redemptions=2)


def test_a_transaction_of_a_known_code_is_chosen_by_the_codes_folder_and_batch(
    chain: Chain,
) -> None:
    chain.load(Code("A1"), folder="May", batch="1")
    chain.load(Code("A2"))
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "10/01/2016 12:00", "A2"),
        folder="June",
        batch="2",
    )
    chain.expect("folder=May", codes_issued=1, redemptions=1)
    chain.expect("batch=1", codes_issued=1, redemptions=1)
    chain.expect("folder=June", codes_issued=0, redemptions=0)
    chain.expect("batch=2", codes_issued=0, redemptions=0)


def test_moving_a_code_to_another_folder_moves_its_transactions(chain: Chain) -> None:
    chain.load(Code("A1"), folder="May", batch="1")
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"))
    chain.load(Code("A1"), folder="June")
    chain.expect("folder=May", codes_issued=0, redemptions=0)
    chain.expect("folder=June&batch=1", codes_issued=1, redemptions=1)


@pytest.fixture(scope="module")
def ghost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """One transaction whose code no codes file has brought. Do not change."""
    directory = tmp_path_factory.mktemp("ghost")
    chain = Chain(Store(directory / "vouchers.duckdb"), directory)
    chain.load(Scan("T1", "10/01/2016 12:00", "GHOST"), folder="May", batch="1", prefix="XX")
    yield chain
    chain.store.close()


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
        ("group=Email&folder=May&batch=1&prefix=G&site=Site1", 1),
        ("group=Email&folder=June", 0),
        ("type=Item", 0),
        ("type=(no type)", 0),
        ("item=1000000001", 0),
        ("item=(no item)", 0),
        *((f"status={status}", 0) for status in STATUSES),
    ],
)
def test_a_transaction_of_an_unknown_code_is_chosen_by_what_it_says_itself(
    ghost: Chain, query: str, redemptions: int
) -> None:
    ghost.expect(query, codes_issued=0, redemptions=redemptions, of_unknown_codes=redemptions)


def test_a_transaction_without_a_group_can_be_chosen_as_such(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 12:00", "GHOST", ""), Scan("T2", "10/01/2016 12:00", "A1"))
    chain.expect("group=(no group)", redemptions=1)
    (group, _) = sorted(chain.ask("uptake_by_group"), key=lambda bar: str(bar["group_name"]))
    assert (group["group_name"], group["net"], group["redemption_rate"]) == ("(no group)", 1, None)


def test_a_codes_file_that_comes_later_takes_over_what_was_unknown(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"), folder="May", batch="1")
    chain.load(Code("A1", quantity="4"), folder="June", batch="2")
    chain.expect("folder=May", codes_issued=0, redemptions=0)
    chain.expect("folder=June", codes_issued=1, redemptions=1, redeemed_codes=1)
    chain.expect("type=Item", codes_issued=1, redemptions=1, units_given=4, of_unknown_codes=0)
    chain.expect("status=redeemed", codes_issued=1, redemptions=1)


@pytest.mark.parametrize("field", ["folder", "group", "batch", "prefix", "type", "item"])
def test_a_value_that_a_filter_of_codes_offers_chooses_as_many_codes_as_it_says(
    two_folders: Chain, field: str
) -> None:
    offered = two_folders.ask("options_of_codes", field=field, search=None)
    assert sum(option["count"] for option in offered) == 5
    for option in offered:
        two_folders.expect(f"{field}={option['value']}", codes_issued=option["count"])


@pytest.mark.parametrize("field", ["site", "campaign"])
def test_a_value_that_a_filter_of_redemptions_offers_chooses_as_many_as_it_says(
    two_folders: Chain, field: str
) -> None:
    offered = two_folders.ask("options_of_transactions", field=field, search=None)
    assert sum(option["count"] for option in offered) == 4
    for option in offered:
        two_folders.expect(f"{field}={option['value']}", redemptions=option["count"])


# Over time.


def test_days_without_redemptions_are_drawn_as_zero(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"), Scan("T2", "13/01/2016 12:00", "A1"))
    assert list(chain.bars("day").items()) == [
        (datetime(2016, 1, 10), (1, 0)),
        (datetime(2016, 1, 11), (0, 0)),
        (datetime(2016, 1, 12), (0, 0)),
        (datetime(2016, 1, 13), (1, 0)),
    ]


def test_a_chosen_period_is_drawn_from_its_first_to_its_last_day(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"))
    bars = chain.bars("day", "from=2016-01-08&to=2016-01-11")
    assert list(bars) == [datetime(2016, 1, day) for day in (8, 9, 10, 11)]
    assert list(bars.values()) == [(0, 0), (0, 0), (1, 0), (0, 0)]


def test_a_chosen_period_without_redemptions_is_drawn_as_zeros(chain: Chain) -> None:
    assert list(chain.bars("day", "from=2016-02-28&to=2016-03-01").items()) == [
        (datetime(2016, 2, 28), (0, 0)),
        (datetime(2016, 2, 29), (0, 0)),
        (datetime(2016, 3, 1), (0, 0)),
    ]


@pytest.mark.parametrize("grain", ["hour", "day", "week", "month"])
def test_whatever_the_grain_the_bars_add_up_to_the_tiles(fixtures: Chain, grain: str) -> None:
    with fixtures.store.cursor() as cursor:
        agreed_numbers(cursor, Filters(), NOW, grain)
        agreed_numbers(cursor, filters_of("from=2016-01-10&to=2016-01-16"), NOW, grain)


def test_no_redemptions_and_no_period_draw_nothing(chain: Chain) -> None:
    assert chain.bars("day") == {}


def test_weeks_begin_on_monday(chain: Chain) -> None:
    chain.load(
        Scan("T1", "10/01/2016 23:59", "A1"),
        Scan("T2", "11/01/2016 00:00", "A1"),
        Scan("T3", "17/01/2016 23:59", "A1", cancelled="Yes"),
    )
    assert chain.bars("week") == {datetime(2016, 1, 4): (1, 0), datetime(2016, 1, 11): (1, 1)}


def test_months_and_hours_are_those_of_the_wall_clock(chain: Chain) -> None:
    # 02:30 on 27 March 2016 does not exist in London; here it is just a time.
    chain.load(Scan("T1", "31/01/2016 23:59", "A1"), Scan("T2", "27/03/2016 02:30", "A1"))
    assert chain.bars("month") == {
        datetime(2016, 1, 1): (1, 0),
        datetime(2016, 2, 1): (0, 0),
        datetime(2016, 3, 1): (1, 0),
    }
    hours = chain.bars("hour", "from=2016-03-27&to=2016-03-27")
    assert list(hours) == [datetime(2016, 3, 27, hour) for hour in range(24)]
    assert hours[datetime(2016, 3, 27, 2)] == (1, 0)


def whole(chain: Chain, grain: str, query: str, now: datetime = NOW) -> list[bool]:
    return [row["whole"] for row in chain.ask("over_time", query, now, grain=grain)]


def test_the_first_and_last_week_are_told_apart_where_they_are_not_whole(chain: Chain) -> None:
    chain.load(Scan("T1", "13/01/2016 12:00", "A1"))
    wednesday_to_tuesday = "from=2016-01-06&to=2016-01-19"
    assert whole(chain, "week", wednesday_to_tuesday) == [False, True, False]
    assert whole(chain, "week", "from=2016-01-04&to=2016-01-24") == [True, True, True]
    assert whole(chain, "month", wednesday_to_tuesday) == [False]
    assert whole(chain, "day", wednesday_to_tuesday) == [True] * 14


def test_the_present_day_is_not_whole_before_it_is_over(chain: Chain) -> None:
    chain.load(Scan("T1", "10/01/2016 09:00", "A1"))
    period = "from=2016-01-09&to=2016-01-10"
    assert whole(chain, "day", period, datetime(2016, 1, 10, 12)) == [True, False]
    assert whole(chain, "day", period, datetime(2016, 1, 11)) == [True, True]
    assert whole(chain, "month", "", datetime(2016, 1, 10, 12)) == [False]


def test_the_cancellation_rate_of_a_period_without_redemptions_is_blank(chain: Chain) -> None:
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "10/01/2016 12:00", "A1", cancelled="Yes"),
        Scan("T3", "12/01/2016 12:00", "A1"),
    )
    rates = [row["cancellation_rate"] for row in chain.ask("over_time", grain="day")]
    assert rates == [0.5, None, 0]


def test_monday_is_the_first_day_of_the_week_and_midnight_the_hour_0(chain: Chain) -> None:
    chain.load(
        Scan("T1", "11/01/2016 00:30", "A1"),
        Scan("T2", "18/01/2016 00:59", "A1", cancelled="Yes"),
        Scan("T3", "17/01/2016 23:00", "A1"),
    )
    cells = [tuple(row.values()) for row in chain.ask("weekday_hour")]
    assert cells == [(1, 0, 1, 1), (7, 23, 1, 0)]


# By group and by site.


def test_uptake_shows_the_rate_of_each_group_with_its_codes_and_redemptions(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"), Code("A3"), Code("A4"), folder="May")
    chain.load(Code("TIMES20", "Newspaper"), Code("S1", "SMS"), folder="May")
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1"),
        Scan("T2", "10/01/2016 12:00", "A2", cancelled="Yes"),
        Scan("T3", "10/01/2016 12:00", "TIMES20", "Newspaper"),
        Scan("T4", "11/01/2016 12:00", "TIMES20", "Newspaper"),
        Scan("T5", "11/01/2016 12:00", "LOST", "Till receipt"),
        folder="May",
    )
    columns = ("group_name", "codes_issued", "redeemed_codes", "redemption_rate", "net")
    bars = chain.ask("uptake_by_group", "folder=May")
    assert [tuple(bar[column] for column in columns) for bar in bars] == [
        ("Newspaper", 1, 1, 1.0, 2),
        ("Email", 4, 1, 0.25, 1),
        ("SMS", 1, 0, 0.0, 0),
        ("Till receipt", 0, 0, None, 1),
    ]


def test_a_batch_that_nobody_redeemed_has_a_rate_of_zero(chain: Chain) -> None:
    chain.load(Code("A1"), batch="1")
    chain.load(Code("A2"), batch="2")
    chain.load(Scan("T1", "10/01/2016 12:00", "A1"))
    batches = chain.ask("batches", offset=0, most=50)
    assert [(row["batch"], row["redeemed_codes"], row["redemption_rate"]) for row in batches] == [
        ("2", 0, 0.0),
        ("1", 1, 1.0),
    ]


def test_a_batch_is_so_far_until_its_last_code_has_expired(chain: Chain) -> None:
    expiries = {"1": "01/02/2016 00:00", "2": "01/02/2016 00:01", "3": ""}
    for batch, expiry in expiries.items():
        chain.load(Code(f"A{batch}", expiry="01/01/2016 00:00"), batch=batch)
        chain.load(Code(f"B{batch}", expiry=expiry), batch=batch)
    batches = chain.ask("batches", "asof=2016-02-01", offset=0, most=50)
    assert {row["batch"]: row["matured"] for row in batches} == {
        "1": "matured",
        "2": "so far",
        "3": "so far",
    }


def test_a_site_shows_its_share_and_its_cancellation_rate_with_the_count(chain: Chain) -> None:
    chain.load(
        Scan("T1", "10/01/2016 12:00", "A1", site="Site1"),
        Scan("T2", "10/01/2016 12:00", "A1", site="Site1"),
        Scan("T3", "10/01/2016 12:00", "A1", site="Site1"),
        Scan("T4", "10/01/2016 12:00", "A1", site="Site1", cancelled="Yes"),
        Scan("T5", "10/01/2016 12:00", "A1", site=""),
        Scan("T6", "10/01/2016 12:00", "A1", site="Site2", cancelled="Yes"),
    )
    columns = ("site", "net", "share", "cancelled", "redemptions", "cancellation_rate")
    assert [tuple(bar[column] for column in columns) for bar in chain.ask("by_site")] == [
        ("Site1", 3, 0.75, 1, 4, 0.25),
        ("(no site)", 1, 0.25, 0, 1, 0.0),
        ("Site2", 0, 0.0, 1, 1, 1.0),
    ]


def test_a_redemption_of_the_codes_file_alone_has_no_site(chain: Chain) -> None:
    chain.load(Code("A1", redeemed="10/01/2016 12:00"))
    chain.expect("site=(no site)", redemptions=1)
    assert [bar["site"] for bar in chain.ask("by_site")] == ["(no site)"]


@pytest.mark.parametrize("what", ["group", "site", "campaign"])
def test_cancellations_add_up_to_the_tiles_and_show_their_rate(fixtures: Chain, what: str) -> None:
    for query in ("", "folder=January 2016", "cancelled=yes", "group=nobody"):
        (tiles,) = fixtures.ask("numbers", query)
        bars = fixtures.ask(f"cancellations_by_{what}", query)
        for column in ("cancelled", "redemptions"):
            assert sum(bar[column] for bar in bars) == tiles[column], query
        for bar in bars:
            assert bar["cancellation_rate"] == bar["cancelled"] / bar["redemptions"]


# Against the previous period.


def test_the_previous_period_is_as_long_and_ends_just_before(chain: Chain) -> None:
    chain.load(Code("A1"), Code("A2"))
    chain.load(
        Scan("T1", "02/01/2016 23:59", "A1"),
        Scan("T2", "03/01/2016 00:00", "A1"),
        Scan("T3", "09/01/2016 23:59", "A2", cancelled="Yes"),
        Scan("T4", "10/01/2016 00:00", "A2"),
    )
    week = filters_of("from=2016-01-10&to=2016-01-16&group=Email")
    before = week.previous(date(2016, 6, 1))
    assert before is not None
    with chain.store.cursor() as cursor:
        numbers = agreed_numbers(cursor, before, NOW)
    assert (numbers["net"], numbers["cancelled"], numbers["codes_issued"]) == (1, 1, 2)


def drills(chain: Chain) -> Iterator[tuple[str, int]]:
    """Each bar of some charts as the filter that a click on it sets, and its height."""
    for bar in chain.ask("by_site"):
        yield f"site={bar['site']}", bar["redemptions"]
    for bar in chain.ask("cancellations_by_campaign"):
        yield f"campaign={bar['campaign']}", bar["redemptions"]
    for bar in chain.ask("over_time", grain="day"):
        day = f"{bar['period']:%Y-%m-%d}"
        yield f"from={day}&to={day}", bar["net"] + bar["cancelled"]
    for bar in chain.ask("cancellations_by_group"):
        yield f"group={bar['group_name']}", bar["redemptions"]


def test_the_rows_behind_a_bar_are_as_many_as_the_bar_is_high(fixtures: Chain) -> None:
    for query, height in drills(fixtures):
        rows = fixtures.ask(
            "transactions_rows", query, sort="time", descending=True, offset=0, of=50
        )
        assert len(rows) == height, query


def test_the_steps_of_a_tile_add_up_to_it(fixtures: Chain) -> None:
    for query in ("", "folder=January 2016", "from=2016-01-09&to=2016-01-17", "cancelled=yes"):
        (tiles,) = fixtures.ask("numbers", query)
        steps = fixtures.ask("trend", query)
        assert [step["step"] for step in steps] == list(range(1, len(steps) + 1))
        assert 1 <= len(steps) <= 24
        for column in ("net", "cancelled"):
            assert sum(step[column] for step in steps) == tiles[column], (query, column)
