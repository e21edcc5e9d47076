"""Text cells: Markdown with live numbers, each of which says where it comes from."""

import re

import streamlit as st

from pages.text.escape import escaped
from queries.notebooks.references import Reference, pieces
from queries.notebooks.result import Run

# Code is left as it is; what Streamlit reads beside Markdown is none: formulas and directives.
CODE = re.compile(r"(^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\2|`+[^`]+`+)", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"(?<![\w:]):(?=[a-z_-]+(?:\[|/|:))")
ICON = ":material/info:"


def draw_text(text: str, run: Run) -> None:
    """Draw a text with the numbers of the results so far."""
    found = [piece for piece in pieces(text, run) if isinstance(piece, Reference)]
    st.markdown("".join(_shown(piece) for piece in pieces(text, run)))
    if wrong := [piece for piece in found if piece.reason]:
        reasons = dict.fromkeys(f"`{one.source}`: {escaped(one.reason)}." for one in wrong)
        st.warning("  \n".join(reasons), icon=ICON)


def without_extras(text: str) -> str:
    """Markdown of which Streamlit makes nothing but what CommonMark does."""
    parts, begin = [], 0
    for code in CODE.finditer(text):
        parts += [_plain(text[begin : code.start()]), code[0]]
        begin = code.end()
    return "".join([*parts, _plain(text[begin:])])


def _plain(text: str) -> str:
    return DIRECTIVE.sub("\\\\:", re.sub(r"(?<!\\)\$", r"\\$", text))


def _shown(piece: str | Reference) -> str:
    if isinstance(piece, str):
        return without_extras(piece)
    if piece.reason:
        return f"**({escaped(piece.source)}?)**"
    where = f"{piece.cell}.{piece.column}: {piece.in_words}".replace('"', "”").replace("\\", "")
    return f'[**{escaped(piece.text)}**](#{piece.cell} "{escaped(where)}")'
