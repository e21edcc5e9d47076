"""Charts that would be unreadable in one figure: one of A and one of B, on the same scale."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go

from pages.charts.both_looks import Trace, choosing_nothing, copied
from pages.charts.figure import Figure
from pages.charts.sides import memoized_pair

ROOM = 1.03  # above the highest mark


@memoized_pair
def on_one_scale(a: go.Figure, b: go.Figure) -> tuple[go.Figure, go.Figure]:
    """Both figures with the same ends of their axes of numbers, and the same range of colours.

    Only A can be narrowed: B chooses nothing where it is clicked.
    """
    both = copied(a), copied(b)
    for axis in ("x", "y"):
        if all(_has_numbers(parts, axis) for parts in both):
            most = max(_highest(parts, axis) for parts in both)
            for parts in both:
                parts["layout"][f"{axis}axis"]["range"] = [0, most]
    _same_colours([t for parts in both for t in parts["data"] if t["type"] == "heatmap"])
    _like_a(*(parts["data"] for parts in both))
    for trace in both[1]["data"]:
        choosing_nothing(trace)
    first, second = (Figure(**parts) for parts in both)
    return first, second


def _has_numbers(parts: Trace, axis: str) -> bool:
    """Whether an axis measures something: not names, moments or rows."""
    values = list(_values(parts, axis))
    is_measured = parts["layout"].get(f"{axis}axis", {}).get("tickvals") is None
    return is_measured and bool(values) and all(v.dtype.kind in "iuf" for v in values)


def _highest(parts: Trace, axis: str) -> float:
    """Where an axis ends: as it says itself, or a little above its highest mark."""
    if given := parts["layout"][f"{axis}axis"].get("range"):
        return float(given[1])
    finite = [v[np.isfinite(v.astype(float))] for v in _values(parts, axis)]
    highest = [float(v.max()) for v in finite if len(v)]
    is_stacked = parts["layout"].get("barmode") in ("stack", "relative")
    return ((sum if is_stacked else max)(highest) if highest else 1.0) * ROOM


def _values(parts: Trace, axis: str) -> Iterator[np.ndarray[Any, Any]]:
    for trace in parts["data"]:
        if trace.get(axis) is not None:
            yield np.asarray(trace[axis])


def _same_colours(heatmaps: list[Trace]) -> None:
    most = max((heatmap.get("zmax") or 0 for heatmap in heatmaps), default=0)
    for heatmap in heatmaps:
        heatmap |= {"zmin": 0, "zmax": most}


def _like_a(a: list[Trace], b: list[Trace]) -> None:
    """Let lines of B look as those of A with the same name; others as no other line of B."""
    looks = {t["name"]: _look(t) for t in a if t["type"] == "scatter" and t.get("name")}
    lines = [t for t in b if t["type"] == "scatter" and t.get("name")]
    names = {line["name"] for line in lines}
    unused = [look for name, look in looks.items() if name not in names]
    unused += [look for look in map(_look, lines) if look not in looks.values()]
    for line in lines:
        own = looks.get(line["name"]) or (unused.pop(0) if unused else _look(line))
        line["line"], colour = own
        line["marker"] = line.get("marker", {}) | {"color": colour}


def _look(line: Trace) -> tuple[Any, Any]:
    return line.get("line", {}), line.get("marker", {}).get("color")
