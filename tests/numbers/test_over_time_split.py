"""Redemptions over time by group, folder, batch, site or month of start."""

from datetime import datetime
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.filters import Filters
from tests.support.effort import examples, rounds
from tests.support.model import File, Model
from tests.support.model_over_time_split import cells, chosen_uses
from tests.support.queries import NOW, Record, query_rows
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file, temporary_store
from tests.support.strategies import CHOICES, FILES, SLOW
from tests.support.vouchers import Vouchers

BYS = ["group", "folder", "batch", "site", "month"]
Net = dict[str | None, list[int]]


def net(vouchers: Vouchers, by: str, query: str = "", most: int = 8, grain: str = "day") -> Net:
    """The net redemptions of each line, oldest first."""
    lines: Net = {}
    for row in vouchers.query("over_time_split", query, grain=grain, by=by, most=most):
        lines.setdefault(row["name"], []).append(row["net"])
    return lines


@pytest.fixture
def three_groups(vouchers: Vouchers) -> Vouchers:
    """Three groups with three, two and one redemption on three days, and one without a group."""
    vouchers.load(
        Transaction("T1", "A1", "SMS", time="10/01/2016 12:00"),
        Transaction("T2", "A2", "SMS", time="12/01/2016 12:00"),
        Transaction("T3", "A3", "SMS", time="12/01/2016 13:00"),
        Transaction("T4", "A4", "Email", time="10/01/2016 12:00"),
        Transaction("T5", "A5", "Email", time="10/01/2016 12:00"),
        Transaction("T6", "A6", "Till", time="11/01/2016 12:00"),
        Transaction("T7", "A7", "Till", time="11/01/2016 12:00", cancelled="Yes"),
        Transaction("T8", "A8", "", time="12/01/2016 12:00"),
    )
    return vouchers


def test_each_name_has_every_period_the_most_redeemed_first_and_what_has_no_name_last(
    three_groups: Vouchers,
) -> None:
    assert list(net(three_groups, "group").items()) == [
        ("SMS", [1, 0, 2]),
        ("Email", [2, 0, 0]),
        ("Till", [0, 1, 0]),
        ("(no group)", [0, 0, 1]),
    ]


def test_names_after_the_first_are_gathered_and_counted_but_never_what_has_no_name(
    three_groups: Vouchers,
) -> None:
    rows = three_groups.query("over_time_split", grain="day", by="group", most=1)
    lines = {row["name"]: row["names"] for row in rows}
    assert list(lines.items()) == [("SMS", 1), (None, 2), ("(no group)", 1)]
    assert net(three_groups, "group", most=1)[None] == [2, 1, 0]
    others = [row["cancelled"] for row in rows if row["name"] is None]
    assert others == [0, 1, 0]


def test_a_chosen_period_is_drawn_from_its_first_to_its_last_day_for_each_name(
    three_groups: Vouchers,
) -> None:
    of_period = net(three_groups, "group", "group=Till&from=2016-01-10&to=2016-01-13")
    assert of_period == {"Till": [0, 1, 0, 0]}


def test_what_only_codes_files_know_has_no_site_and_is_no_site(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", redeemed="10/01/2016 12:00"))
    vouchers.load(
        Transaction("T1", "A2", time="10/01/2016 12:00", site="Site001"),
        Transaction("T2", "A3", time="10/01/2016 12:00", site=""),
    )
    rows = vouchers.query("over_time_split", grain="day", by="site", most=8)
    assert [(row["name"], row["from_codes_file"], row["net"]) for row in rows] == [
        ("Site001", False, 1),
        ("(no site)", False, 1),
        (None, True, 1),
    ]


def test_a_redemption_is_of_the_month_in_which_its_code_started(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1", start="20/12/2015 00:00"), Code("A2", start=""))
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A2", time="10/01/2016 12:00"),
        Transaction("T3", "unknown", time="10/01/2016 12:00"),
    )
    assert net(vouchers, "month") == {"2015-12": [1], "(no start)": [2]}


def test_a_folder_and_a_batch_are_those_of_the_code_or_of_the_import(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), folder="May", batch="7")
    vouchers.load(
        Transaction("T1", "A1", time="10/01/2016 12:00"),
        Transaction("T2", "A9", time="10/01/2016 12:00"),
        folder="June",
    )
    assert net(vouchers, "folder") == {"May": [1], "June": [1]}
    assert net(vouchers, "batch") == {"7": [1], "(no batch)": [1]}
    # A site is chosen from the rows, not from totals.
    assert net(vouchers, "folder", "site!=nowhere") == {"May": [1], "June": [1]}


@pytest.mark.parametrize("by", BYS)
@pytest.mark.parametrize("query", ["", "from=2016-01-10&to=2016-01-16", "site!=Site001"])
def test_the_lines_add_up_to_the_chart_without_a_split(
    fixture_vouchers: Vouchers, by: str, query: str
) -> None:
    for grain in ("day", "month"):
        sums: dict[datetime, tuple[int, int]] = {}
        for row in fixture_vouchers.query("over_time_split", query, grain=grain, by=by, most=2):
            before = sums.get(row["period"], (0, 0))
            sums[row["period"]] = before[0] + row["net"], before[1] + row["cancelled"]
        assert sums == fixture_vouchers.bars(grain, query)


class Wanted(NamedTuple):
    """What is split: which redemptions, per what, by what, and into how many lines."""

    filters: Filters
    grain: str
    by: str
    most: int


WANTED = st.builds(
    Wanted,
    st.sampled_from(CHOICES),
    st.sampled_from(["hour", "day", "week", "month"]),
    st.sampled_from(BYS),
    st.integers(1, 3),
)


def split_rows(store: Store, wanted: Wanted) -> list[Record]:
    filters, grain, by, most = wanted
    with store.cursor() as db:
        return query_rows(db, "over_time_split", filters, NOW, grain=grain, by=by, most=most)


def unsplit(store: Store, wanted: Wanted) -> dict[datetime, bool]:
    with store.cursor() as db:
        rows = query_rows(db, "over_time", wanted.filters, NOW, grain=wanted.grain)
    return {row["period"]: row["whole"] for row in rows}


@pytest.mark.slow
@settings(SLOW, max_examples=examples(rounds(15, torture=400)))
@given(st.lists(FILES, min_size=1, max_size=5), st.lists(WANTED, min_size=1, max_size=4))
def test_a_split_of_any_imports_matches_the_model_in_plain_python(
    files: list[File], several: list[Wanted]
) -> None:
    model = Model()
    with temporary_store() as store:
        for file in files:
            import_file(store, file)
            model.apply(file.kind, file.rows, file.scope)
        for wanted in several:
            rows = split_rows(store, wanted)
            found = {
                ((row["name"], row["from_codes_file"]), row["period"]): (
                    row["net"],
                    row["cancelled"],
                )
                for row in rows
            }
            uses = chosen_uses(model, wanted.filters, NOW)
            expected = cells(uses, wanted.grain, wanted.by, wanted.most)
            assert {place: counts for place, counts in found.items() if any(counts)} == expected
            whole = unsplit(store, wanted)
            lines = {line for line, _ in found}
            assert set(found) == {(line, period) for line in lines for period in whole}
            assert all(row["whole"] == whole[row["period"]] for row in rows)
