"""Values and names of the data in Markdown: letter for letter, on one line."""

import re

import pandas as pd

from queries.notebooks.freezing.columns import NUMBERS, Kinds, text_of

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&$:@=\"'])")
CODE = re.compile(r"(?P<ticks>`+)(?!`).*?[^`](?P=ticks)(?!`)", re.DOTALL)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


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
    lines, fence, parts = source.splitlines(keepends=True), "", list[str]()
    for line in lines:
        found = FENCE.match(line)
        if fence or found:
            parts.append(line)
            if not fence and found:
                fence = found[1]
            elif found and found[1].startswith(fence) and not line.strip(" `~\r\n"):
                fence = ""
            continue
        parts.append(_without_markup(line))
    return "".join(parts)


def _without_markup(line: str) -> str:
    """A line, of whose code every letter stays as it is."""
    found, begin = "", 0
    for code in CODE.finditer(line):
        found += _escaped(line[begin : code.start()]) + code[0]
        begin = code.end()
    return found + _escaped(line[begin:])


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("![", "[")
