"""The struct by which an SQL cell's tables are chosen, with what the person may see."""

from datetime import datetime

from data import owner
from pages.answers.fetch import seen
from queries.engine.prefixes import looked_up
from queries.filters import Filters


def sql_parameters(filters: Filters, data_until: datetime) -> dict[str, object]:
    """Filters.parameters() for the person whose page runs. Raises StoreUnavailable."""
    with owner.store().cursor() as cursor:
        return looked_up(cursor, seen(filters)).parameters(data_until)
