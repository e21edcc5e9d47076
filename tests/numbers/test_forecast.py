"""What past batches say of outstanding codes: printed tables, sums by hand, made-up batches."""

import math
from random import Random

import pytest

from queries.forecast import Counts, Part, Past, backtest, past_of, student, to_come, whole_codes

ALIKE = [Counts(100, 10)] * 5
# Shares 0.10, 0.20, 0.30, 0.40 and 0.50: mean 0.30, variance 0.025.
UNLIKE = [Counts(100, redeemed) for redeemed in (10, 20, 30, 40, 50)]


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [(1, 3.0777), (2, 1.8856), (3, 1.6377), (4, 1.5332), (5, 1.4759), (9, 1.3830), (30, 1.3104)],
)
def test_eight_of_ten_lie_within_the_quantiles_of_the_printed_tables(
    degrees: int, quantile: float
) -> None:
    assert student(degrees) == pytest.approx(quantile, abs=5e-5)


def test_more_than_a_hundred_degrees_of_freedom_count_as_a_hundred() -> None:
    assert student(5_000) == student(100) == pytest.approx(1.2901, abs=5e-5)


def test_each_past_batch_counts_the_same_whatever_its_size() -> None:
    past = past_of([Counts(1_000, 100), Counts(50, 15)])
    assert (past.batches, past.outstanding, past.redeemed) == (2, 1_050, 115)
    assert past.share == pytest.approx((0.1 + 0.3) / 2)
    assert past.spread == pytest.approx(math.sqrt(0.02))
    assert past.size == pytest.approx(2 / (1 / 1_000 + 1 / 50))


def test_the_interval_of_batches_that_differ_is_as_computed_by_hand() -> None:
    rate = 151 / 502
    by_chance = rate * (1 - rate) / 100
    variance = (0.025 - by_chance) + 0.025 / 5
    half = student(4) * math.sqrt(200**2 * variance + 200 * rate * (1 - rate))
    expected = to_come([Part(200, past_of(UNLIKE))])
    assert expected.value == pytest.approx(60)
    assert expected.low == pytest.approx(max(0, 60 - half))
    assert expected.high == pytest.approx(60 + half)


def test_batches_that_are_all_alike_differ_as_chance_alone_would_have_it() -> None:
    rate = 51 / 502
    by_chance = rate * (1 - rate) / 100
    half = student(4) * math.sqrt(100**2 * by_chance / 5 + 100 * rate * (1 - rate))
    expected = to_come([Part(100, past_of(ALIKE))])
    assert expected == pytest.approx((10, 10 - half, 10 + half))


def test_how_batches_differ_is_added_worst_to_worst_and_chance_is_not() -> None:
    past = past_of(UNLIKE)
    one, whole = to_come([Part(200, past)]), to_come([Part(100, past)] * 2)
    assert whole == pytest.approx(one)
    few = to_come([Part(1, past)] * 200)
    assert few == pytest.approx(one)


def test_nothing_redeemed_of_few_past_codes_does_not_mean_never() -> None:
    expected = to_come([Part(5_000, past_of([Counts(20, 0)] * 5))])
    assert expected.value == expected.low == 0
    assert 40 < expected.high < 200
    assert to_come([Part(5_000, past_of([Counts(100_000, 0)] * 5))]).high < 1


def test_an_interval_has_no_less_than_no_code_and_no_more_than_all() -> None:
    past = past_of([Counts(20, redeemed) for redeemed in (0, 5, 10, 15, 20)])
    assert whole_codes(to_come([Part(10, past)])) == (0, 10)
    assert whole_codes(to_come([])) == (0, 0)


def test_a_past_batch_is_judged_by_all_others_and_not_by_itself() -> None:
    odd = [*ALIKE, Counts(100, 90)]
    judged = backtest(odd)
    assert [case.redeemed for case in judged] == [10, 10, 10, 10, 10, 90]
    assert [case.held for case in judged] == [True] * 5 + [False]
    assert judged[-1].expected == pytest.approx(to_come([Part(100, past_of(ALIKE))]))
    assert judged[0].expected == pytest.approx(to_come([Part(100, past_of(odd[1:]))]))


def test_fewer_than_five_batches_judge_nothing() -> None:
    assert backtest(ALIKE[:4]) == []
    assert len(backtest(ALIKE)) == 5


@pytest.mark.parametrize("batches", [5, 12, 40])
@pytest.mark.parametrize(
    ("mean", "spread", "size"), [(0.15, 0.05, 500), (0.05, 0.02, 2_000), (0.03, 0.0, 300)]
)
def test_on_made_up_batches_about_eight_of_ten_intervals_hold(
    batches: int, mean: float, spread: float, size: int
) -> None:
    random = Random(f"{batches} {mean}")

    def batch() -> Counts:
        share = min(1.0, max(0.0, random.gauss(mean, spread)))
        codes = random.randint(size // 2, size * 3 // 2)
        chance = random.gauss(0, math.sqrt(codes * share * (1 - share)))
        return Counts(codes, min(codes, max(0, round(codes * share + chance))))

    judged = [
        case for _ in range(400 // batches) for case in backtest([batch() for _ in range(batches)])
    ]
    held = sum(case.held for case in judged) / len(judged)
    assert 0.74 < held < 0.99


def test_the_rate_by_which_chance_is_judged_is_never_nothing() -> None:
    assert Past(5, 100, 0, 20.0, 0.0, 0.0).rate == pytest.approx(1 / 102)
