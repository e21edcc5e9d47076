"""A figure that is prepared for the browser once, however often it is sent."""

from typing import Any

import plotly.graph_objects as go


class Figure(go.Figure):  # type: ignore[misc]  # untyped library
    """A figure of Plotly that nobody changes after it is made.

    Streamlit asks for its content each time that a page is drawn, and Plotly would copy and pack
    all numbers again.
    """

    _content: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The content, made at the first call. Do not change it."""
        if self._content is None:
            self._content = super().to_dict()
        return self._content
