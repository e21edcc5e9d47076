"""What happened to a code, and which codes came of it, in plain Python, without SQL."""

from datetime import datetime
from typing import NamedTuple

from tests.support.model import Held, Model, Use, moment, status

NO_GROUP = "(no group)"


class Event(NamedTuple):
    """An event of a code's story."""

    time: datetime | None
    event: str


def groups_with(model: Model, code: str) -> dict[str, bool]:
    """The groups that have a code, and whether a codes file has brought it there."""
    stored = {held.row[1] for held in model.codes.values() if held.row[0] == code}
    used = {use.group or NO_GROUP for use in model.uses() if use.code == code}
    return {group: group in stored for group in sorted(stored | used)}


def story(model: Model, code: str, group: str, asof: datetime) -> list[Event]:
    """The events of a code, oldest first; those without a time last."""
    uses = uses_of(model, code, group)
    events: list[Event] = []
    for number, use in enumerate(uses):
        events.append(Event(use.time, "redeemed again" if number else "redeemed"))
        events += [Event(use.time, "cancelled")] * use.cancelled
    if held := model.codes.get((group, code)):
        # What is at the same moment comes in this order: it starts, expires, is redeemed.
        for name, text in (("expired", held.row[3]), ("started", held.row[2])):
            at = moment(text)
            if at and at <= asof:
                place = next((n for n, e in enumerate(events) if e.time and e.time >= at),
                             len(events))  # fmt: skip
                events.insert(place, Event(at, name))
    return events + [Event(None, "deleted")] * any(use.deleted for use in uses)


def uses_of(model: Model, code: str, group: str) -> list[Use]:
    """The redemptions of a code, oldest first, cancelled ones first among those of a moment."""
    uses = [u for u in model.uses() if u.code == code and (u.group or NO_GROUP) == group]
    return sorted(uses, key=lambda use: (use.time, not use.cancelled))


def children(model: Model, code: str, asof: datetime) -> dict[tuple[str, str], str]:
    """The status of each code whose parent a code is, by its group and its text."""

    def judged(held: Held) -> str:
        return status(held, model.uses(), asof)

    of_code = [held for held in model.codes.values() if held.row[7] == code]
    return {(held.row[1], held.row[0]): judged(held) for held in of_code}
