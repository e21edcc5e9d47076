"""What has changed in the data since a notebook ran."""

from collections.abc import Sequence

from queries.notebooks.result import Import
from queries.text import listed

MOST_NAMED = 3
SAME = "The data are the same."
CHANGED = "The data have changed since."  # all that is told to who does not see all rows


def since(then: str, now: str, before: Sequence[Import], after: Sequence[Import]) -> str:
    """What has come since a state of the data, as a sentence: “2 imports since (a.csv and b.csv)”.

    `then` and `now` are the digests; the imports are empty for who does not see all rows.
    """
    if then == now:
        return SAME
    new = _without(after, before)
    gone = _without(before, after)
    parts = [
        f"{len(new):,} import{'' if len(new) == 1 else 's'} since ({_files(new)})" if new else "",
        f"{len(gone):,} taken back ({_files(gone)})" if gone else "",
    ]
    return f"{', '.join(part for part in parts if part)}." if new or gone else CHANGED


def _without(imports: Sequence[Import], others: Sequence[Import]) -> list[Import]:
    known = {one.import_id for one in others}
    return [one for one in imports if one.import_id not in known]


def _files(imports: Sequence[Import]) -> str:
    return listed([one.file for one in imports], MOST_NAMED)
