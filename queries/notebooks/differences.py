"""What lines two texts differ in, readable: for the versions of a notebook, and for a conflict."""

import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from queries.notebooks.lines import lines_of

ENDS = {"\n": " (LF)", "\r\n": " (CR LF)", "\r": " (CR)", "": " (no line end)"}
SIGNS = {"same": " ", "added": "+", "removed": "-", "left out": "…"}
AROUND = 3  # lines that are shown before and after a difference
LARGEST = 5_000  # lines: comparing more of them line by line takes too long

Numbers = tuple[int | None, int | None]


@dataclass(frozen=True)
class Line:
    """A line of either text, or of both, with its numbers in them, which count from 1.

    `text` is without its `end`. Of lines that are left out, the text says how many there are.
    """

    kind: Literal["same", "added", "removed", "left out"]
    before: int | None
    after: int | None
    text: str
    end: str = ""


def differences(before: str, after: str, around: int | None = AROUND) -> list[Line]:
    """The lines that differ, in order, with some that do not around them; None is for all lines.

    Empty where the texts are the same.
    """
    if before == after:
        return []
    lines = list(_compared(lines_of(before), lines_of(after)))
    return lines if around is None else list(_without_most(lines, around))


def in_words(lines: Sequence[Line]) -> str:
    """How much differs: 1 line removed, 3 added."""
    kinds = [line.kind for line in lines]
    counts = [(kinds.count(kind), kind) for kind in ("removed", "added")]
    first, *others = [(n, kind) for n, kind in counts if n] or [(0, "changed")]
    word = "line" if first[0] == 1 else "lines"
    return ", ".join([f"{first[0]:,} {word} {first[1]}", *(f"{n:,} {kind}" for n, kind in others)])


def as_text(lines: Sequence[Line]) -> str:
    """The lines as a terminal shows them: their numbers, + or -, and ends other than most have."""
    numbers = [number for line in lines for number in (line.before, line.after) if number]
    width = len(str(max(numbers, default=0)))
    ends = Counter(line.end for line in lines if line.kind != "left out")
    usual = max(ends, key=ends.__getitem__, default="")
    return "".join(
        f"{line.before or '':>{width}} {line.after or '':>{width}} {SIGNS[line.kind]} "
        f"{line.text}{'' if line.kind == 'left out' or line.end == usual else ENDS[line.end]}\n"
        for line in lines
    )


def _compared(before: list[str], after: list[str]) -> Iterator[Line]:
    """All lines of both texts; what is removed stands before what is added in its place."""
    first = _same_at_start(before, after)
    last = _same_at_start(before[first:][::-1], after[first:][::-1])
    until_before, until_after = len(before) - last, len(after) - last
    middle = _blocks(before[first:until_before], after[first:until_after])
    at_before = at_after = 0
    for of_before, of_after, count in (
        (0, 0, first),
        *((b + first, a + first, n) for b, a, n in middle),
        (until_before, until_after, last),
    ):
        yield from (_line("removed", before[n], (n, None)) for n in range(at_before, of_before))
        yield from (_line("added", after[n], (None, n)) for n in range(at_after, of_after))
        for n in range(count):
            yield _line("same", after[of_after + n], (of_before + n, of_after + n))
        at_before, at_after = of_before + count, of_after + count


def _same_at_start(some: Sequence[str], others: Sequence[str]) -> int:
    """With how many same lines both begin."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _blocks(before: list[str], after: list[str]) -> list[tuple[int, int, int]]:
    """Where both have the same lines: the first one's place in each, and how many."""
    if max(len(before), len(after)) > LARGEST:
        return []
    matcher = difflib.SequenceMatcher(None, before, after)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]


def _line(kind: Literal["same", "added", "removed"], line: str, places: Numbers) -> Line:
    text = line.rstrip("\r\n")
    before, after = (None if place is None else place + 1 for place in places)
    return Line(kind, before, after, text, line[len(text) :])


def _without_most(lines: list[Line], around: int) -> Iterator[Line]:
    """The lines near a difference, and how many are left out in between."""
    differ = [n for n, line in enumerate(lines) if line.kind != "same"]
    near = {n for at in differ for n in range(at - around, at + around + 1)}
    left_out = 0
    for n, line in enumerate(lines):
        if n in near and left_out:
            yield _left_out(left_out)
        left_out = 0 if n in near else left_out + 1
        if n in near:
            yield line
    if left_out:
        yield _left_out(left_out)


def _left_out(count: int) -> Line:
    return Line("left out", None, None, f"{count:,} {'line' if count == 1 else 'lines'}")
