"""A choice and everything else than it are all that somebody sees, and nothing is twice in it."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from data.store.database import Store
from queries.access import Access
from queries.engine.totals import plan
from queries.filters import Filters
from tests.support.choices import fixture_choices, random_filters
from tests.support.effort import rounds
from tests.support.queries import FEBRUARY_10, query_rows
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

SUMS = ("codes_issued", "codes_live", "redemptions", "net", "cancelled", "units_given",
        "outstanding", "of_unknown_codes", "from_codes_files")  # fmt: skip
ACCESSES = [
    Access(),
    Access(groups=("SMS",)),
    Access(folders=("January 2016", "(no folder)")),
    Access(masked=True),
]
OF_CODES = ("codes_issued", "outstanding", "codes_live")


@pytest.fixture
def a_chain(vouchers: Vouchers) -> Vouchers:
    """Three codes of Email, one of SMS, and a redemption of a code that no file has."""
    vouchers.load(
        Code("E1", "Email"), Code("E2", "Email", type="Discount"), Code("E3", "Email", start="")
    )
    vouchers.load(Code("S1", "SMS"), batch="7")
    vouchers.load(
        Transaction(1, "E1", "Email", site="Site001"),
        Transaction(2, "E2", "Email", site="Site002", cancelled="Yes"),
        Transaction(3, "S1", "SMS", site="Site001"),
        Transaction(4, "GHOST", "SMS", site=""),
    )
    return vouchers


@pytest.mark.parametrize(
    ("query", "codes", "redemptions"),
    [
        ("group=Email", 1, 2),
        ("group!=Email", 3, 2),
        ("batch=(no batch)", 1, 1),
        ("type=Item", 1, 2),  # GHOST's type is unknown
        ("type!=Item", 3, 2),
        ("start_from=1900-01-01", 1, 1),  # a code without a start, and one that is unknown
        ("status=redeemed", 2, 2),
        ("status!=redeemed", 2, 2),
        ("prefix=E", 1, 2),
        ("prefix!=E", 3, 2),
        ("site=Site001", 4, 2),
        ("site!=(no site)", 4, 1),
        ("cancelled=no", 4, 1),
        ("site=Site001&cancelled=no", 4, 2),
        ("group=Email&site=Site001", 1, 1),  # redemptions elsewhere are in neither
        ("group=Email&cancelled=yes", 1, 0),
    ],
)
def test_everything_else_is_what_the_choice_leaves(
    a_chain: Vouchers, query: str, codes: int, redemptions: int
) -> None:
    a_chain.expect(f"{query}&rest=yes", codes_issued=codes, redemptions=redemptions)


def test_of_no_choice_there_is_nothing_else(a_chain: Vouchers) -> None:
    a_chain.expect("rest=yes", codes_issued=0, redemptions=0)
    a_chain.expect("from=2016-01-01&asof=2016-01-20&rest=yes", codes_issued=0, redemptions=0)


def test_everything_else_is_in_the_same_period(a_chain: Vouchers) -> None:
    a_chain.expect("group=Email&from=2016-02-01&rest=yes", codes_issued=1, redemptions=0)


def _without_rest_filters(filters: Filters) -> Filters:
    """All that a choice and everything else are parts of."""
    whole = Filters(from_=filters.from_, to=filters.to, asof=filters.asof, access=filters.access)
    if replace(filters, rest=True).rest_of() == "redemptions":
        return whole
    excluded = tuple(pair for pair in filters.excluded if pair[0] in ("site!", "campaign!"))
    return replace(
        whole,
        site=filters.site,
        campaign=filters.campaign,
        cancelled=filters.cancelled,
        excluded=excluded,
    )


def _answers(store: Store, filters: Filters) -> dict[str, Any]:
    """Sums of numbers, and the rows of both lists with how often each is there."""
    with store.cursor() as db:
        (numbers,) = query_rows(db, "numbers", filters, FEBRUARY_10)
        sites = query_rows(db, "by_site", filters, FEBRUARY_10)
        codes = query_rows(db, "table_codes", filters, FEBRUARY_10)
        redemptions = query_rows(db, "table_transactions", filters, FEBRUARY_10)
    return {
        "numbers": {name: numbers[name] for name in SUMS},
        "sites": sum(site["redemptions"] for site in sites),
        "codes": Counter(str(row) for row in codes),
        "redemptions": Counter(str(row) for row in redemptions),
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(rounds(60, 600)))
def test_a_choice_and_everything_else_are_all(loaded: Store, seed: int) -> None:
    random = Random(seed)
    values = fixture_choices(loaded)
    del values["rest"]
    pairs = [(n, v) for n, v in random_filters(random, values) if n != "rest"]
    filters = replace(Filters.from_query(pairs)[0], access=random.choice(ACCESSES))
    if not filters.has_rest():
        filters = replace(filters, group=("Email",))
    whole = _answers(loaded, _without_rest_filters(filters))
    a, b = _answers(loaded, filters), _answers(loaded, replace(filters, rest=True))
    summed = set(SUMS)
    if replace(filters, rest=True).rest_of() == "redemptions":
        summed -= set(OF_CODES)  # no code is chosen by these: both have them all
        assert a["codes"] == b["codes"] == whole["codes"]
    else:
        assert a["codes"] + b["codes"] == whole["codes"]
    for name in summed:
        assert a["numbers"][name] + b["numbers"][name] == whole["numbers"][name], name
    assert a["sites"] + b["sites"] == whole["sites"]
    assert a["redemptions"] + b["redemptions"] == whole["redemptions"]


def test_everything_else_is_not_looked_for_in_the_batches_of_a_chosen_prefix(
    a_chain: Vouchers,
) -> None:
    filters = Filters(prefix=("S",), rest=True)
    with a_chain.store.cursor() as db:
        of_choice = plan(db, filters, FEBRUARY_10)
    assert of_choice.batches is None
    assert "redemption_totals" in of_choice.totals
