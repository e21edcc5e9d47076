"""Which earlier cells a cell reads: its controls, and what its SQL names."""

from collections.abc import Sequence

from pages.cells.sql_cells import names_in
from queries.engine.sandbox.cells import OWN_TABLES
from queries.notebooks.meaning import Meaning


def uses(meaning: Meaning) -> Sequence[str]:
    """The names of the earlier cells that a cell reads, directly."""
    if meaning.cell.kind != "sql":
        return meaning.uses
    named = names_in(meaning.cell.body) - set(OWN_TABLES)
    return (*meaning.uses, *sorted(named))
