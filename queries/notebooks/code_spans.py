"""Where a text in Markdown has code, in time that grows with its length only."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt

from queries.notebooks.lines import lines_of

_RUN = re.compile("`+")
_OPENING = re.compile(r"\\.|(?P<ticks>`+)", re.DOTALL)  # or a sign that is escaped
# Blocks alone: of some texts of 1 MB, reading emphasis and links takes hours.
_parser = MarkdownIt("commonmark").disable(["inline", "text_join"])


class CodeSpans:
    """The code spans of a part of a text: from a run of backticks to the next one as long."""

    def __init__(self, text: str, first: int, last: int) -> None:
        self._starts: dict[int, list[int]] = defaultdict(list)  # of runs, by their lengths
        for run in _RUN.finditer(text, first, last):
            self._starts[run.end() - run.start()].append(run.start())

    def end(self, begin: int, length: int) -> int:
        """Where the span ends that a run of backticks opens; the run's own end where none does."""
        after = begin + length
        starts = self._starts.get(length, [])
        place = bisect_left(starts, after)
        return starts[place] + length if place < len(starts) else after


def blocks_of(text: str, *types: str) -> Iterator[tuple[str, int, int]]:
    """The blocks of these types, as the parser calls them: each with where it begins and ends."""
    ends = [0]
    for line in lines_of(text):
        ends.append(ends[-1] + len(line))
    for token in _parser.parse(text):
        if token.type in types and token.map:
            yield token.type, ends[token.map[0]], ends[token.map[1]]


def outside_code(text: str, changed: Callable[[str], str], *, spans: bool = True) -> str:
    """The text, with all changed that stands neither in a block of code nor in a code span.

    Without `spans` these are changed too: `changed` then gets whole lines.
    """
    parts, begin = list[str](), 0
    for first, last in _code(text) if spans else _blocks(text):
        parts += [changed(text[begin:first]), text[first:last]]
        begin = last
    return "".join([*parts, changed(text[begin:])])


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Where blocks of code begin and end, in order."""
    return ((first, last) for _, first, last in blocks_of(text, "fence", "code_block"))


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Where blocks of code and code spans begin and end, in order."""
    for kind, first, last in blocks_of(text, "inline", "fence", "code_block"):
        if kind != "inline":
            yield first, last
            continue
        spans, at = CodeSpans(text, first, last), first
        while opening := _OPENING.search(text, at, last):
            at = opening.end()
            if ticks := opening["ticks"]:
                at = spans.end(opening.start(), len(ticks))
                yield opening.start(), at
