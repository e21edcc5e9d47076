"""The field that takes a file with a list of codes.

Not Streamlit's own uploads: those are for imports alone (pages/people/ways_in.py), go to the disk,
and may be of many gigabytes. Whoever may check a list need not be one who imports, so the field
hands the file over through the page's own WebSocket, which knows the person; it stays in memory.
"""

import base64
import binascii
from collections.abc import Callable

import streamlit as st

from pages.people.lists import LARGEST

KEY = "upload_list"
FIELD = (
    '<label>Choose a file, or drop it here<br><input type="file" '
    'accept=".csv,.txt,.tsv,.xlsx,text/plain,text/csv"></label>'
)
# Its own look only: a field in its own document part has none of the page's.
LOOK = "label { font-size: 0.875rem; } input { width: 100%; font: inherit; }"
READ = f"""
const encoded = (file) => new Promise((resolve) => {{
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
    reader.onerror = () => resolve("");
    reader.readAsDataURL(file);
}});
export default ({{ parentElement, setTriggerValue }}) => {{
    const field = parentElement.querySelector("input");
    field.onchange = async () => {{
        const [file] = field.files;
        if (file) setTriggerValue("file", file.size <= {LARGEST} ? await encoded(file) : "");
        field.value = "";
    }};
}};
"""


def list_upload(take: Callable[[bytes], None]) -> None:
    """Draw the field; `take` gets the bytes of a file, none where it is empty or too large."""

    def changed() -> None:
        text = st.session_state[KEY].get("file")
        if isinstance(text, str):
            take(_decoded(text))

    component = st.components.v2.component("list_upload", html=FIELD, css=LOOK, js=READ)
    component(key=KEY, on_file_change=changed)


def _decoded(text: str) -> bytes:
    """The bytes of what a browser has sent, which need not be what this field sends."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return content if len(content) <= LARGEST else b""
