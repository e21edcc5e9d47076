"""Text cells: Markdown with live numbers, each of which says where it comes from."""

import re
from collections.abc import Collection

import streamlit as st

from pages.text.escape import escaped
from queries.notebooks.code_spans import outside_code
from queries.notebooks.references import Reference, pieces
from queries.notebooks.result import Run
from queries.text import listed

# Code is left as it is; what Streamlit reads beside Markdown is none: formulas and directives.
DIRECTIVE = re.compile(r"(?<![\w:]):(?=[a-z_-]+(?:\[|/|:))")
DOLLAR = re.compile(r"\\.|\$", re.DOTALL)  # or a sign that is escaped already
TITLE = re.compile(r"\s*#[ \t]+(\S[^\n]*)(?:\n|$)")
TOP = re.compile(r"^( {0,3})#(?=[ \t\n]|$)", re.MULTILINE)
TOP_UNDERLINED = re.compile(r"(?<=\S)(\n {0,3})=+(?=[ \t]*(?:\n|$))")
ICON = ":material/info:"


def draw_text(text: str, run: Run, stale: Collection[str] = ()) -> None:
    """Draw a text with the numbers of the results so far; of those in `stale` it says so."""
    found = [piece for piece in pieces(text, run) if isinstance(piece, Reference)]
    st.markdown(without_extras("".join(_shown(piece) for piece in pieces(text, run))))
    if old := [f"{one.cell}.{one.column}" for one in found if one.cell.casefold() in stale]:
        of_older = listed(list(dict.fromkeys(old)))
        st.caption(escaped(f"Stale, of older data: {of_older}."))
    if wrong := [piece for piece in found if piece.reason]:
        reasons = dict.fromkeys(f"`{one.source}`: {escaped(_ended(one.reason))}" for one in wrong)
        st.warning("  \n".join(reasons), icon=ICON)


def _ended(clause: str) -> str:
    return clause if clause.endswith("?") else f"{clause}."


def below_title(text: str, title: str) -> str:
    """A text whose headings are below the title of the page, which it does not say again."""
    first = TITLE.match(text)
    rest = text[first.end() :] if first and without_signs(first[1]) == title else text
    return outside_code(rest, _lowered, spans=False)


def without_signs(heading: str) -> str:
    """What a heading says, without the blanks and the signs that may stand at its end."""
    heading = heading.rstrip()
    rest = heading.rstrip("#")
    return rest.rstrip() if rest.endswith((" ", "\t")) else heading


def _lowered(text: str) -> str:
    return TOP_UNDERLINED.sub(r"\1---", TOP.sub(r"\1##", text))


def without_extras(text: str) -> str:
    """Markdown of which Streamlit makes nothing but what CommonMark does."""
    return outside_code(text, _plain)


def _plain(text: str) -> str:
    plain = DOLLAR.sub(lambda found: "\\$" if found[0] == "$" else found[0], text)
    return DIRECTIVE.sub("\\\\:", plain)


def _shown(piece: str | Reference) -> str:
    if isinstance(piece, str):
        return piece
    if piece.reason:
        return f"**({escaped(piece.source)}?)**"
    where = f"{piece.cell}.{piece.column}: {piece.in_words}".replace('"', "”").replace("\\", "")
    return f'[**{escaped(piece.text)}**](#{piece.cell} "{escaped(where)}")'
