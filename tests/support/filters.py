"""Random filters."""

from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from queries.filters import Filters

CHOSEN_TEXTS = ["folder", "group", "prefix", "batch", "type", "item", "campaign", "site"]
OF_TEXTS = [parameter for name in CHOSEN_TEXTS for parameter in (name, f"{name}!")]
DATES = ("from", "to", "start_from", "start_to", "expiry_from", "expiry_to", "asof")
PARAMETERS = [*OF_TEXTS, "cancelled", "status", "status!", *DATES, "rest"]
STATUSES = ["active", "redeemed", "cancelled", "expired", "scheduled", "deleted"]
texts = st.none() | st.lists(
    st.text(min_size=1) | st.sampled_from(["a&b", "c=d", '"e"', "f+g", "%41", "#", " ", "é", "🍺"]),
    min_size=1,
    unique=True,
).map(tuple)
statuses = st.none() | st.lists(st.sampled_from(STATUSES), min_size=1, unique=True).map(tuple)
days = st.none() | st.dates(date(1900, 1, 1), date.max)
values = st.fixed_dictionaries(
    {
        **dict.fromkeys(OF_TEXTS, texts),
        **dict.fromkeys(("status", "status!"), statuses),
        "cancelled": st.none() | st.booleans(),
        **dict.fromkeys(DATES, days),
        "rest": st.none() | st.just(True),
    }
)


def filters_with(values: Mapping[str, object]) -> Filters:
    """Filters by their URL parameters."""
    filters = Filters()
    for name, value in values.items():
        filters = filters.with_(name, value)
    return filters


any_filters = values.map(filters_with)
