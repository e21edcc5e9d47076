"""The checks in plain Python, over the rows of a Model: which codes, redemptions and sites."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from queries.filters import Filters
from tests.support.model import Held, Model, Use, is_chosen_code, is_chosen_use, moment, status

Keys = Counter[tuple[Any, ...]]


class ModelChecks:
    """What the checks find among the chosen codes and redemptions: keys, as often as they come."""

    def __init__(self, model: Model, filters: Filters, now: datetime) -> None:
        asof = datetime.combine(filters.asof, datetime.min.time()) if filters.asof else now
        self.uses = model.uses()
        judged = {id(held): status(held, self.uses, asof) for held in model.codes.values()}
        self.every_code = list(model.codes.values())
        self.codes = [h for h in self.every_code if is_chosen_code(filters, h, judged[id(h)])]
        self.chosen = [use for use in self.uses if is_chosen_use(filters, use, judged)]

    def found(self, minutes: int = 5, limits: float = 99.8) -> dict[str, Keys]:
        """The keys of each check's rows: group and code, with the time of a redemption."""
        return {
            "no_live_transaction": _codes(h for h in self.codes if self._is_all_cancelled(h)),
            "times_disagree": _codes(h for h in self.codes if self._disagrees(h)),
            "unknown_code": _redemptions(use for use in self.chosen if use.of is None),
            "used_twice": self._repeated(lambda first, second: True),
            "used_at_two_sites": self._repeated(
                lambda first, second: bool(first.site and second.site)
                and first.site != second.site
            ),
            "used_within_minutes": self._repeated(
                lambda first, second: abs(first.time - second.time) <= timedelta(minutes=minutes)
            ),
            "outside_dates": self._outside(in_campaign=False),
            "outside_dates_in_campaign": self._outside(in_campaign=True),
            "cancelled_then_elsewhere": self._elsewhere(),
            "last_day": _codes(h for h in self.codes if _is_last_day(moment(h.row[3]))),
            "not_after_start": _codes(h for h in self.codes if _never(h)),
            "parent_not_loaded": self._parents("missing"),
            "parent_not_redeemed": self._parents("not redeemed"),
            "parent_cancelled": self._parents("cancelled"),
            "parent_cycle": _codes(h for h in self.codes if self._is_in_circle(h)),
            "site_far_from_rest": self._far((1 - limits / 100) / 2),
        }  # fmt: skip

    def _of(self, held: Held) -> list[Use]:
        return [use for use in self.uses if use.of is held]

    def _is_all_cancelled(self, held: Held) -> bool:
        uses = self._of(held)
        return bool(held.row[8] and uses) and all(use.cancelled for use in uses)

    def _disagrees(self, held: Held) -> bool:
        live = [use.time for use in self._of(held) if not use.cancelled]
        return bool(held.row[8] and live) and moment(held.row[8]) not in live

    def _repeated(self, is_pair: Any) -> Keys:  # noqa: ANN401 - of two uses
        def is_meant(use: Use) -> bool:
            return not use.cancelled and not use.campaign

        by_code = _by_code(use for use in self.uses if is_meant(use))
        named = {(use.group, use.code) for use in self.chosen if is_meant(use)}
        return Counter(
            key
            for key, uses in by_code.items()
            if key in named
            and any(is_pair(a, b) for place, a in enumerate(uses) for b in uses[place + 1 :])
        )

    def _outside(self, *, in_campaign: bool) -> Keys:
        return _redemptions(
            use
            for use in self.chosen
            if not use.cancelled and bool(use.campaign) == in_campaign and _is_outside(use)
        )

    def _elsewhere(self) -> Keys:
        named = {(use.group, use.code) for use in self.chosen}
        return Counter(
            key
            for key, uses in _by_code(self.uses).items()
            if key in named
            and any(
                gone.cancelled and not live.cancelled and live.time > gone.time
                and gone.site and live.site and gone.site != live.site
                for gone in uses
                for live in uses
            )
        )  # fmt: skip

    def _parents(self, state: str) -> Keys:
        return _codes(h for h in self.codes if h.row[7] and self._state_of(h.row[7]) == state)

    def _state_of(self, text: str) -> str:
        parents = [held for held in self.every_code if held.row[0] == text]
        if not parents:
            return "missing"
        uses = [use for held in parents for use in self._of(held)]
        if any(not use.cancelled for use in uses):
            return "redeemed"
        return "cancelled" if uses else "not redeemed"

    def _is_in_circle(self, held: Held) -> bool:
        parents = defaultdict(set)
        for other in self.every_code:
            if other.row[7]:
                parents[other.row[0]].add(other.row[7])
        if not held.row[7]:
            return False
        reached: set[str] = set()
        ahead = set(parents[held.row[0]])
        while ahead - reached:
            reached |= ahead
            ahead = {parent for text in ahead for parent in parents.get(text, ())}
        return held.row[0] in reached

    def _far(self, tail: float) -> Keys:
        sites = _by_site(self.chosen)
        every = [sum(column) for column in zip(*sites.values(), strict=True)] or [0, 0]
        if not 0 < every[0] < every[1]:
            return Counter()
        rate = every[0] / every[1]
        return Counter((site,) for site, counts in sites.items() if _tail(*counts, rate) < tail)


def _codes(held: Iterable[Held]) -> Keys:
    return Counter((one.row[1], one.row[0]) for one in held)


def _redemptions(uses: Iterable[Use]) -> Keys:
    return Counter((use.group, use.code, use.time) for use in uses)


def _by_code(uses: Iterable[Use]) -> dict[tuple[str, str], list[Use]]:
    found: dict[tuple[str, str], list[Use]] = {}
    for use in uses:
        found.setdefault((use.group, use.code), []).append(use)
    return found


def _by_site(uses: Iterable[Use]) -> dict[str, tuple[int, int]]:
    """Cancelled and all redemptions of each named site."""
    found: dict[str, tuple[int, int]] = {}
    for use in uses:
        if use.site:
            cancelled, every = found.get(use.site, (0, 0))
            found[use.site] = (cancelled + use.cancelled, every + 1)
    return found


def _is_outside(use: Use) -> bool:
    if use.of is None:
        return False
    start, expiry = moment(use.of.row[2]), moment(use.of.row[3])
    return bool((start and use.time < start) or (expiry and use.time >= expiry))


def _is_last_day(expiry: datetime | None) -> bool:
    if expiry is None or expiry.hour or expiry.minute > 1:
        return False
    return expiry.isoweekday() == 7 or (expiry + timedelta(days=1)).day == 1


def _never(held: Held) -> bool:
    start, expiry = moment(held.row[2]), moment(held.row[3])
    return bool(start and expiry and expiry <= start)


def _tail(part: int, whole: int, rate: float) -> float:
    parts = range(part, whole + 1) if part > whole * rate else range(part + 1)
    return sum(math.comb(whole, k) * rate**k * (1 - rate) ** (whole - k) for k in parts)
