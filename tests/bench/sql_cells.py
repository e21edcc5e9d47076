"""Measures SQL cells against plain DuckDB, and the copy of the data that they read."""

import statistics
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from data.store.reading_copy import Copies
from queries.engine.execute import Cursor
from queries.engine.read_only import FOLDER, MACROS
from queries.engine.sandbox.cells import SqlCell, SqlFailed
from queries.engine.sandbox.runner import THREADS
from queries.engine.sandbox.sandbox import Sandbox
from queries.filters import Filters
from queries.notebooks.sandboxed import frame_of
from tests.bench.measuring import interleaved
from tests.bench.peers.statements import Statement, text
from tests.bench.report import Row, compared, megabytes, times
from tests.bench.views import Sides
from tests.support.tab import stopwatch

PATIENT = 60.0  # seconds that a cell may take


class Question(NamedTuple):
    """What an analyst asks in a cell, and the file of the same over the raw tables."""

    what: str
    sql: str
    file: str


QUESTIONS = (
    Question(
        "redemptions by day",
        "select date_trunc('day', time) as day, count(*) as redemptions\n"
        "from chosen_transactions where not cancelled group by all order by day",
        "sql_by_day",
    ),
    Question(
        "codes by group",
        "select group_name, count(*) as codes, count_if(expiry_date is null) as endless\n"
        "from chosen_codes group by all order by codes desc",
        "sql_by_group",
    ),
    Question(
        "redemptions by folder and site",
        "select folder, site_ref, count(*) as redemptions, count(distinct code) as codes\n"
        "from chosen_transactions group by all order by redemptions desc limit 100",
        "sql_by_folder",
    ),
)
TABLES = {"chosen_codes": "codes_for_sql", "chosen_transactions": "redemptions_for_sql"}


def sql_cells(sides: Sides) -> list[Row]:
    """One row per question, those of the copy, and of a sandbox's start."""
    rows, copies = _copies(sides), Copies()
    copy = copies.of(sides.direct)
    try:
        rows.append(_first_answer(copy.path))
        with closing(Sandbox(copy.path, seconds=PATIENT)) as sandbox, _plain(copy.path) as plain:
            rows += [_question(sides, sandbox, plain, one) for one in QUESTIONS]
    finally:
        copy.release()
    return rows


def _copies(sides: Sides) -> list[Row]:
    """The copy that is made once per version of the data."""
    sizes: list[int] = []

    def copied() -> float:
        with stopwatch() as elapsed:
            copy = Copies().of(sides.direct)
            seconds = elapsed()
        sizes.append(copy.path.stat().st_size)
        copy.release()
        return seconds

    (taken,) = interleaved(copied)
    return [Row(f"Copy of the data for SQL cells, {megabytes(sizes[-1])}", times(taken))]


def _first_answer(copy: Path) -> Row:
    """From nothing to the first result, with the start of the process."""
    cell = _cell(QUESTIONS[0].sql)

    def first() -> float:
        with stopwatch() as elapsed, closing(Sandbox(copy, seconds=PATIENT)) as sandbox:
            sandbox.run(cell)
            return elapsed()

    (taken,) = interleaved(first)
    return Row("SQL cell, the first of a notebook: with the start of its process", times(taken))


def _question(sides: Sides, sandbox: Sandbox, plain: Cursor, question: Question) -> Row:
    """A cell as the page runs it, the same SQL on the same copy, and by hand on the raw tables."""
    cell, statement = _cell(question.sql), _with_tables(question.sql)
    by_hand = Statement(question.file, text(question.file), {})
    found: dict[str, int] = {}

    def ours() -> float:
        with stopwatch() as elapsed:
            rows = sandbox.run(cell)
            frame_of(rows.table)
            seconds = elapsed()
        found["ours"] = rows.row_count
        return seconds

    def alone() -> float:
        with stopwatch() as elapsed:
            rows = plain.execute(statement, {"f": cell.parameters}).df()
            seconds = elapsed()
        found["queries"] = len(rows)
        return seconds

    def peer() -> float:
        seconds, [rows] = sides.duckdb.run([by_hand])
        found["duckdb"] = len(rows)
        return seconds

    try:
        for side in (ours, alone, peer):  # so that none of them reads from the disk
            side()
    except SqlFailed as refusal:  # some need more memory at 100M than a cell may use
        return Row(f"SQL cell, {question.what}", f"refused: {refusal}")
    assert len(set(found.values())) == 1, found
    taken, queries, duckdb_ = interleaved(ours, alone, peer)
    overhead = statistics.median(a - b for a, b in zip(taken, queries, strict=True))
    what = f"SQL cell, {question.what} ({overhead * 1000:+.0f} ms by the sandbox)"
    return compared(what, taken, queries=queries, duckdb=duckdb_)


@contextmanager
def _plain(copy: Path) -> Iterator[Cursor]:
    """The copy opened for reading in this process, with the app's macros."""
    with duckdb.connect(config={"threads": str(THREADS)}) as db:
        db.execute("attach ? as vouchers (read_only)", [str(copy)])
        for name in MACROS:
            db.execute((FOLDER / f"{name}.sql").read_text("utf-8"))
        yield db


def _cell(sql: str) -> SqlCell:
    return SqlCell("cell", sql, Filters().parameters(datetime(2025, 12, 31)))


def _with_tables(sql: str) -> str:
    """The SQL after the tables that it names."""
    named = [f"{table} as (from {macro}($f))" for table, macro in TABLES.items() if table in sql]
    return f"with {', '.join(named)} from (\n{sql}\n)"
