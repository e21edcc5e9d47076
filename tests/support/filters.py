"""Random filters."""

from datetime import date

from hypothesis import strategies as st

from queries.filters import Filters

PARAMETERS = [
    *("folder", "group", "prefix", "batch", "type", "item", "campaign", "site"),
    *("cancelled", "status", "from", "to", "asof"),
]
OF_TEXTS = PARAMETERS[:8]
DATES = ("from", "to", "asof")
STATUSES = ["active", "redeemed", "cancelled", "expired", "scheduled", "deleted"]
texts = st.none() | st.lists(
    st.text(min_size=1) | st.sampled_from(["a&b", "c=d", '"e"', "f+g", "%41", "#", " ", "é", "🍺"]),
    min_size=1,
    unique=True,
).map(tuple)
days = st.none() | st.dates(date(1900, 1, 1), date.max)
any_filters = st.builds(
    Filters,
    **dict.fromkeys(OF_TEXTS, texts),
    status=st.none() | st.lists(st.sampled_from(STATUSES), min_size=1, unique=True).map(tuple),
    cancelled=st.none() | st.booleans(),
    from_=days,
    to=days,
    asof=days,
)
