"""What a list of codes says in plain Python: verdicts and near misses, without SQL."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from queries.filters import Filters
from tests.support.model import Held, Model, Use, is_chosen_code, is_chosen_use, status

ORDER = ("redeemed", "cancelled only", "not redeemed", "scheduled", "expired", "deleted")
OF_REDEMPTIONS = ("campaign", "campaign!", "site", "site!", "cancelled", "from", "to")
WORDS = {"active": "not redeemed", "cancelled": "cancelled only"}


class Line(NamedTuple):
    """What is said of a line of a list."""

    code: str
    verdict: str
    group_name: str | None
    redeemed_at: datetime | None
    doubled: bool


class _Known(NamedTuple):
    verdict: str
    group: str
    redeemed: datetime | None


def lines(model: Model, codes: Sequence[str], filters: Filters, now: datetime) -> list[Line]:
    """The verdicts on the codes, in their order. Filters of redemptions choose no code."""
    moment = filters.as_of(now)
    if filters.rest_of() == "redemptions":
        filters = filters.with_("rest", None)
    for name in OF_REDEMPTIONS:
        filters = filters.with_(name, None)
    uses = model.uses()
    judged = {id(held): status(held, uses, moment) for held in model.codes.values()}
    known: dict[str, list[_Known]] = {}
    for held in model.codes.values():
        if is_chosen_code(filters, held, judged[id(held)]):
            of_code = [use for use in uses if use.of is held]
            text, group = held.row[:2]
            known.setdefault(text, []).append(_of_code(judged[id(held)], group, of_code, moment))
    for text, group, of_code in _of_redemptions(uses, filters, judged):
        known.setdefault(text, []).append(
            _of_code(_status(of_code, moment), group, of_code, moment)
        )
    return [_line(code, known.get(code, []), code in codes[:n]) for n, code in enumerate(codes)]


def _of_redemptions(
    uses: list[Use], filters: Filters, judged: dict[int, str]
) -> list[tuple[str, str, list[Use]]]:
    """The codes that only chosen redemptions name, by their group."""
    chosen = [use for use in uses if use.of is None and is_chosen_use(filters, use, judged)]
    keys = dict.fromkeys((use.code, use.group) for use in chosen)
    return [(*key, [use for use in chosen if (use.code, use.group) == key]) for key in keys]


def _status(uses: list[Use], moment: datetime) -> str:
    """The status of a code without dates that has these redemptions."""
    held = Held(("", "", "", ""), uses[0].scope)
    return status(held, [replace(use, of=held) for use in uses], moment)


def _of_code(judged: str, group: str, uses: list[Use], moment: datetime) -> _Known:
    live = [use.time for use in uses if not use.cancelled and use.time <= moment]
    return _Known(WORDS.get(judged, judged), group or "(no group)", min(live, default=None))


def _line(code: str, known: list[_Known], doubled: bool) -> Line:
    if not known:
        return Line(code, "unknown", None, None, doubled)
    verdict = min((one.verdict for one in known), key=ORDER.index)
    groups = sorted({one.group for one in known})
    named = re.sub(r", ([^,]*)$", r" and \1", ", ".join(groups))
    times = [one.redeemed for one in known if one.redeemed]
    return Line(code, verdict, named, min(times, default=None), doubled)
