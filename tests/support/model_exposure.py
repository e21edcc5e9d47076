"""Exposure in plain Python: outstanding codes by day of expiry, and past batches' last days."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from queries.filters import Filters
from tests.support.model import Held, Model, Use, is_chosen, is_chosen_code, moment, status

DAY = timedelta(days=1)
LONGEST, ENOUGH = 90, 20  # days before an expiry; codes of a batch
# Group, reach, day of expiry, days left, lifetime.
Outstanding = tuple[str, str, datetime | None, int | None, int | None]
Stretch = tuple[str, int | None, str, int]  # group, lifetime, batch, days before the expiry


def nearest_midnight(at: datetime) -> datetime:
    return datetime.combine((at + DAY / 2).date(), datetime.min.time())


def moment_of(filters: Filters, now: datetime) -> datetime:
    return datetime.combine(filters.asof, datetime.min.time()) if filters.asof else now


def lifetime(held: Held) -> int | None:
    """The days from start to expiry."""
    start, expiry = moment(held.row[2]), moment(held.row[3])
    if start is None or expiry is None:
        return None
    return (nearest_midnight(expiry) - nearest_midnight(start)).days


def is_alike(days: int | None, other: int | None) -> bool:
    if days is None or other is None:
        return days is other
    return days <= 1.25 * other and other <= 1.25 * days


def exposure(model: Model, filters: Filters, now: datetime) -> Counter[Outstanding]:
    """How many chosen codes are active, by when they expire."""
    asof, uses = moment_of(filters, now), model.uses()
    counts: Counter[Outstanding] = Counter()
    for held in model.codes.values():
        judged, expiry = status(held, uses, asof), moment(held.row[3])
        if judged != "active" or not is_chosen_code(filters, held, judged):
            continue
        group = held.row[1]
        if expiry is None:
            counts[group, "never", None, None, None] += 1
            continue
        days = (nearest_midnight(expiry) - nearest_midnight(asof)).days
        day = datetime.combine(expiry.date(), datetime.min.time())
        soon = days <= LONGEST
        here = (group, "soon", day, days, lifetime(held))
        counts[here if soon else (group, "later", None, None, None)] += 1
    return counts


def stretches(model: Model, filters: Filters, now: datetime) -> dict[Stretch, tuple[int, int]]:
    """Outstanding codes of past batches, and those of them redeemed before their expiry.

    For each lifetime that a code of the group has, of those that ran about as long.
    """
    asof, uses = moment_of(filters, now), model.uses()
    found: dict[Stretch, tuple[int, int]] = {}
    lifetimes: dict[str, set[int | None]] = {}
    for held in model.codes.values():
        if held.row[3]:
            lifetimes.setdefault(held.row[1], set()).add(lifetime(held))
    for (group, batch), codes in _past_batches(model, filters, asof):
        for days in range(1, LONGEST + 1):
            came = [(lifetime(held), _comes(held, uses, days)) for held in codes]
            for length in lifetimes[group]:
                alike = [it for ran, it in came if it is not None and is_alike(length, ran)]
                if len(alike) >= ENOUGH:
                    found[group, length, batch, days] = len(alike), sum(alike)
    return found


def own_lifetimes(
    model: Model, filters: Filters, now: datetime
) -> dict[tuple[str, str], int | None]:
    """The lifetime that most codes of each past batch with one have, the longest of several."""
    found = {}
    for key, codes in _past_batches(model, filters, moment_of(filters, now)):
        counts = Counter(days for held in codes if (days := lifetime(held)) is not None)
        found[key] = max(counts, key=lambda days: (counts[days], days), default=None)
    return found


def _past_batches(
    model: Model, filters: Filters, asof: datetime
) -> Iterator[tuple[tuple[str, str], list[Held]]]:
    batches: dict[tuple[str, str], list[Held]] = {}
    for held in model.codes.values():
        expiry = moment(held.row[3])
        # Everything else than a choice may have codes of every group.
        if filters.rest or is_chosen(filters, "group", {held.row[1]}):
            month = f"(no batch), expired {expiry:%b %Y}" if expiry else ""
            batches.setdefault((held.row[1], held.scope.batch or month), []).append(held)
    for key, codes in batches.items():
        expiries = [moment(held.row[3]) for held in codes]
        if all(expiry and expiry <= asof for expiry in expiries):
            yield key, codes


def _comes(held: Held, uses: list[Use], days: int) -> bool | None:
    """Whether a code that is active so many days before its expiry is redeemed before it."""
    expiry = moment(held.row[3])
    assert expiry
    end = nearest_midnight(expiry)
    if status(held, uses, end - days * DAY) != "active":
        return None
    return any(use.of is held and not use.cancelled and use.time <= end for use in uses)
