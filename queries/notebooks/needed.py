"""Which cells have to run so that some of them have results."""

from collections.abc import Callable, Sequence

from queries.notebooks.meaning import Meaning


def needed(found: Sequence[Meaning], is_wanted: Callable[[Meaning], bool]) -> list[Meaning]:
    """The wanted cells, and all before SQL that is wanted, which may read any of them.

    Controls need not run: a cell's meaning has their values.
    """
    of_sql = [n for n, one in enumerate(found) if one.cell.kind == "sql" and is_wanted(one)]
    last = max(of_sql, default=-1)
    return [one for n, one in enumerate(found) if n <= last or is_wanted(one)]
