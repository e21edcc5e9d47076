"""The field that takes a file of views: Streamlit's own uploads are for imports alone."""

from collections.abc import Callable

import streamlit as st

from pages.people.views_file import LONGEST

KEY = "upload_views"
FIELD = '<label>Upload views<br><input type="file" accept=".json,application/json"></label>'
# Its own look only: a field in its own document part has none of the page's.
LOOK = "label { font-size: 0.875rem; } input { width: 100%; font: inherit; }"
READ = f"""
export default ({{ parentElement, setTriggerValue }}) => {{
    const field = parentElement.querySelector("input");
    field.onchange = async () => {{
        const [file] = field.files;
        if (file) setTriggerValue("text", file.size <= {LONGEST} ? await file.text() : "");
        field.value = "";
    }};
}};
"""


def views_upload(take: Callable[[str], None]) -> None:
    """Draw the field; `take` gets the text of a file, empty where it is too long."""

    def changed() -> None:
        text = st.session_state[KEY].get("text")
        if isinstance(text, str):
            take(text)

    component = st.components.v2.component("views_upload", html=FIELD, css=LOOK, js=READ)
    component(key=KEY, on_text_change=changed)
