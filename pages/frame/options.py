"""The values that a filter offers, with what choosing each of them gives."""

import pandas as pd

from pages.answers.fetch import fetch
from pages.answers.memo import memoized
from queries.fields import base_of
from queries.filters import BY_NAME, Filters

MANY = 1000  # options that are sent to the browser; beyond that the server searches
COMPARED = 10_000_000  # codes with prefixes, at most, to count what a prefix chooses
NOTHING = pd.DataFrame({"value": [], "count": []})


def options(name: str, search: str | None, filters: Filters) -> pd.DataFrame:
    """The values that one of the filters offers under all others: one row per value.

    With its number of codes, or of redemptions; None where counting them takes long.
    """
    kind = kind_of(name)
    # What everything else leaves out is picked from all values.
    filters = filters.with_("rest", None)
    others = filters.with_(name, None)
    if search or others != filters:
        found = fetch(f"options_of_{kind}", others, field=base_of(name), search=search)
    else:
        found = _by_field(fetch(f"facets_of_{kind}", others)).get(base_of(name), NOTHING)
    return _with_codes_that_start_so(found, others) if base_of(name) == "prefix" else found


def _with_codes_that_start_so(found: pd.DataFrame, others: Filters) -> pd.DataFrame:
    """The prefixes with all codes that choosing them gives; without a count where it takes long.

    A prefix also chooses codes that start so and have another one, or none that is known.
    """
    overlapping = set(fetch("overlapping_prefixes", Filters())["prefix"])
    shared = tuple(value for value in found["value"] if value in overlapping)
    if not shared:
        return found
    counts: dict[str, int | None] = dict(zip(found["value"], found["count"], strict=True))
    counts |= dict.fromkeys(shared)
    if len(shared) * int(fetch("held", Filters())["codes"][0]) <= COMPARED:
        counted = fetch("prefix_counts", others, texts=shared)
        counts |= dict(zip(counted["value"], counted["count"], strict=True))
    return found.assign(count=pd.Series(counts.values(), found.index, object))


@memoized
def _by_field(facets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(field): found for field, found in facets.groupby("field")}


def kind_of(name: str) -> str:
    """What the options of a filter count: codes or transactions."""
    return "codes" if BY_NAME[name].chooses == "codes" else "transactions"
