"""A store and the chosen filters, as the modules of pages see them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pandas as pd
import pytest

from pages.charts import clicks
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.model import File
from tests.support.queries import NOW, query_rows
from tests.support.stores import import_file
from tests.support.walks import memory_folder, open_fast


class View:
    """A store and the chosen filters, as pages see them."""

    def __init__(self, db: duckdb.DuckDBPyConnection, filters: Filters) -> None:
        self.db = db
        self.filters = filters

    def fetch(self, name: str, filters: Filters, **values: object) -> pd.DataFrame:
        return run(self.db, name, filters, NOW, **values)

    def tiles(self, filters: Filters) -> dict[str, Any]:
        (tiles,) = query_rows(self.db, "numbers", filters)
        return tiles

    def click(self, on_click: Callable[[str], None], value: str) -> Filters:
        """The filters after a click."""
        after: list[Filters] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clicks, "chosen", lambda: self.filters)
            patch.setattr(clicks, "choose", after.append)
            on_click(value)
        return after[0]


@contextmanager
def view_of(files: list[File], filters: Filters, *modules: ModuleType) -> Iterator[View]:
    """A view whose filters and results these modules see."""
    with memory_folder() as folder, pytest.MonkeyPatch.context() as patch:
        store = open_fast(Path(folder) / "vouchers.duckdb")
        try:
            for file in files:
                import_file(store, file)
            with store.cursor() as db:
                view = View(db, filters)
                for module in modules:
                    patch.setattr(module, "chosen", lambda: filters, raising=False)
                    patch.setattr(module, "fetch", view.fetch)
                yield view
        finally:
            store.close()
