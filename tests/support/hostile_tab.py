"""A tab that sends whatever it likes as the values of a page's widgets."""

from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.tab import Tab, until_drawn


class HostileTab(Tab):
    """A tab of no browser: a widget's value need not be of its kind, nor among its options."""

    def open(self, query: str = "") -> None:
        """Open the page."""
        self._query = query
        self._widgets = {}
        for message in self._run(self._request()):
            for part in (message.delta.new_element, message.delta.add_block):
                kind = part.WhichOneof("type")
                if kind and (name := getattr(getattr(part, kind), "id", "")):
                    self._widgets[name.rpartition("-")[2]] = name

    def send(self, key: str, **value: Any) -> list[str]:  # noqa: ANN401 - whatever it is
        """Send a value by its field of the protocol; the kinds and texts of alerts and errors."""
        request = self._request()
        widget = request.rerun_script.widget_states.widgets.add(id=self._widgets[key])
        for field, content in value.items():
            if field.endswith("array_value"):
                getattr(widget, field).data.extend(content)
            else:
                setattr(widget, field, content)
        shown = []
        for message in self._run(request):
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            if kind in ("alert", "exception"):
                shown.append(f"{kind}: {element}")
        return shown

    def _request(self) -> BackMsg:
        request = BackMsg()
        request.rerun_script.query_string = self._query
        request.rerun_script.page_name = self._page
        return request

    def _run(self, request: BackMsg) -> list[ForwardMsg]:
        server = self._connected()
        server.send(request.SerializeToString())
        return list(until_drawn(server))
