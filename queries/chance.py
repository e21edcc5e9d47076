"""What chance does to counts and rates: intervals of 95 % and adjusted p-values."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import count as numbers_from
from statistics import NormalDist
from typing import NamedTuple

TAIL = 0.025  # the chance that is left on either side of an interval
SIGNIFICANT = 2 * TAIL
Z = NormalDist().inv_cdf(1 - TAIL)
NEGLIGIBLE = 1e-13  # of a sum, below which its further terms are left out
PRECISION = 1e-10  # of a bound, relative
MOST_STEPS = 50  # of which a bound takes about six
SPREADS = 12  # standard deviations from the mean to where a tail is nothing


class Interval(NamedTuple):
    """A rate, a difference of rates or a ratio of counts, from low to high; NaN where unknown."""

    value: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value lies in it."""
        return self.low <= value <= self.high


UNKNOWN = Interval(math.nan, math.nan, math.nan)


def wilson(part: float, whole: float) -> Interval:
    """A rate with Wilson's interval, as wilson_low() and wilson_high() in macros/rates.sql."""
    if not whole:
        return UNKNOWN
    return Interval(part / whole, _wilson_low(part, whole), 1 - _wilson_low(whole - part, whole))


def difference(part_a: float, whole_a: float, part_b: float, whole_b: float) -> Interval:
    """Rate A minus rate B, as fractions, with Newcombe's interval (his method 10)."""
    if not whole_a or not whole_b:
        return UNKNOWN
    a, b = wilson(part_a, whole_a), wilson(part_b, whole_b)
    apart = a.value - b.value
    return Interval(
        apart,
        apart - math.hypot(a.value - a.low, b.high - b.value),
        apart + math.hypot(a.high - a.value, b.value - b.low),
    )


@lru_cache(maxsize=1000)
def ratio(count_a: int, count_b: int) -> Interval:
    """Count A ÷ count B, of the same length of time, with its exact interval.

    Of all that was counted A's share is binomial: its Clopper-Pearson interval, as odds.
    """
    if not count_a and not count_b:
        return UNKNOWN
    return Interval(
        count_a / count_b if count_b else math.inf,
        _lowest_odds(count_a, count_b),
        1 / _lowest_odds(count_b, count_a) if count_b else math.inf,
    )


@lru_cache(maxsize=10_000)
def same_rate(part_a: int, whole_a: int, part_b: int, whole_b: int) -> float:
    """The p-value of two rates being the same: Fisher's exact test, the smaller tail twice."""
    parts, whole = part_a + part_b, whole_a + whole_b
    if not whole_a or not whole_b:
        return 1.0
    if part_a * whole < parts * whole_a:
        part_a, parts = whole_a - part_a, whole - parts
    first = _log_choose(parts, part_a) + _log_choose(whole - parts, whole_a - part_a)
    term = math.exp(first - _log_choose(whole, whole_a))
    tail = 0.0
    for part in range(part_a, min(parts, whole_a) + 1):
        tail += term
        if term <= tail * NEGLIGIBLE:  # both may be 0, where no float is so small
            break
        others = whole - parts - whole_a + part + 1
        term *= (parts - part) * (whole_a - part) / ((part + 1) * others)
    return min(1.0, 2 * tail)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for their number by Holm's step-down, in the order given."""
    adjusted = [0.0] * len(p_values)
    least = 0.0
    for step, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, p_values[index] * (len(p_values) - step)))
        adjusted[index] = least
    return adjusted


def above_others(parts: Sequence[int], wholes: Sequence[int], least: int) -> list[bool]:
    """Whether each rate is higher than chance makes it, beside that of all others together.

    Only of a whole of `least` or more: its interval lies above that of the others, and the
    difference is significant among as many comparisons as there are such rates (Holm).
    """
    part, whole = sum(parts), sum(wholes)
    places = [place for place, of in enumerate(wholes) if of >= least]
    counts = [(parts[n], wholes[n], part - parts[n], whole - wholes[n]) for n in places]
    p_values = [same_rate(*four) for four in counts]
    # Of two rates each is compared with the other: that is one comparison.
    adjusted = p_values if len(wholes) == 2 else holm(p_values)
    above = {
        place
        for place, p, four in zip(places, adjusted, counts, strict=True)
        if p < SIGNIFICANT and wilson(*four[:2]).low > wilson(*four[2:]).high
    }
    return [place in above for place in range(len(wholes))]


def binomial_limits(whole: int, rate: float, tail: float) -> tuple[float, float]:
    """The rates of a whole outside which chance takes a part with less than `tail` on a side.

    As binomial_tail() in macros/funnel.sql, between two counts in proportion to their chances.
    """
    high = _binomial_limit(whole, rate, tail)
    return 1 - _binomial_limit(whole, 1 - rate, tail), high


def _binomial_limit(whole: int, rate: float, tail: float) -> float:
    """The upper one: the sum from the top down, until it is as large as the tail."""
    if not whole or not 0 < rate < 1:
        return 1.0
    spread = math.sqrt(whole * rate * (1 - rate))
    part = min(whole, math.ceil(whole * rate + SPREADS * spread) + MOST_STEPS)
    log_first = _log_choose(whole, part) + part * math.log(rate)
    term = math.exp(log_first + (whole - part) * math.log1p(-rate))
    total = 0.0
    while total + term < tail and part > 0:
        total += term
        term *= part / (whole - part + 1) * (1 - rate) / rate
        part -= 1
    return min(1.0, (part + (total + term - tail) / term) / whole)


def _wilson_low(part: float, whole: float) -> float:
    spread = Z * math.sqrt(part * (whole - part) / whole + Z * Z / 4)
    return max(0.0, (part + Z * Z / 2 - spread) / (whole + Z * Z))


def _lowest_odds(count: int, others: int) -> float:
    """The odds at which `count` or more, of `count` and `others`, has the chance TAIL.

    By Newton's method on the logarithms of both: there the chance is concave, so that the steps
    come to it from below, wherever they begin.
    """
    if not count:
        return 0.0
    whole = count + others
    log_ways = _log_choose(whole, count)
    log_share = math.log(count / (whole + 1))
    for _ in range(MOST_STEPS):
        share = math.exp(log_share)
        terms = _terms(count, others, share / (1 - share))
        log_first = log_ways + count * log_share + others * math.log1p(-share)
        step = (math.log(TAIL) - log_first - math.log(terms)) * terms / count
        log_share += step
        if abs(step) < PRECISION:
            break
    share = math.exp(log_share)
    return share / (1 - share)


def _terms(count: int, others: int, odds: float) -> float:
    """The binomial chance of `count` or more ÷ that of exactly `count`."""
    term = total = 1.0
    for further in numbers_from(1):
        if further > others or term < total * NEGLIGIBLE:
            break
        term *= (others - further + 1) / (count + further) * odds
        total += term
    return total


def _log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
