"""A text editor for cells: it sends drafts while somebody types, completes words, marks an error.

A textarea with a script of ours. Streamlit's st.text_area sends nothing before it is left, replaces
what is typed during a rerun, and has neither completion nor a place for an error.
"""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import streamlit as st

from pages.cells.typed import typed

SESSION = "cell_editor_session"  # by which a browser knows that it talks to another session
LONGEST_SQL = 20_000  # characters; queries of cells take no more
LONGEST_TEXT = 200_000
ASSETS = Path(__file__).with_name("editor_assets")
PARTS = ("caret.js", "completion.js", "exchange.js", "place.js", "editor.js")  # one module
HTML = (ASSETS / "editor.html").read_text("utf-8")
STYLES = (ASSETS / "editor.css").read_text("utf-8")
SCRIPT = "\n".join((ASSETS / part).read_text("utf-8") for part in PARTS)


class Word(NamedTuple):
    """A word that the editor completes."""

    word: str
    kind: Literal["column", "table", "cell", "function", "number"]
    definition: str


def editor(
    label: str,
    text: str,
    *,
    key: str,
    words: Sequence[Word] = (),
    trigger: str = "",
    place: tuple[int, int] | None = None,
    rows: int = 6,
    on_draft: Callable[[str], None],
    on_commit: Callable[[str], None],
) -> None:
    """Draw the editor with a text in it; draw it in a fragment, which each draft reruns.

    `text` is the draft where there is one. The browser's text gives way to it only where it is
    another than before and nothing is typed that the server has not had.
    `trigger`: an opening bracket, "{{", without which no word is offered; the text is then prose,
    and code without a trigger. `place`: line and column of an error, both from 1.
    `on_draft` gets what is typed after half a second without a key, and when the page is left;
    `on_commit` what Ctrl+Enter or leaving the editor commits. Both run as callbacks of Streamlit.
    The page draws rerun_for_editors() once, for what is typed while the server starts again.
    """
    longest = max(LONGEST_TEXT if trigger else LONGEST_SQL, len(text))
    line_end = "\r\n" if "\r\n" in text else "\n"  # a textarea knows \n only

    def take(name: str, give: Callable[[str], None]) -> None:
        sent = typed(st.session_state[key].get(name), longest)
        if sent and sent.number > st.session_state.get(_seen(key), 0):
            st.session_state[_seen(key)] = sent.number
            give(sent.text.replace("\n", line_end))

    component = st.components.v2.component("cell_editor", html=HTML, css=STYLES, js=SCRIPT)
    component(
        key=key,
        data={
            "key": key,
            "label": label,
            "text": text,
            "session": st.session_state.setdefault(SESSION, secrets.token_hex(8)),
            "seen": st.session_state.get(_seen(key), 0),
            "words": [word._asdict() for word in words],
            "trigger": trigger,
            "place": place,
            "rows": rows,
            "longest": longest,
            "limit": f"A cell holds at most {longest:,} characters: what is typed or pasted after "
            "them is cut off.",
            "fault": _where(place),
        },
        # Both are states, which Streamlit sends again when a lost connection is back; a trigger
        # would be gone.
        on_draft_change=lambda: take("draft", on_draft),
        on_commit_change=lambda: take("commit", on_commit),
    )


def _seen(key: str) -> str:
    """The key of the number of the last draft or commit that has arrived in this session."""
    return f"{key}_seen"


def _where(place: tuple[int, int] | None) -> str:
    return f"The error is in line {place[0]:,}, column {place[1]:,}." if place else ""
