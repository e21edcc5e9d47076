"""Where a block of Markdown has code between backticks, in time that grows with its length only."""

import re
from bisect import bisect_left
from collections import defaultdict

_RUN = re.compile("`+")


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
