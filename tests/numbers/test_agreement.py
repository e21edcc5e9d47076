"""Tiles, charts and files agree for random filters."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.downloading.job import KINDS
from queries.downloading.write import write
from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.filters import filters_with
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers, agreed_numbers

pytestmark = pytest.mark.slow

GROUPS = ["Email", "SMS", 'Newspaper, "Times"']
FOLDERS, BATCHES, PREFIXES = ["January 2016", "May"], ["1", "2", "3"], ["JA", "MA"]
CAMPAIGNS, SITES = ["C7", "C8"], ["Site001", "Site002", "Site003"]
FIRST = datetime(2016, 1, 1)


def random_time(random: Random, days: int, blank: float = 0.0) -> str:
    moment = FIRST + timedelta(days=random.randrange(days), minutes=random.randrange(1440))
    return "" if random.random() < blank else f"{moment:%d/%m/%Y %H:%M}"


def random_codes(random: Random) -> list[Code]:
    """About sixty codes; many share a prefix, a few their text."""
    return [
        Code(
            code=f"{random.choice(['JA', 'MA', 'MAY', 'x'])}{random.randrange(60)}",
            group=random.choice(GROUPS),
            start=random_time(random, 60, 0.2),
            expiry=random_time(random, 120, 0.3),
            type=random.choice(["Item", "Item", "Discount", ""]),
            quantity=random.choice(["1", "6", ""]),
            item=random.choice(["100", "17", ""]),
            redeemed=random_time(random, 90, 0.7),
        )
        for _ in range(60)
    ]


def random_transactions(random: Random, codes: list[Code]) -> list[Transaction]:
    """About eighty transactions; a fifth names a code or a group that is not known."""
    return [
        Transaction(
            f"T{random.randrange(10_000)}",
            random.choice(["GHOST", "JAGHOST"]) if random.random() < 0.2 else code.code,
            random.choice([*GROUPS, ""]) if random.random() < 0.2 else code.group,
            time=random_time(random, 90),
            campaign=random.choice([*CAMPAIGNS, "", ""]),
            campaign_name=random.choice(["Times", ""]),
            site=random.choice([*SITES, ""]),
            cancelled=random.choice(["No", "No", "No", "Yes"]),
            deleted=random.choice(["No"] * 9 + ["Yes"]),
        )
        for code in random.choices(codes, k=80)
    ]


@pytest.fixture(scope="module")
def random_vouchers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vouchers]:
    """A few hundred rows with everything that can be blank, unknown or contradictory."""
    directory = tmp_path_factory.mktemp("random")
    vouchers = Vouchers(Store(directory / "vouchers.duckdb"), directory)
    random = Random(2016)
    for _ in range(4):
        choices = {"folder": FOLDERS, "batch": BATCHES, "prefix": PREFIXES}
        scope = {
            name: random.choice(values) for name, values in choices.items() if random.random() < 0.7
        }
        codes = random_codes(random)
        vouchers.load(*codes, **scope)
        vouchers.load(*random_transactions(random, codes), **scope)
    yield vouchers
    vouchers.store.close()


def maybe(*choices: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    """Nothing chosen more often than not, or a few values, or none of them."""
    several = st.lists(st.sampled_from([*choices, "nobody"]), max_size=3, unique=True).map(tuple)
    return st.none() | st.none() | several


def rarely(*choices: str) -> st.SearchStrategy[tuple[str, ...] | None]:
    """Nothing excluded much more often than not, or one or two values."""
    several = st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique=True).map(tuple)
    return st.none() | st.none() | st.none() | st.none() | several


some_day = st.none() | st.none() | st.dates(date(2015, 12, 20), date(2016, 4, 10))
random_filters = st.builds(
    lambda excluded, **values: replace(Filters(**values), excluded=excluded),
    excluded=st.builds(
        lambda **values: filters_with({f"{n}!": some for n, some in values.items()}).excluded,
        folder=rarely(*FOLDERS, "(no folder)"),
        group=rarely(*GROUPS, "(no group)"),
        prefix=rarely(*PREFIXES, "J", "MAY", "x1", "(no prefix)"),
        batch=rarely(*BATCHES, "(no batch)"),
        type=rarely("Item", "(no type)"),
        item=rarely("17", "(no item)"),
        campaign=rarely(*CAMPAIGNS, "(no campaign)"),
        site=rarely(*SITES, "(no site)"),
        status=rarely("active", "redeemed", "expired"),
    ),
    folder=maybe(*FOLDERS, "(no folder)"),
    group=maybe(*GROUPS, "(no group)"),
    prefix=maybe(*PREFIXES, "J", "MAY", "x1"),
    batch=maybe(*BATCHES, "(no batch)"),
    type=maybe("Item", "Discount", "(no type)"),
    item=maybe("100", "17", "(no item)"),
    campaign=maybe(*CAMPAIGNS, "Times", "(no campaign)"),
    site=maybe(*SITES, "(no site)"),
    status=maybe("active", "redeemed", "cancelled", "expired", "scheduled", "deleted"),
    cancelled=st.none() | st.booleans(),
    from_=some_day,
    to=some_day,
    start_from=some_day,
    start_to=some_day,
    expiry_from=some_day,
    expiry_to=some_day,
    asof=some_day,
)


@settings(max_examples=examples(rounds(40, torture=1_000)), deadline=None)
@given(random_filters, st.sampled_from(["hour", "day", "week", "month"]))
def test_tiles_charts_and_files_agree_whatever_is_chosen(
    random_vouchers: Vouchers, filters: Filters, grain: str
) -> None:
    rows = {}
    with random_vouchers.store.cursor() as cursor:
        tiles = agreed_numbers(cursor, filters, NOW, grain)
        for kind in KINDS:
            file = random_vouchers.directory / f"exported_{kind}.csv"
            write(cursor, kind, filters, NOW, file)
            with file.open(encoding="utf-8", newline="") as lines:
                rows[kind] = list(csv.DictReader(lines))
    transactions = rows["transactions"]
    cancelled = sum(row["Cancelled"] == "Yes" for row in transactions)
    assert len(rows["codes"]) == tiles["codes_issued"]
    assert len(transactions) == tiles["redemptions"] - tiles["from_codes_files"]
    assert cancelled == tiles["cancelled"]
    assert len({row["Transaction_ID"] for row in transactions}) == len(transactions)
