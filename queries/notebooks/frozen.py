"""Whether the numbers of a frozen notebook still are what they were."""

import math
from collections.abc import Iterator
from typing import Any

from queries.notebooks.as_json import Results
from queries.notebooks.result import Import
from queries.notebooks.states import since

MOST_NAMED = 5  # values of a cell that differ
PRECISION = 1e-9  # the last digits of a sum depend on the order of its rows


def differences(frozen: Results, now: Results) -> list[str]:
    """A sentence per cell that differs, in the notebook's order; none where all are the same."""
    before = {cell["name"].casefold(): cell for cell in frozen["cells"]}
    after = {cell["name"].casefold(): cell for cell in now["cells"]}
    gone = [f"{cell['name']} is no longer in the notebook." for name, cell in before.items()
            if name not in after]  # fmt: skip
    new = [f"{cell['name']} is new." for name, cell in after.items() if name not in before]
    both = [(cell, after[name]) for name, cell in before.items() if name in after]
    changed = [f"{a['name']}: {words}." for a, b in both if (words := _difference(a, b))]
    return [*changed, *gone, *new]


def since_frozen(frozen: Results, now: Results) -> str:
    """What has changed in the data since, as a sentence."""
    return since(frozen["state"], now["state"], _imports(frozen), _imports(now))


def _imports(results: Results) -> list[Import]:
    return [Import(one["import_id"], one["file"]) for one in results.get("imports", [])]


def _difference(a: Results, b: Results) -> str:
    """How a cell's result differs from what it was, as a clause; nothing where it does not."""
    if a["status"] != b["status"]:
        return f"failed: {b['error'].rstrip('.')}" if b["error"] else "runs, and had failed"
    if a["columns"] != b["columns"]:
        return "has other columns"
    if a["row_count"] != b["row_count"]:
        return f"{b['row_count']:,} rows, there were {a['row_count']:,}"
    found = list(_values(a, b))
    rest = [f"and {len(found) - MOST_NAMED:,} more values"] if len(found) > MOST_NAMED else []
    return ", ".join([*found[:MOST_NAMED], *rest])


def _values(a: Results, b: Results) -> Iterator[str]:
    several = a["row_count"] > 1
    for number, (before, after) in enumerate(zip(a["rows"], b["rows"], strict=True), 1):
        for column, x, y in zip(a["columns"], before, after, strict=True):
            if not _same(x, y):
                where = f"{column} in row {number:,}" if several else column
                yield (
                    f"{where} is {_shown(y)}, was {_shown(x)}"
                    if _can_show(x, y)
                    else (f"{where} differs")
                )


def _same(x: Any, y: Any) -> bool:  # noqa: ANN401 - a value of JSON
    if isinstance(x, float | int) and isinstance(y, float | int):
        return math.isclose(x, y, rel_tol=PRECISION)
    return bool(x == y)


def _can_show(*values: object) -> bool:
    """Whether values are no texts: a text may be a code."""
    return all(value is None or isinstance(value, int | float) for value in values)


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    is_whole = isinstance(value, int | float) and float(value).is_integer()
    return f"{value:,.0f}" if is_whole else f"{value:.6g}"
