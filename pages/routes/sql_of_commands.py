"""Runs the SQL cells of a notebook that a command or an address asks for."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from data.store.database import Store
from data.store.settings import allows_sql
from pages.cells.sliced import sliced
from pages.cells.sql_cells import copy_to_begin
from queries.engine.sandbox.pool import Sandboxes
from queries.engine.sandbox.sandbox import Sandbox
from queries.notebooks.document import Document
from queries.notebooks.printed import has_sql
from queries.notebooks.sandboxed import Sandboxed


@contextmanager
def sql_cells_of(store: Store, document: Document) -> Iterator[Sandboxed | None]:
    """What runs a notebook's SQL on a copy of the store, if it has any. Raises NotCopied."""
    if not (has_sql(document) and allows_sql()):
        yield None
        return
    copy = copy_to_begin(store)
    try:
        with closing(Sandbox(copy.path)) as sandbox, closing(Sandboxes(most=1)) as pool:
            of_slices = sliced(store, copy.version, pool, "")
            yield Sandboxed(
                of_slices if copy.is_slice else sandbox, lambda: store.version == copy.version
            )
    finally:
        copy.release()
