"""How the marks of B look beside those of A: dashed, hollow or dotted, in the same colours.

Traces and layouts are dictionaries here: to change a Figure step by step takes
Plotly far longer than to make it.
"""

from collections.abc import Iterable
from typing import Any

import plotly.graph_objects as go

from pages.charts.figure import Figure
from pages.text.escape import plotly_text

Trace = dict[str, Any]
DOTS = {"size": 5, "solidity": 0.3}
SHAPES = {
    True: "\\",
    False: ".",
}  # whether it is hatched in A: the hatching of B leans the other way
HOLLOW = "diamond-open"
AXES = ("xaxis", "yaxis")


def copied(figure: go.Figure) -> Trace:
    """The traces ("data") and the layout of a figure that others use too, to be changed."""
    # Not figure.to_plotly_json(), which packs the numbers for the browser.
    traces = [trace.to_plotly_json() for trace in figure.data]
    return {"data": traces, "layout": figure.layout.to_plotly_json()}


def as_side(trace: Trace, side: str) -> Trace:
    """The trace with the name of its side in the legend and in the hover."""
    shown = plotly_text(side)
    trace["name"] = f"{trace['name']} · {shown}" if trace.get("name") else shown
    if template := trace.get("hovertemplate"):
        trace["hovertemplate"] = template.replace("<extra></extra>", f"<extra>{shown}</extra>")
    return trace


def as_b(trace: Trace) -> Trace:
    """The trace with the look of B, which chooses nothing."""
    if trace["type"] == "bar":
        _bar_as_b(trace)
    elif trace["mode"] != "text":
        trace["line"] = trace.get("line", {}) | {"dash": "dash"}
        trace["marker"]["symbol"] = _for_each(trace["marker"].get("symbol"), lambda _: HOLLOW)
    return choosing_nothing(trace)


def choosing_nothing(trace: Trace) -> Trace:
    """The trace without what a click on its marks chooses: only A can be narrowed."""
    if trace.get("customdata") is not None:
        rows = trace["customdata"]
        trace["customdata"] = [None if row is None else [None, *row[1:]] for row in rows]
    return trace


def laid_over(traces: Iterable[Trace], layouts: list[Trace], **further: object) -> go.Figure:
    """One figure of traces of several, on one scale, each name in the legend once."""
    both = layouts[0]
    for axis in AXES:
        ranges = [layout[axis].get("range") for layout in layouts]
        if all(ranges):
            both[axis]["range"] = [min(r[0] for r in ranges), max(r[1] for r in ranges)]
        if None in [layout[axis].get("dtick") for layout in layouts]:
            both[axis].pop("dtick", None)
    found, names = list(traces), set[str]()
    for trace in found:
        is_new = trace["name"] not in names and trace.get("mode") != "text"
        trace["showlegend"] = is_new
        names |= {trace["name"]} if is_new else set()
    return Figure(found, both | {"showlegend": True} | further)


def _bar_as_b(bar: Trace) -> None:
    marker = bar["marker"]
    shape = marker.get("pattern", {}).get("shape")
    marker["pattern"] = DOTS | {"shape": _for_each(shape, lambda one: SHAPES[bool(one)])}
    # Nobody can read a text on dots.
    if bar.get("text") is not None and bar.get("textposition") != "none":
        bar["textposition"] = "outside"


def _for_each(value: Any, of: Any) -> Any:  # noqa: ANN401 - one value for all marks, or one for each
    return of(value) if value is None or isinstance(value, str) else [of(one) for one in value]
