"""What a list of codes chooses beside other filters, in plain Python, without SQL."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from queries.filters import Filters
from tests.support.model import Model, is_chosen_code, is_chosen_use, status, tally

OF_VISITS = ("campaign", "campaign!", "site", "site!", "cancelled", "from", "to")


def tallied(
    model: Model, filters: Filters, listed: Collection[str], now: datetime
) -> dict[str, Any]:
    """The numbers of the codes that a list and the filters choose, or of everything else."""
    turned = bool(filters.rest)
    filters = replace(filters, rest=None, list_=None)
    of_codes, of_visits = filters, Filters()
    for name in OF_VISITS:
        of_codes = of_codes.with_(name, None)
        of_visits = of_visits.with_(name, filters.value(name))
    moment, uses = filters.as_of(now), model.uses()
    judged = {id(held): status(held, uses, moment) for held in model.codes.values()}
    codes = [
        held
        for held in model.codes.values()
        if (held.row[0] in listed and is_chosen_code(of_codes, held, judged[id(held)])) != turned
    ]
    chosen = [
        use
        for use in uses
        if is_chosen_use(of_visits, use, judged)
        and (use.code in listed and is_chosen_use(of_codes, use, judged)) != turned
    ]
    return tally(codes, chosen)
