"""Bouncebacks in plain Python: each chosen child with its parent, and how deep it stands."""

from datetime import datetime
from typing import NamedTuple

from queries.filters import Filters
from tests.support.model import Held, Model, Use, is_chosen_code, moment, status
from tests.support.model_exposure import moment_of

DEEPEST = 20
Firsts = dict[int, datetime]  # of each code's id() the first redemption that was not cancelled


class Child(NamedTuple):
    """A chosen code with a parent code, as of the moment."""

    held: Held
    parent: Held | None
    redeemed: datetime | None
    parent_redeemed: datetime | None
    depth: int
    asof: datetime
    is_running: bool

    @property
    def age(self) -> int | None:
        start = moment(self.held.row[2])
        return (self.asof - start).days if start else None

    @property
    def redeemed_age(self) -> int | None:
        start = moment(self.held.row[2])
        return (self.redeemed - start).days if start and self.redeemed else None

    @property
    def days(self) -> float | None:
        if self.redeemed is None or self.parent_redeemed is None:
            return None
        return (self.redeemed - self.parent_redeemed).total_seconds() / 86400


def children(model: Model, filters: Filters, now: datetime) -> list[Child]:
    """The chosen children."""
    asof, uses = moment_of(filters, now), model.uses()
    firsts = _firsts(uses)
    found = []
    for held in model.codes.values():
        judged = status(held, uses, asof)
        if held.row[7] and is_chosen_code(filters, held, judged):
            parent = _parent(model, held, firsts)
            until = {key: time for key, time in firsts.items() if time <= asof}
            found.append(
                Child(
                    held,
                    parent,
                    until.get(id(held)),
                    until.get(id(parent)) if parent else None,
                    _depth(model, held, firsts),
                    asof,
                    judged in ("active", "scheduled"),
                )
            )
    return found


def _firsts(uses: list[Use]) -> Firsts:
    firsts: Firsts = {}
    for use in uses:
        if use.of and not use.cancelled:
            firsts[id(use.of)] = min(use.time, firsts.get(id(use.of), use.time))
    return firsts


def _parent(model: Model, child: Held, firsts: Firsts) -> Held | None:
    """Of the codes of that name one redeemed by the day of the start, then of the same group."""
    start = moment(child.row[2])

    def order(held: Held) -> tuple[bool, bool, str]:
        first = firsts.get(id(held))
        in_time = first is not None and (start is None or first.date() <= start.date())
        return not in_time, held.row[1] != child.row[1], held.row[1]

    named = (held for held in model.codes.values() if held.row[0] == child.row[7])
    return min((held for held in named if held is not child), key=order, default=None)


def _depth(model: Model, child: Held, firsts: Firsts) -> int:
    """How many bouncebacks one after the other led to the child, itself counted."""
    depth, at = 1, child
    while depth < DEEPEST:
        parent = _parent(model, at, firsts)
        if parent is None or not parent.row[7]:
            break
        depth, at = depth + 1, parent
    return depth
