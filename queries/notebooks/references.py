"""Live numbers in a text: `{{ cell.column }}`, each with where it comes from or why it is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from queries.notebooks.code_spans import CodeSpans, blocks_of
from queries.notebooks.document import Document
from queries.notebooks.result import Run
from queries.notebooks.values import NoValue, value_of

REFERENCE = re.compile(r"\s*([A-Za-z_]\w*)\s*\.\s*([A-Za-z_]\w*)\s*", re.ASCII)
# In the order in which CommonMark reads them: an escaped sign, what may open code, a reference.
_TOKENS = re.compile(r"\\[\\`{]|(?P<ticks>`+)|\{\{(?P<inner>[^{}\n]*)\}\}")


@dataclass(frozen=True)
class Reference:
    """A live number: what stands for it in the text, or why nothing can.

    `source` is what the file has. `in_words` is the filter of its cell, `state` the digest of the
    data that it rests on.
    """

    source: str
    cell: str = ""
    column: str = ""
    text: str = ""
    reason: str = ""
    in_words: str = ""
    state: str = ""

    @property
    def shown(self) -> str:
        """The value, or the reason in brackets."""
        return f"({self.reason})" if self.reason else self.text


Piece = str | Reference


def pieces(text: str, run: Run) -> list[Piece]:
    """A text's Markdown and its live numbers, in order; those in code are left as they are."""
    return [piece if isinstance(piece, str) else _found(*piece, run) for piece in _split(text)]


def filled(text: str, run: Run) -> str:
    """A text with its live numbers as plain text, not escaped for any Markdown."""
    return "".join(p if isinstance(p, str) else p.shown for p in pieces(text, run))


def named(document: Document) -> set[tuple[str, str]]:
    """The cells and columns that the texts of a notebook name, in lower case."""
    inner = (piece[1] for cell in document.cells if cell.is_text for piece in _split(cell.body)
             if not isinstance(piece, str))  # fmt: skip
    found = (REFERENCE.fullmatch(text) for text in inner)
    return {(one[1].casefold(), one[2].casefold()) for one in found if one}


def _found(source: str, inner: str, run: Run) -> Reference:
    parts = REFERENCE.fullmatch(inner)
    if parts is None:
        return Reference(source, reason="a live number is written {{ cell.column }}")
    cell, column = parts[1], parts[2]
    result = run.named(cell)
    if result is None:
        return Reference(source, cell, column, reason=f"there is no cell {cell}")
    try:
        text, reason = value_of(result, column).text, ""
    except NoValue as error:
        text, reason = "", str(error)
    return Reference(source, cell, column, text, reason, result.in_words, run.state)


def _split(text: str) -> Iterator[str | tuple[str, str]]:
    """The text in parts: as it stands, or a reference with what is in its braces."""
    begin = 0
    for first, last in _blocks(text):
        spans, at = CodeSpans(text, first, last), first
        while found := _TOKENS.search(text, at, last):
            at = found.end()
            if found["ticks"]:
                at = spans.end(found.start(), len(found["ticks"]))
            elif found["inner"] is not None:
                if found.start() > begin:
                    yield text[begin : found.start()]
                yield found[0], found["inner"]
                begin = at
    if begin < len(text):
        yield text[begin:]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where each paragraph, heading or block of HTML begins and ends: all but blocks of code."""
    if "{{" not in text:
        return
    for _, first, last in blocks_of(text, "inline", "html_block"):
        yield first, last
