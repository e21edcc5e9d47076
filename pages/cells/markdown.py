"""Text cells: Markdown with live numbers, each of which says where it comes from."""

import re
from collections.abc import Collection, Iterator

import streamlit as st

from pages.text.escape import escaped
from queries.notebooks.code_spans import CodeSpans
from queries.notebooks.references import Reference, pieces
from queries.notebooks.result import Run
from queries.text import listed

# Code is left as it is; what Streamlit reads beside Markdown is none: formulas and directives.
LINE = re.compile(r"[^\n]*\n|[^\n]+")
FENCE = re.compile(r" {0,3}(`{3,}+(?![^\n]*`)|~{3,})")
TICKS = re.compile("`+")
DIRECTIVE = re.compile(r"(?<![\w:]):(?=[a-z_-]+(?:\[|/|:))")
DOLLAR = re.compile(r"\\.|\$", re.DOTALL)  # or a sign that is escaped already
TITLE = re.compile(r"\s*# +([^\n]+?) *#*(?:\n|$)")
TOP = re.compile(r"^( {0,3})#(?=[ \t\n]|$)", re.MULTILINE)
TOP_UNDERLINED = re.compile(r"(?<=\S)(\n {0,3})=+(?=[ \t]*(?:\n|$))")
ICON = ":material/info:"


def draw_text(text: str, run: Run, stale: Collection[str] = ()) -> None:
    """Draw a text with the numbers of the results so far; of those in `stale` it says so."""
    found = [piece for piece in pieces(text, run) if isinstance(piece, Reference)]
    st.markdown("".join(_shown(piece) for piece in pieces(text, run)))
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
    said = TITLE.match(text)
    rest = text[said.end() :] if said and said[1] == title else text
    return "".join(part if is_code else _lowered(part) for is_code, part in _parts(rest))


def _lowered(text: str) -> str:
    return TOP_UNDERLINED.sub(r"\1---", TOP.sub(r"\1##", text))


def without_extras(text: str) -> str:
    """Markdown of which Streamlit makes nothing but what CommonMark does."""
    return "".join(part if is_code else _without_code_spans(part) for is_code, part in _parts(text))


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """What is in fences, which may be open at the end, and what is not."""
    part, fence = list[str](), ""
    for line in LINE.findall(text):
        marker = FENCE.match(line)
        if not fence and marker:
            yield False, "".join(part)
            part, fence = [line], marker[1]
        elif fence and marker and marker[1].startswith(fence) and not line.strip(" \n`~"):
            yield True, "".join([*part, line])
            part, fence = [], ""
        else:
            part.append(line)
    yield bool(fence), "".join(part)


def _without_code_spans(text: str) -> str:
    """A text without fences; what is in code spans stays as it is."""
    spans, parts, begin = CodeSpans(text, 0, len(text)), list[str](), 0
    while opening := TICKS.search(text, begin):
        end = spans.end(opening.start(), len(opening[0]))
        parts += [_plain(text[begin : opening.start()]), text[opening.start() : end]]
        begin = end
    return "".join([*parts, _plain(text[begin:])])


def _plain(text: str) -> str:
    plain = DOLLAR.sub(lambda found: "\\$" if found[0] == "$" else found[0], text)
    return DIRECTIVE.sub("\\\\:", plain)


def _shown(piece: str | Reference) -> str:
    if isinstance(piece, str):
        return without_extras(piece)
    if piece.reason:
        return f"**({escaped(piece.source)}?)**"
    where = f"{piece.cell}.{piece.column}: {piece.in_words}".replace('"', "”").replace("\\", "")
    return f'[**{escaped(piece.text)}**](#{piece.cell} "{escaped(where)}")'
