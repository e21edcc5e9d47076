"""How many outstanding codes will still be redeemed, by what became of those of past batches."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from queries.chance import Interval

AIM = 0.8  # how many of such intervals are to hold
LEAST_BATCHES = 5  # past ones that it takes to tell how far they differ
LEAST_OTHERS = LEAST_BATCHES - 1  # beside the one that is judged by them
MOST_DEGREES = 100  # of freedom; with more of them an interval is hardly narrower
HALVINGS = 60  # until a quantile is as exact as a float


class Counts(NamedTuple):
    """The codes of a past batch so many days before they expired, and how many then came."""

    outstanding: int
    redeemed: int


class Past(NamedTuple):
    """What past batches did: their number and codes, the mean of their shares and its spread.

    `size` is the harmonic mean of their numbers of codes, `spread` the standard deviation of
    their shares.
    """

    batches: int
    outstanding: int
    redeemed: int
    size: float
    share: float
    spread: float

    @property
    def rate(self) -> float:
        """The rate by which chance is judged: none of ten codes does not mean never."""
        return (self.redeemed + 1) / (self.outstanding + 2)

    @property
    def variance(self) -> float:
        """How far the share of another batch may be from the mean, beside what chance does to it.

        How far past batches differ beyond what chance does to batches of their size, and how far
        chance and that have moved their mean (a model with random effects, by moments).
        """
        by_chance = self.rate * (1 - self.rate) / self.size
        beyond = max(0.0, self.spread**2 - by_chance)
        return beyond + max(self.spread**2, by_chance) / self.batches


class Part(NamedTuple):
    """Outstanding codes that share what past batches did with as many days left."""

    codes: int
    past: Past


class Judged(NamedTuple):
    """What was expected of a past batch by all others, and what came."""

    expected: Interval
    redeemed: int

    @property
    def held(self) -> bool:
        """Whether the interval, in whole codes, holds what came."""
        low, high = whole_codes(self.expected)
        return low <= self.redeemed <= high


def to_come(parts: Iterable[Part]) -> Interval:
    """How many of the codes will be redeemed, with the interval that is to hold in AIM of cases.

    A batch that does better than past ones may do so on all its days, and so may all groups at
    once: how far batches differ is added up over the parts, worst to worst. What chance does to
    single codes is not the same for all, so there the variances are added up.
    """
    value = differing = by_chance = 0.0
    codes = 0
    for part in parts:
        times = student(part.past.batches - 1)
        share = part.past.share
        codes += part.codes
        value += part.codes * share
        differing += times * part.codes * math.sqrt(part.past.variance)
        by_chance += times**2 * part.codes * part.past.rate * (1 - part.past.rate)
    half = math.hypot(differing, math.sqrt(by_chance))
    return Interval(value, max(0.0, value - half), min(float(codes), value + half))


def whole_codes(interval: Interval) -> tuple[int, int]:
    """The ends of an interval of counts, rounded outwards."""
    return math.floor(interval.low), math.ceil(interval.high)


def past_of(batches: Sequence[Counts]) -> Past:
    """What these batches did; each counts the same, whatever its size."""
    return _Sums.of(batches).past()


def backtest(batches: Sequence[Counts]) -> list[Judged]:
    """Each batch judged by all others, in their order; none where there are too few others."""
    if len(batches) <= LEAST_OTHERS:
        return []
    sums = _Sums.of(batches)
    return [
        Judged(to_come([Part(batch.outstanding, sums.without(batch).past())]), batch.redeemed)
        for batch in batches
    ]


def is_alike(lifetime: float, other: float) -> bool:
    """Whether codes that run so many days tell of one another, as is_like() in SQL says it."""
    return 4 * lifetime <= 5 * other and 4 * other <= 5 * lifetime


@lru_cache(maxsize=MOST_DEGREES)
def student(degrees: int) -> float:
    """How many standard deviations from its mean Student's t lies within, in AIM of all cases."""
    low, high = 0.0, 10.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _within(middle, min(degrees, MOST_DEGREES)) < AIM:
            low = middle
        else:
            high = middle
    return high


class _Sums(NamedTuple):
    """Sums over batches, from which one can be taken away again."""

    batches: float
    outstanding: float
    redeemed: float
    inverses: float  # of the numbers of codes
    shares: float
    squares: float  # of the shares

    @classmethod
    def of(cls, batches: Sequence[Counts]) -> "_Sums":
        return cls(*map(sum, zip(*map(_terms, batches), strict=True)))

    def without(self, batch: Counts) -> "_Sums":
        pairs = zip(self, _terms(batch), strict=True)
        return _Sums(*(sum_ - term for sum_, term in pairs))

    def past(self) -> Past:
        mean = self.shares / self.batches
        variance = (self.squares - self.shares * mean) / (self.batches - 1)
        size = self.batches / self.inverses
        spread = math.sqrt(max(0.0, variance))
        counts = (int(self.batches), int(self.outstanding), int(self.redeemed))
        return Past(*counts, size, mean, spread)


def _terms(batch: Counts) -> tuple[int, int, int, float, float, float]:
    share = batch.redeemed / batch.outstanding
    return (1, *batch, 1 / batch.outstanding, share, share * share)


def _within(t: float, degrees: int) -> float:
    """The chance that Student's t lies between -t and t (Abramowitz and Stegun, 26.7.3 and 4)."""
    angle = math.atan(t / math.sqrt(degrees))
    squared = math.cos(angle) ** 2
    is_odd = degrees % 2
    term = total = math.cos(angle) if is_odd else 1.0
    for step in range(3 if is_odd else 2, degrees - 1, 2):
        term *= squared * (step - 1) / step
        total += term
    if degrees == 1:
        return 2 * angle / math.pi
    inner = math.sin(angle) * total
    return 2 / math.pi * (angle + inner) if is_odd else inner
