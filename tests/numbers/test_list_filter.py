"""A list of codes as a filter: its codes and their redemptions, in every number and file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.access import EVERYTHING, Access
from queries.engine import listed
from queries.engine.totals import plan, plan_key
from queries.filters import Filters
from queries.listed import Listed
from tests.support.access import of_chosen_rows, rows_of
from tests.support.choices import fixture_choices, random_filters
from tests.support.effort import examples, rounds
from tests.support.exports import export_bytes
from tests.support.model import File, Model
from tests.support.model_list_filter import tallied
from tests.support.queries import FEBRUARY_10, NOW, Record, filters_of, query_rows
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW
from tests.support.vouchers import Vouchers, agreed_numbers


@contextmanager
def with_list(store: Store, codes: Sequence[str]) -> Iterator[Filters]:
    """Filters with a list of these codes, which the store has as long as the block runs."""
    table = listed.new_table()
    with store.cursor() as cursor:
        listed.create(cursor, table, pa.table({"code": pa.array(codes, pa.string())}))
        yield Filters(list_="key", listed=Listed(table, len(codes)))
        listed.drop(cursor, table)


def also(filters: Filters, query: str, access: Access = EVERYTHING) -> Filters:
    """The filters of a URL, with the list of other ones."""
    return replace(filters_of(query), list_=filters.list_, listed=filters.listed, access=access)


@pytest.fixture
def two_groups(vouchers: Vouchers) -> Vouchers:
    """A1 in two groups, and redemptions of codes that no codes file has."""
    vouchers.load(Code("A1", "Email"), Code("A2", "Email"), Code("A3", "Email"))
    vouchers.load(Code("A1", "SMS"), Code("a2", "SMS", redeemed="09/01/2016 12:00"))
    vouchers.load(
        Transaction(1, "A1", "Email", site="Site001"),
        Transaction(2, "A1", "SMS", site="Site002", cancelled="Yes"),
        Transaction(3, "A3", "Email", site="Site001"),
        Transaction(4, "GHOST", "SMS", site="Site003"),
        Transaction(5, "OTHER", "SMS", site="Site003"),
    )
    return vouchers


LIST = ["A1", "A2", "GHOST", "GHOST", "unknown", "'; drop table x; --", "ä"]


def numbers(vouchers: Vouchers, filters: Filters) -> Record:
    """The tiles; charts and files add up to them."""
    with vouchers.store.cursor() as cursor:
        return agreed_numbers(cursor, filters, NOW)


@pytest.mark.parametrize(
    ("query", "codes", "redemptions", "redeemed"),
    [
        ("", 3, 3, 1),
        ("group=SMS", 1, 2, 0),
        ("group!=SMS", 2, 1, 1),
        ("site=Site001", 3, 1, 1),
        ("cancelled=no", 3, 2, 1),
        ("status=active", 1, 0, 0),
        ("status!=redeemed", 2, 2, 0),
        ("prefix=A1", 2, 2, 1),
        ("batch=nobody", 0, 0, 0),
        ("from=2016-02-01", 3, 0, 0),
        ("rest=yes", 2, 3, 2),
        ("rest=yes&group=SMS", 4, 4, 3),
        ("rest=yes&site=Site003", 2, 1, 0),
        ("rest=yes&status=redeemed", 4, 5, 2),
    ],
)
def test_a_list_chooses_its_codes_and_their_redemptions(
    two_groups: Vouchers, query: str, codes: int, redemptions: int, redeemed: int
) -> None:
    with with_list(two_groups.store, LIST) as filters:
        found = numbers(two_groups, also(filters, query))
    assert (found["codes_issued"], found["redemptions"]) == (codes, redemptions)
    assert found["redeemed_codes"] == redeemed


def test_the_rows_and_the_file_are_those_of_the_list(two_groups: Vouchers) -> None:
    with with_list(two_groups.store, LIST) as filters, two_groups.store.cursor() as cursor:
        rows = query_rows(cursor, "table_codes", filters)
        uses = query_rows(cursor, "table_transactions", filters)
        sites = query_rows(cursor, "by_site", filters)
        file = export_bytes(two_groups.store, "codes", filters).decode()
    assert sorted((row["Code"], row["Group_Name"]) for row in rows) == [
        *(("A1", "Email"), ("A1", "SMS"), ("A2", "Email"))
    ]
    assert sorted(row["Transaction_ID"][-1] for row in uses) == ["1", "2", "4"]
    assert {site["site"]: site["redemptions"] for site in sites} == dict.fromkeys(
        ("Site001", "Site002", "Site003"), 1
    )
    assert sorted(line.split(",")[0] for line in file.splitlines()[1:]) == ["A1", "A1", "A2"]


def test_a_list_that_is_not_known_chooses_nothing_and_all_is_else(two_groups: Vouchers) -> None:
    found = numbers(two_groups, Filters(list_="gone"))
    assert (found["codes_issued"], found["redemptions"]) == (0, 0)
    others = numbers(two_groups, Filters(list_="gone", rest=True))
    assert (others["codes_issued"], others["redemptions"]) == (5, 6)


def test_a_list_chooses_among_what_its_person_sees(two_groups: Vouchers) -> None:
    limited = Access(groups=("SMS",))
    with with_list(two_groups.store, LIST) as filters:
        own = numbers(two_groups, also(filters, "", limited))
        others = numbers(two_groups, also(filters, "rest=yes", limited))
    assert (own["codes_issued"], own["redemptions"]) == (1, 2)
    assert (others["codes_issued"], others["redemptions"]) == (1, 2)


def test_no_totals_answer_where_a_list_is_in_force(two_groups: Vouchers) -> None:
    with two_groups.store.cursor() as cursor:
        assert plan(cursor, Filters(), NOW).totals
        assert not plan(cursor, Filters(list_="gone"), NOW).totals
        assert not plan(cursor, Filters(list_="gone", rest=True), NOW).totals
    assert plan_key(Filters(list_="one")) != plan_key(Filters(list_="other"))


def test_another_list_is_another_choice(two_groups: Vouchers) -> None:
    with with_list(two_groups.store, ["A2"]) as one, with_list(two_groups.store, ["a2"]) as other:
        assert numbers(two_groups, one)["redemptions"] == 0
        assert numbers(two_groups, other)["redemptions"] == 1


CODES = st.lists(st.sampled_from(["A1", "A2", "a1", "0A", "A3"]), max_size=4)


@settings(SLOW, max_examples=examples(40))
@given(st.lists(FILES, min_size=1, max_size=4), st.sampled_from(CHOICES), CODES)
def test_any_list_counts_what_plain_python_counts(
    files: list[File], filters: Filters, codes: list[str]
) -> None:
    model = Model()
    with temporary_store() as store, with_list(store, codes) as chosen:
        for file in files:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        filters = replace(filters, list_=chosen.list_, listed=chosen.listed)
        with store.cursor() as cursor:
            found = agreed_numbers(cursor, filters, FEBRUARY_10)
    wanted = tallied(model, filters, codes, FEBRUARY_10)
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(rounds(10, 200)))
def test_a_list_beside_any_filters_and_everything_else_are_all(loaded: Store, seed: int) -> None:
    random = Random(seed)
    values = fixture_choices(loaded)
    del values["rest"]
    pairs = [(n, v) for n, v in random_filters(random, values) if n != "rest"]
    plain, _ = Filters.from_query(pairs)
    with loaded.cursor() as cursor:
        known = [row["Code"] for row in query_rows(cursor, "table_codes", Filters(), FEBRUARY_10)]
        with with_list(loaded, random.sample(known, len(known) // 2)) as chosen:
            filters = replace(plain, list_=chosen.list_, listed=chosen.listed)
            a = agreed_numbers(cursor, filters, FEBRUARY_10)
            b = agreed_numbers(cursor, replace(filters, rest=True), FEBRUARY_10)
    of_visits = {"from", "to", "asof", "site", "site!", "campaign", "campaign!", "cancelled"}
    whole = Filters()
    for name in of_visits:
        whole = whole.with_(name, plain.value(name))
    with loaded.cursor() as cursor:
        c = agreed_numbers(cursor, whole, FEBRUARY_10)
    for name in ("codes_issued", "redemptions", "net", "cancelled", "outstanding"):
        assert a[name] + b[name] == c[name], name


@pytest.mark.slow
def test_every_query_takes_a_list_as_it_takes_the_group_of_its_codes(vouchers: Vouchers) -> None:
    vouchers.load(Code("E1"), Code("E2", redeemed="09/01/2016 12:00"), Code("E3", start=""))
    vouchers.load(Code("S1", "SMS"), Code("S2", "SMS", expiry="01/02/2016 00:00"), batch="7")
    vouchers.load(
        Transaction(1, "E1"),
        Transaction(2, "S1", "SMS", site="Site007"),
        Transaction(3, "S1", "SMS", time="09/01/2016 12:00", cancelled="Yes"),
        Transaction(4, "GHOST", "SMS"),
    )
    different = set()
    with with_list(vouchers.store, ["S1", "S2", "GHOST"]) as filters:
        for name, values in of_chosen_rows():
            of_list = rows_of(vouchers.store, name, filters, values)
            of_group = rows_of(vouchers.store, name, Filters(group=("SMS",)), values)
            if sorted(map(str, of_list)) != sorted(map(str, of_group)):
                different.add(name)
    assert different == {"plan"}  # which says that no totals answer
