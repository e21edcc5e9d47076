"""Which texts give codes away: those that are a code, extend one, or begin only a few."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from itertools import product
from typing import NamedTuple

import pandas as pd

from queries.access import EVERYTHING, Access
from queries.engine.execute import Cursor
from queries.engine.prefixes import LEAST
from queries.engine.totals import run_on, within_batches
from queries.filters import Filters

MOST = 10  # texts whose codes are counted one by one, only as far as LEAST
COMPARED = 3  # characters by which codes that may be alike are found before they are compared
VERDICTS = 10_000  # of texts, that stay in memory

Run = Callable[..., pd.DataFrame]  # runs a query: its name, filters, other parameters by name


class Verdict(NamedTuple):
    """What a text says of the codes of a store, whatever the case of its letters."""

    is_whole: bool  # it is a code, or extends one
    is_almost: bool  # it begins few codes, and lacks at most three characters of one
    begins_few: bool  # it begins at least one code, and fewer than LEAST


NOTHING = Verdict(False, False, False)
WHOLE = Verdict(True, True, True)
_lock = threading.Lock()
_verdicts: OrderedDict[tuple[str, str, bool], Verdict] = OrderedDict()


class Near(NamedTuple):
    """By what the codes that may be like some texts are narrowed down, in each case of letters."""

    starts: tuple[str, ...]  # their first COMPARED characters
    short: tuple[str, ...]  # whole texts that have fewer
    points: tuple[str, ...]  # what is shorter than a start and may be a code itself


def stored_names(
    cursor: Cursor, texts: Collection[str] | None, access: Access = EVERYTHING
) -> set[tuple[str, str]]:
    """The names that a person sees, each with its filter; those of `texts`, or all of them."""
    listed = None if texts is None else list(texts)
    frame = run_on(cursor, {}, "stored_names", Filters(access=access), datetime.min, texts=listed)
    return set(zip(frame["field"], frame["name"], strict=True))


def verdicts(
    cursor: Cursor, state: str, names: Iterable[str], typed: Iterable[str]
) -> dict[str, Verdict]:
    """A verdict of each text, about all codes of the store in a state, by its digest.

    How many codes one begins is counted for typed texts and for those that are almost a code.
    """
    of_typed = set(typed)
    texts = dict.fromkeys((*names, *of_typed))
    found = {t: verdict for t in texts if (verdict := _remembered((state, t, t in of_typed)))}
    if new := [text for text in texts if text not in found]:
        judged = _judged(cursor, new, of_typed)
        found |= judged
        _remember({(state, t, t in of_typed): verdict for t, verdict in judged.items()})
    return found


def _judged(cursor: Cursor, texts: list[str], typed: set[str]) -> dict[str, Verdict]:
    def run(name: str, filters: Filters, **values: object) -> pd.DataFrame:
        return run_on(cursor, {}, name, filters, datetime.min, **values)

    # All codes, whatever the person may see who asks.
    among = near_batches(run, texts)
    if among is None:
        return dict.fromkeys(texts, NOTHING)
    alike = run("texts_like_codes", among, texts=texts, **near(texts)._asdict())
    whole = set(alike["text"][alike["is_whole"]])
    almost = set(alike["text"]) - whole
    to_count = [text for text in texts if text not in whole and (text in typed or text in almost)]
    few = _begin_few(run, among, to_count)
    return {
        text: WHOLE if text in whole else Verdict(False, text in almost & few, text in few)
        for text in texts
    }


def _begin_few(run: Run, among: Filters, texts: list[str]) -> set[str]:
    if len(texts) <= MOST:
        return {text for text in texts if 0 < codes_begun(run, among, text) < LEAST}
    begun = run("texts_begun", among, texts=texts, **near(texts)._asdict())
    return set(begun["text"][begun["codes"] < LEAST])


def codes_begun(run: Run, filters: Filters, text: str) -> int:
    """How many codes a text begins, counted as far as needed to compare them with LEAST."""
    return int(run("codes_begun", filters, text=text, **near([text])._asdict())["codes"][0])


def near_batches(run: Run, texts: Collection[str]) -> Filters | None:
    """What chooses the batches in which codes may be like the texts; None where there are none."""
    close = near(texts)
    starts = (*close.starts, *close.short)
    batches = run("batches_near", Filters(), starts=starts, points=close.points)["batch"]
    return None if batches.empty else within_batches(Filters(), [str(batch) for batch in batches])


def near(texts: Iterable[str]) -> Near:
    """The parameters by which the queries of queries/redaction/ compare few codes with texts."""
    starts: set[str] = set()
    points: set[str] = set()
    for text in texts:
        begins = _in_each_case(text.strip()[:COMPARED])
        starts |= begins
        points |= {start[:length] for start in begins for length in range(1, len(start))}
    short = {start for start in starts if len(start) < COMPARED}
    return Near(*(tuple(sorted(some)) for some in (starts - short, short, points)))


def _in_each_case(text: str) -> set[str]:
    letters = [{c for c in (char, char.lower(), char.upper()) if len(c) == 1} for char in text]
    return {"".join(chars) for chars in product(*letters)} - {""}


def _remembered(key: tuple[str, str, bool]) -> Verdict | None:
    with _lock:
        verdict = _verdicts.get(key)
        if verdict is not None:
            _verdicts.move_to_end(key)
        return verdict


def _remember(judged: dict[tuple[str, str, bool], Verdict]) -> None:
    with _lock:
        _verdicts.update(judged)
        while len(_verdicts) > VERDICTS:
            _verdicts.popitem(last=False)
