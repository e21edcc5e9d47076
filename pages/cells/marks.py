"""Whether a cell's result is still that of its text, its filter and the data."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from queries.notebooks.meaning import Meaning

Uses = Callable[[Meaning], Sequence[str]]


class Mark(Enum):
    """What a cell's result is; the value is what the page says."""

    FRESH = "fresh"
    RUNNING = "running"
    STALE = "stale"
    FAILED = "failed"


def cache_keys(meanings: Sequence[Meaning], uses: Uses) -> dict[str, str]:
    """The cache key of each cell's result, by the cell's name in lower case.

    It covers the cell's text, the keys of those that it names, and its filter: as long as it stays,
    and the data do, the result does. `uses` gives the names of the earlier cells that a cell reads.
    """
    digests: dict[str, str] = {}
    for meaning in meanings:
        digests[meaning.name.casefold()] = _digest(meaning, uses(meaning), digests)
    return digests


def _digest(meaning: Meaning, used: Sequence[str], earlier: Mapping[str, str]) -> str:
    names = sorted({name.casefold() for name in used})
    parts = [
        meaning.cell.kind,
        meaning.name,
        meaning.cell.body,
        meaning.choice.query(),
        *(f"{name} {earlier.get(name, '')}" for name in names),
    ]
    whole = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
