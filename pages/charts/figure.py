"""A figure that is prepared for the browser once, however often it is sent."""

from typing import Any

import plotly.graph_objects as go


class Figure(go.Figure):  # type: ignore[misc]  # untyped library
    """A figure of Plotly whose marks and layout nobody changes once it has been drawn.

    Streamlit asks for its content each time that a page is drawn, and Plotly would copy and pack
    all numbers again.
    """

    _content: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The content, made at the first call. Do not change what its traces and layout hold."""
        if self._content is None:
            self._content = super().to_dict()
        # Plotly itself puts marks of its own into what it gets here, when it copies or names a
        # figure, and takes others out.
        traces = [dict(trace) for trace in self._content["data"]]
        return {**self._content, "data": traces, "layout": dict(self._content["layout"])}
