"""What stands in an SQL cell: its chart, its rows, what they add up to, and where they are from."""

from typing import Literal
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.answers.fetch import fetch
from pages.answers.sql_parameters import sql_parameters
from pages.cells.results import Brought, results
from pages.cells.running import Running
from pages.cells.sql_cells import has_sql
from pages.cells.sql_chart import look_of
from pages.cells.sql_job import LONGER, USUAL, Job, StillRuns, forget_job, job_of, running
from pages.cells.sql_look import chart_choice, draw_look
from pages.cells.sql_table import written
from pages.frame.place import keyed
from pages.frame.url_state import choosing, chosen
from pages.people.current import person, without
from pages.people.person import Right
from pages.text.addresses import notebook_cell_url
from pages.text.escape import escaped
from pages.text.numbers import plural, whole
from queries.downloading.formats import FORMATS
from queries.engine.sandbox.cells import Rows, SqlCell
from queries.notebooks.adds_up import adds_up
from queries.notebooks.meaning import Meaning
from queries.notebooks.sandboxed import earlier_of, frame_of
from queries.notebooks.sql import NoSql, SqlResult, SqlTable, require_few

TURNED_OFF = "SQL cells are turned off here (VOUCHERS_SQL=0)."
LONGER_IN = "_longer"  # cells that may take longer, in this tab


def run_sql(now: Running, meaning: Meaning, brought: Brought) -> None:
    """Fill a result with the rows of an SQL cell, or with what is wrong. Raises StillRuns."""
    if not has_sql():
        brought.error = TURNED_OFF
        return
    of = now.of(meaning)
    longer = of in st.session_state.get(LONGER_IN, set())
    try:
        job = job_of(of, brought.key, _job(now, meaning, LONGER if longer else USUAL))
    except NoSql as error:
        brought.error, brought.is_of_earlier = str(error), True
        return
    if not job.is_done:
        running(job, meaning.name)
        raise StillRuns
    forget_job(of, job)
    if job.is_other_version:
        st.rerun()  # an import came in between
    if job.rows is None:
        brought.error, brought.place = _sentence(meaning, job), job.place
        brought.timed_out = job.timed_out and not longer
    else:
        brought.rows = SqlResult(frame_of(job.rows.table), job.rows.row_count)
        brought.totals = job.totals


def draw_sql(now: Running, meaning: Meaning, brought: Brought, place: int) -> None:
    """Draw the rows of an SQL cell, as a chart too where its keys say how."""
    if brought.rows is None:
        return
    frame, count = brought.rows.rows, brought.rows.row_count
    look = look_of(meaning.keys)
    if look.chart:
        draw_look(frame, meaning, look)
    st.caption(_how_many(len(frame), count))
    if brought.totals:
        for sentence in adds_up(brought.totals, fetch("numbers", chosen())):
            st.caption(f":material/check: {escaped(sentence)}")
    if look.chart:
        with st.popover("Table", icon=":material/table:", key=keyed("sql_table")):
            _table(frame, meaning, 640)
    else:
        _table(frame, meaning, "stretch")
    _files(now, meaning)
    if now.known.may_change:
        chart_choice(now.known, meaning, frame, look, place)


def _how_many(shown: int, count: int) -> str:
    if shown == count:
        return f"{plural(count, 'row')}."
    return f"The screen shows {whole(shown)} of {plural(count, 'row')}; the file has all of them."


def _files(now: Running, meaning: Meaning) -> None:
    """One link per format, to the route that writes all rows of the cell."""
    if not person().may(Right.DOWNLOAD_ROWS):
        st.caption(without(person(), Right.DOWNLOAD_ROWS))
        return
    query = urlencode(now.overrides)
    with st.container(horizontal=True, gap="small"):
        for form, kind in FORMATS.items():
            st.link_button(
                kind.label,
                notebook_cell_url(now.known.name, meaning.name, form, query),
                icon=":material/download:",
                key=keyed(f"rows_{form}"),
            )


def run_longer(now: Running, meaning: Meaning) -> None:
    """Offer to give a cell more time."""
    of = now.of(meaning)

    def again() -> None:
        st.session_state.setdefault(LONGER_IN, set()).add(of)
        results.forget(of)

    st.button(
        f"Run longer, up to {LONGER:.0f} s",
        icon=":material/timer:",
        key=keyed(f"longer_{meaning.name}"),
        on_click=again,
    )


def _table(frame: pd.DataFrame, meaning: Meaning, width: Literal["stretch"] | int) -> None:
    rows, formats = written(frame.set_axis(_unique(list(map(str, frame.columns))), axis="columns"))
    st.dataframe(
        rows,
        hide_index=True,
        width=width,
        placeholder="",
        key=keyed("sql_rows"),
        column_config=formats,
        alt=f"The rows of {meaning.name}",
    )


def _unique(names: list[str]) -> list[str]:
    """The names, with a number where one stands twice."""
    return [
        name if names.index(name) == place else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _job(now: Running, meaning: Meaning, seconds: float) -> Job:
    """The cell with all the cells that it reads, each with its own filter."""
    return Job(now.known.name, _cell(now, meaning), _earlier(now, meaning), now.version, seconds)


def _cell(now: Running, meaning: Meaning) -> SqlCell:
    with choosing(meaning.choice.filters):
        parameters = sql_parameters(chosen(), now.data_until)
    return SqlCell(meaning.name, meaning.cell.body, parameters)


def _earlier(now: Running, meaning: Meaning) -> list[SqlCell | Rows]:
    known = now.read_by(meaning)
    drawn = {result.meaning.name.casefold() for result in now.done}
    return [
        _item(now, meaning, one) for one in now.meanings if one.name.casefold() in known & drawn
    ]


def _item(now: Running, meaning: Meaning, read: Meaning) -> SqlCell | Rows:
    """A cell that SQL reads. Raises NoSql."""
    if read.cell.kind == "sql" and not read.problems:
        return _cell(now, read)
    rows = now.rows.get(read.name.casefold())
    if rows is None:
        raise NoSql(f"{meaning.name} reads {read.name}, which has failed.")
    table = SqlTable(read.name, rows)
    require_few(table, meaning.name)
    return earlier_of(table)


def _sentence(meaning: Meaning, job: Job) -> str:
    """What is wrong, and in which line of which cell."""
    where = f"Line {job.place.line}, column {job.place.column}: " if job.place else ""
    is_other = job.to_blame and job.to_blame.casefold() != meaning.name.casefold()
    return f"{job.to_blame}: {where}{job.problem}" if is_other else f"{where}{job.problem}"
