"""Intervals and p-values are those of scipy and statsmodels."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]
from statsmodels.stats import multitest, proportion  # type: ignore[import-untyped]

from queries.chance import Interval, above_others, difference, holm, ratio, same_rate, wilson
from tests.support.vouchers import Vouchers

RATES = st.integers(1, 100_000).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)
SMALL_RATES = st.integers(1, 200).flatmap(
    lambda whole: st.tuples(st.integers(0, whole), st.just(whole))
)
COUNTS = st.one_of(st.integers(0, 50), st.integers(0, 1_000_000))


def assert_exact(found: Interval, a: int, b: int) -> None:
    """Assert that an interval of odds is the exact one of the share of `a` in both."""
    share = stats.binomtest(a, a + b).proportion_ci(method="exact")
    assert found.low / (1 + found.low) == near(share.low)
    assert (found.high / (1 + found.high) if b else 1) == near(share.high)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-9)


@given(RATES)
def test_a_rate_has_wilsons_interval_in_python_as_in_statsmodels(rate: tuple[int, int]) -> None:
    found = wilson(*rate)
    low, high = proportion.proportion_confint(*rate, method="wilson")
    assert (found.value, found.low, found.high) == (rate[0] / rate[1], near(low), near(high))
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize("rate", [(0, 7), (7, 7), (1, 20), (5_797, 6_589), (0, 0)])
def test_the_interval_is_the_same_in_sql_and_in_python(
    rate: tuple[int, int], vouchers: Vouchers
) -> None:
    sql = "select wilson_low($1, $2), wilson_high($1, $2)"
    with vouchers.store.cursor() as cursor:
        ((low, high),) = cursor.execute(sql, rate).fetchall()
    found = wilson(*rate)
    if not rate[1]:
        assert (low, high) == (None, None)
        assert math.isnan(found.low)
    else:
        assert (found.low, found.high) == (near(low), near(high))


def test_the_difference_of_two_rates_is_the_one_of_newcombes_paper() -> None:
    found = difference(56, 70, 48, 80)  # of 1998, table II, (a)
    assert list(found) == [near(0.2), pytest.approx(0.0524, abs=5e-5), near(0.33387265)]


@given(RATES, RATES)
def test_the_difference_of_two_rates_has_newcombes_interval(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    found = difference(*a, *b)
    low, high = proportion.confint_proportions_2indep(*a, *b, method="newcomb", correction=False)
    assert list(found) == [near(a[0] / a[1] - b[0] / b[1]), near(low), near(high)]


@given(COUNTS, COUNTS)
def test_the_ratio_of_two_counts_has_the_exact_interval_of_their_odds(a: int, b: int) -> None:
    found = ratio(a, b)
    if not a + b:
        assert all(math.isnan(value) for value in found)
        return
    assert found.value == (a / b if b else math.inf)
    assert_exact(found, a, b)


def test_a_ratio_of_tens_of_millions_has_its_interval_too() -> None:
    assert_exact(ratio(35_000_000, 34_000_000), 35_000_000, 34_000_000)


@given(SMALL_RATES, SMALL_RATES)
def test_two_rates_are_the_same_by_twice_the_smaller_tail_of_fishers_test(
    a: tuple[int, int], b: tuple[int, int]
) -> None:
    table = [[part, whole - part] for part, whole in (a, b)]
    tails = [stats.fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    assert same_rate(*a, *b) == near(min(1.0, 2 * min(tails)))


def test_rates_that_no_chance_makes_so_different_are_told_at_once() -> None:
    assert same_rate(90_000, 10_000_000, 110_000, 10_000_000) == 0
    assert same_rate(110_000, 10_000_000, 90_000, 10_000_000) == 0


@pytest.mark.parametrize(
    "p_values",
    [
        [0.3],
        [0.01, 0.04, 0.03, 0.005],
        [0.02, 0.02, 0.02],
        [0.9, 0.001, 0.6, 0.0004, 0.03, 1.0, 0.0],
        [number / 40 for number in range(40)],
    ],
)
def test_p_values_of_many_comparisons_are_adjusted_as_holm_does(p_values: list[float]) -> None:
    adjusted = multitest.multipletests(p_values, method="holm")[1]
    assert holm(p_values) == [near(p) for p in adjusted]


def test_of_no_comparison_nothing_is_adjusted() -> None:
    assert holm([]) == []


@pytest.mark.parametrize("rates", [(0, 0, 1, 2), (1, 2, 0, 0)])
def test_a_rate_of_nothing_differs_from_none_as_far_as_one_knows(
    rates: tuple[int, int, int, int],
) -> None:
    assert all(math.isnan(value) for value in difference(*rates))
    assert same_rate(*rates) == 1


def test_a_rate_is_above_the_others_where_neither_the_interval_nor_holm_makes_it_chance() -> None:
    # 30 of 100 beside 100 of 1,000: its interval (21.9 to 39.6) lies above theirs (8.3 to 12.0).
    assert above_others([30, 50, 50], [100, 500, 500], 20) == [True, False, False]
    # 15 of 100: from 9.3 to 23.3 %, which theirs overlaps.
    assert above_others([15, 50, 50], [100, 500, 500], 20) == [False, False, False]
    # Alone among two, the same difference is significant; among very many, chance brings it.
    assert above_others([9, 100], [30, 1000], 20) == [True, False]
    assert not any(above_others([9, *[10] * 400], [30, *[100] * 400], 20))
    # Too few to tell.
    assert above_others([10, 100], [19, 1000], 20) == [False, False]
