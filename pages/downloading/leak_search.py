"""Which downloads held a code."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from data import owner
from data.replay.trace import Unknown, traced
from data.store.database import Store
from data.store.progress import Progress, ignore_progress
from pages.answers.fetch import fetch
from pages.answers.recording import search_recorded
from pages.downloading.receipts import history, table
from pages.people.current import NotAllowed, person
from pages.tables.columns import DOWNLOADS
from pages.text.escape import escaped
from pages.text.numbers import plural
from queries.downloading.leaks import held, unknowable
from queries.downloading.receipts import Receipt, history_of
from queries.filters import Filters
from queries.text import normalized

OLDER = "their receipts do not say which imports they rest on"
FOUND = "_leak_search"


@dataclass(frozen=True)
class LeakResult:
    """The downloads that held a code, and how many could not be checked, by the reason."""

    receipts: list[Receipt]
    unknown: Counter[str]


def leak_search(code: str) -> None:
    """Draw which downloads held a code, and for which that cannot be known."""
    if not person().may_trace():
        raise NotAllowed("Your role does not look which downloads held a code.")
    search_recorded(code, "Downloads")
    bar = st.progress(0.0, "Checking the kept files")

    def show(share: float, doing: str) -> None:
        bar.progress(share, escaped(doing))

    found = _search(code, show)
    bar.empty()
    for reason, count in found.unknown.items():
        st.warning(
            f"{plural(count, 'download')} cannot be checked, because {escaped(reason)}.",
            icon=":material/help:",
        )
    if found.receipts:
        st.dataframe(
            table(found.receipts),
            hide_index=True,
            column_config=DOWNLOADS,
            placeholder="",
            alt="The downloads that held the code",
        )
    elif found.unknown:
        st.info(
            "None of the downloads that can be checked held this code.", icon=":material/check:"
        )
    elif others := _alike(code):
        st.warning(
            "No download held exactly this code. What differs from it only in capital letters, "
            f"spaces or invisible characters: {escaped(', '.join(others))}.",
            icon=":material/help:",
        )
    else:
        st.info("None of the downloads held this code.", icon=":material/check:")


def _alike(code: str) -> list[str]:
    """The codes of the store that are this one but for case, blanks and invisible characters."""
    typed = normalized(code)
    rows = fetch(
        "codes_rows",
        Filters(),
        sort="code",
        descending=False,
        search=typed,
        whole=False,
        offset=0,
        of=None,
    )
    alike = (str(text) for text in rows["code"].unique())
    return [t for t in alike if t != code and normalized(t).casefold() == typed.casefold()]


def _search(code: str, progress: Progress) -> LeakResult:
    """The result, cached in the session until the data or the downloads change."""
    past = history()
    key = (code, owner.store().version, past.count())
    cached: tuple[object, LeakResult] | None = st.session_state.get(FOUND)
    if cached is None or cached[0] != key:
        cached = (key, search(owner.store(), past.receipts(), code, progress))
        if not cached[1].unknown:  # a missing original may be put back
            st.session_state[FOUND] = cached
    return cached[1]


def search(
    store: Store, receipts: Sequence[Receipt], code: str, progress: Progress = ignore_progress
) -> LeakResult:
    """Run the filters of each receipt over what the store held of the code at that time."""
    key = history_of(store.path).key()
    by_state: dict[int, tuple[list[Any], list[Receipt]]] = {}
    unknown = Counter[str]()
    for receipt in receipts:
        if reason := OLDER if "rests_on" not in receipt else unknowable(receipt, key):
            unknown[reason] += 1
        else:
            listed = receipt["rests_on"]
            by_state.setdefault(id(listed), (listed, []))[1].append(receipt)
    held_by: set[str] = set()
    with traced(store, code, [imports for imports, _ in by_state.values()], progress) as trace:
        groups: dict[str, tuple[list[Any], list[Receipt]]] = {}
        for imports, same in by_state.values():
            try:
                relevant = trace.relevant(imports)
            except Unknown as error:
                unknown[str(error)] += len(same)
            else:
                groups.setdefault(repr(relevant), (relevant, []))[1].extend(same)
        for relevant, same in groups.values():
            with trace.as_of(relevant) as cursor:
                held_by |= {receipt["receipt"] for receipt in held(cursor, same, code, key)}
    return LeakResult([receipt for receipt in receipts if receipt["receipt"] in held_by], unknown)
