"""What an import did: one line, a row per file, and what there is to decide."""

import pandas as pd
import streamlit as st

from data.importing.result import ImportResult
from data.store.errors import Refused
from pages.answers.fetch import fetch
from pages.frame.since_link import link_since_import
from pages.importing.job import Job
from pages.importing.links_to_checks import links_to_checks
from pages.tables.columns import IMPORTED
from pages.text.escape import bold, escaped, visible
from pages.text.numbers import plural, whole
from queries.filters import Filters

COUNTS = ("new", "updated", "unchanged", "duplicates")
FEW = 6  # notes, which need not be folded


def results(job: Job) -> None:
    """Draw what an import did, and which files it refused."""
    stored = [(name, result) for name, result in job.results if isinstance(result, ImportResult)]
    if stored:
        name = escaped(stored[0][0]) if len(stored) == 1 else None
        st.success(_in_words(stored), title=name, icon=":material/check_circle:")
    for name, result in job.results:
        if isinstance(result, Refused):
            st.error(f"{escaped(str(result))} Nothing of this file is stored.", title=escaped(name))
    if len(stored) > 1:
        st.dataframe(
            _rows(stored),
            hide_index=True,
            column_config=IMPORTED,
            alt="What was imported, one file per row",
        )
    if stored:
        first = min(result.import_id for _, result in stored)
        link_since_import(first, "See what changed in the codes")
    _notes(stored)


def _notes(stored: list[tuple[str, ImportResult]]) -> None:
    notes = [(name, warning) for name, result in stored for warning in result.warnings]
    if not notes:
        return
    with st.expander(f"{plural(len(notes), 'note')} to check", expanded=len(notes) <= FEW):
        for name, warning in notes:
            st.markdown(f":material/info: {bold(name)}: {escaped(warning)}")
        kinds = [
            fetch("import_warnings", Filters(), import_id=result.import_id)["kind"]
            for _, result in stored
            if result.warnings
        ]
        links_to_checks(pd.concat(kinds))


def _rows(stored: list[tuple[str, ImportResult]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "file": visible(name),
                "kind": result.kind,
                "rows": result.rows,
                **{count: getattr(result, count) for count in COUNTS},
                "notes": len(result.warnings),
            }
            for name, result in stored
        ]
    )


def _in_words(stored: list[tuple[str, ImportResult]]) -> str:
    every = [result for _, result in stored]
    counts = ", ".join(f"{whole(sum(getattr(r, name) for r in every))} {name}" for name in COUNTS)
    rows = sum(result.rows for result in every)
    if len(every) == 1:
        return f"{plural(rows, every[0].kind.removesuffix('s'))}: {counts}."
    return f"{plural(len(every), 'file')}: {plural(rows, 'row')}, {counts}."
