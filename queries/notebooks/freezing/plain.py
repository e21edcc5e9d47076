"""Values and names of the data in Markdown: letter for letter, on one line."""

import re

import pandas as pd

from queries.notebooks.code_spans import outside_code
from queries.notebooks.freezing.columns import NUMBERS, Kinds, text_of

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&$:@=\"'])")
TRIES = 20  # of one reading after another: what is escaped may open or close code


def plain(text: str) -> str:
    """A text of the data as Markdown that shows exactly that text."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def fenced(text: str, language: str = "") -> str:
    """A text as a block of code, whatever marks it has itself."""
    longest = max((len(marks) for marks in re.findall(r"`{3,}", text)), default=2)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{text.rstrip()}\n{marks}"


def table(rows: pd.DataFrame, kinds: Kinds, most: int) -> str:
    """The first rows as a table of Markdown."""
    names = [str(name) for name in rows.columns]
    of = [kinds.get(name, "text") for name in names]
    rule = ["---:" if kind in NUMBERS else "---" for kind in of]
    lines = [[plain(name) for name in names], rule]
    for row in rows.head(most).itertuples(index=False, name=None):
        lines.append([plain(text_of(kind, value)) for kind, value in zip(of, row, strict=True)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def harmless(source: str) -> str:
    """An author's Markdown without HTML and without pictures that would be loaded: as links."""
    for _ in range(TRIES):
        before, source = source, outside_code(source, _escaped)
        if source == before:
            return source
    return _escaped(source)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("![", "[")
