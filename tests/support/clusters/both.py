"""The same query asked of DuckDB's rows and of a cluster's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import pyarrow as pa
from hypothesis import Phase

from data.store.database import Store
from queries.engine.cluster.cluster import Cluster
from queries.engine.cluster.order import POSITION
from queries.engine.cluster.which import WITH_POSITION
from queries.engine.execute import relation
from queries.engine.paging import page
from queries.engine.registered import registered
from queries.engine.totals import COUNTED, TOTALS
from queries.filters import Filters

DATA_UNTIL = datetime(2016, 2, 10, 9, 30, 15)
# Whose rows have no order: a table of totals is a set, and so is what is joined here.
SETS = {
    *("select_code_totals", "select_redemption_totals", "select_site_totals"),
    *("list_stored", "texts_begun", "texts_like_codes"),
    *("near_codes", "near_transactions", "near_rows"),
}
# Of random filters: another seed is no simpler than the one that fails, and takes minutes to find.
NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]

Rows = list[dict[str, Any]]


class Odd(NamedTuple):
    """An open store, its rows as files, and the small tables that go with a question."""

    store: Store
    files: dict[str, list[str]]
    tables: dict[str, pa.Table]


def values_of(filters: Filters, **values: object) -> dict[str, Any]:
    """The values of a query's parameters, as run_on() puts them together."""
    chosen = filters.parameters(DATA_UNTIL)
    counted = dict.fromkeys(TOTALS, COUNTED)
    given = {"filters": chosen, "asof": chosen["asof"], "data_until": DATA_UNTIL}
    return {**given, **counted, **values}


def here(odd: Odd, name: str, values: Mapping[str, Any]) -> Rows:
    """The rows of the query from the store, as plain values."""
    lists = {key: table for key, table in odd.tables.items() if "." not in key}
    with odd.store.cursor() as cursor, registered(cursor, lists):
        rows = relation(cursor, name, **{key: values[key] for key in values if key != "name"})
        if "sort" in values:
            where = {key: values[key] for key in ("sort", "descending", "offset", "of")}
            found: list[dict[Any, Any]] = page(rows, **where).to_dict("records")
            types = rows.limit(0).to_arrow_table().schema
            return [
                {key: _plain(value, types.field(key).type) for key, value in row.items()}
                for row in found
            ]
        table: pa.Table = rows.to_arrow_table()
    return _in_order(name, table.to_pylist())


def there(odd: Odd, cluster: Cluster, name: str, values: Mapping[str, Any]) -> Rows:
    """The rows of the query from the cluster, as plain values, without their positions."""
    table = cluster.ask(name, values, odd.files, odd.tables).table()
    if name in WITH_POSITION:
        table = table.drop_columns(POSITION)
    return _in_order(name, table.to_pylist())


def _plain(value: Any, type_: pa.DataType) -> object:  # noqa: ANN401 - a cell of pandas
    """A cell of pandas as Arrow has it."""
    if value is None or value != value:
        return None
    if pa.types.is_timestamp(type_):
        return value.to_pydatetime()
    return int(value) if pa.types.is_integer(type_) else value


def _in_order(name: str, rows: Rows) -> Rows:
    """The rows, sorted where they have no order."""
    return sorted(rows, key=repr) if name in SETS else rows
