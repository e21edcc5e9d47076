"""Runs a notebook: all its cells, in their order, on one state of the data."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches

import pandas as pd

from queries.access import EVERYTHING, Access
from queries.comparison import in_words
from queries.engine import by_name
from queries.engine.execute import Cursor, begin_snapshot, renew_snapshot
from queries.engine.prefixes import looked_up
from queries.engine.texts import sql
from queries.engine.totals import read_data_until
from queries.engine.totals import run as run_query
from queries.filters import Filters
from queries.notebooks import references
from queries.notebooks.before import with_before
from queries.notebooks.controls import Control, number_of
from queries.notebooks.document import Document
from queries.notebooks.meaning import USUAL_OF_PIVOT, Meaning, meanings
from queries.notebooks.offered import why_not_offered
from queries.notebooks.result import FAILED, MOST_ROWS, OK, CellResult, Import, Run, imports_in
from queries.notebooks.rules import NotARule, fired, rules_of
from queries.notebooks.sql import Earlier, NoSql, Sql, SqlTable, SqlText, all_read, require_few
from queries.notebooks.values import CHANGED

MOST_VALUES = 5  # of a filter that the words of a cell name
RERUNS = 3  # of a notebook whose data an import changes meanwhile
NO_SQL = "SQL cells are turned off here."
NO_LIST = "A list of codes is in the memory of the app only: a notebook cannot choose by it."
ALWAYS_CHANGED = "Imports have changed the data while the notebook ran: run it again."
Cells = Callable[[Sequence[Meaning]], Iterable[Meaning]]


class NotRun(Exception):
    """A cell has no result; the text is a sentence."""


class StateChanged(Exception):
    """The data have changed while a notebook ran; the text is a sentence."""


def run(
    document: Document,
    cursor: Cursor,
    ran_at: datetime,
    *,
    overrides: Sequence[tuple[str, str]] = (),
    access: Access = EVERYTHING,
    sql_cells: Sql | None = None,
    cells: Cells = iter,
) -> Run:
    """The results of a notebook's cells. Leaves the cursor in the snapshot that they are of.

    `overrides` are parameters that stand in for those of the notebook's filter. `cells` gives those
    of all that are to run, in their order: a generator may do something before each. Raises
    StateChanged.
    """
    begin_snapshot(cursor)
    for _ in range(RERUNS):
        running = _Running(document, cursor, access, sql_cells)
        for meaning in cells(meanings(document, overrides)):
            running.add(meaning)
        if sql_cells is not None and not sql_cells.is_current():
            break
        if running.is_one_state():
            return running.run(ran_at)
    raise StateChanged(ALWAYS_CHANGED)


def state_of(cursor: Cursor, access: Access) -> str:
    """The digest of the data that the cursor sees."""
    return str(run_query(cursor, "state", Filters(access=access))["digest"][0])


def imports_of(cursor: Cursor, access: Access) -> tuple[Import, ...]:
    """The imports in force; none for who does not see all rows."""
    return imports_in(run_query(cursor, "state_imports", Filters(access=access)))


@dataclass
class _Running:
    """A notebook while it runs: the results so far, with all rows, for those that read them."""

    document: Document
    cursor: Cursor
    access: Access
    sql_cells: Sql | None
    results: list[CellResult] = field(default_factory=list)
    earlier: dict[str, Earlier] = field(default_factory=dict)
    reads: dict[str, list[str]] = field(default_factory=dict)
    compiled: dict[str, str] = field(default_factory=dict)
    failed: bool = False

    def __post_init__(self) -> None:
        self.state = state_of(self.cursor, self.access)
        self.data_until = read_data_until(self.cursor)
        self.named = references.named(self.document)

    def run(self, ran_at: datetime) -> Run:
        """What has become of all cells."""
        imports = imports_of(self.cursor, self.access)
        return Run(self.document, tuple(self.results), self.state, self.data_until, imports, ran_at)

    def is_one_state(self) -> bool:
        """Whether the last cells saw the data of the first ones: a failed query ends a snapshot."""
        return not self.failed or state_of(self.cursor, self.access) == self.state

    def add(self, meaning: Meaning) -> None:
        """Run a cell."""
        words = self._in_words(meaning)
        text = ""
        try:
            filters = self._filters(meaning)
            rules = rules_of(meaning)
            text = self._sql(meaning)
            rows, count = self._rows(meaning, filters)
            text = self.compiled.get(meaning.name, text)
            result = CellResult(meaning, OK, rows.head(MOST_ROWS), count, in_words=words, sql=text)
            if self._wants_change(meaning):
                last = self.data_until.date()
                result = with_before(result, filters, last, self._data_from, self._numbers)
            sentences = [sentence for rule in rules if (sentence := fired(rule, result, rows))]
            result = replace(result, fired=tuple(sentences))
            self._keep(meaning, filters, rows)
        except (NotRun, NotARule, NoSql, by_name.NotRun) as error:
            result = CellResult(meaning, FAILED, None, 0, str(error), words, sql=text)
            if isinstance(error, by_name.NotRun):
                self.failed = True
                renew_snapshot(self.cursor)
        self.results.append(result)

    def _filters(self, meaning: Meaning) -> Filters:
        """The filters of a cell. Raises NotRun where something keeps it from running."""
        if meaning.problems:
            raise NotRun(" ".join(meaning.problems))
        if meaning.choice.filters.list_:
            raise NotRun(NO_LIST)
        return replace(meaning.choice.filters, access=self.access)

    def _rows(self, meaning: Meaning, filters: Filters) -> tuple[pd.DataFrame, int]:
        """All rows of a cell, or of SQL the first ones, and how many there are."""
        if meaning.control:
            rows = rows_of_control(meaning.control)
        elif meaning.cell.kind == "sql":
            return self._rows_of_sql(meaning, filters)
        else:
            rows = self._rows_of_query(meaning, filters)
        return rows, len(rows)

    def _rows_of_query(self, meaning: Meaning, filters: Filters) -> pd.DataFrame:
        name = known_query(meaning.query)
        if reason := why_not_offered(name, meaning.values):
            raise NotRun(reason)
        given = {**USUAL_OF_PIVOT, **meaning.values} if name == "pivot" else meaning.values
        values = {parameter: [text] for parameter, text in given.items()}
        compared = meaning.choice.comparison if by_name.compares(name) else None
        if by_name.compares(name) and compared is None:
            raise NotRun(f"The query {name} compares two choices: its filter needs compare or b.….")
        return by_name.frame(self.cursor, name, filters, values, compared, mark="")

    def _rows_of_sql(self, meaning: Meaning, filters: Filters) -> tuple[pd.DataFrame, int]:
        if self.sql_cells is None:
            raise NotRun(NO_SQL)
        names = [name.casefold() for name in self.sql_cells.names(meaning.cell.body)]
        self.reads[meaning.name.casefold()] = names
        for name in names:
            self._must_have_run(meaning.name, name)
        cell, earlier = self._text(meaning, filters), self._read_by(meaning.name)
        self.compiled[meaning.name] = self.sql_cells.compiled(cell, earlier)
        found = self.sql_cells.run(cell, earlier)
        return found.rows, found.row_count

    def _must_have_run(self, name: str, read: str) -> None:
        same = (one for one in self.results if one.meaning.name.casefold() == read)
        earlier = next(same, None)
        if earlier is not None and not earlier.is_ok:
            raise NotRun(f"{name} reads {earlier.meaning.name}, which has failed.")
        table = self.earlier.get(read)
        if isinstance(table, SqlTable):
            require_few(table, name)

    def _read_by(self, name: str) -> list[Earlier]:
        """The earlier cells that an SQL cell reads, and those that these read, in their order."""
        known = all_read(self.reads[name.casefold()], lambda one: self.reads.get(one, ()))
        return [cell for key, cell in self.earlier.items() if key in known]

    def _text(self, meaning: Meaning, filters: Filters) -> SqlText:
        seen = looked_up(self.cursor, filters)
        return SqlText(meaning.name, meaning.cell.body, seen.parameters(self.data_until))

    def _keep(self, meaning: Meaning, filters: Filters, rows: pd.DataFrame) -> None:
        """Let later SQL cells read this one."""
        is_sql = meaning.cell.kind == "sql"
        cell = self._text(meaning, filters) if is_sql else SqlTable(meaning.name, rows)
        self.earlier[meaning.name.casefold()] = cell

    def _sql(self, meaning: Meaning) -> str:
        """What runs for a cell: a query's text under its parameters."""
        if meaning.control or meaning.cell.kind == "sql":
            return meaning.cell.body if not meaning.control else ""
        name = known_query(meaning.query)
        given = [f"-- ${parameter}: {text}" for parameter, text in meaning.values.items()]
        return "\n".join([f"-- $filters: {meaning.choice.query()}", *given, sql(name)])

    def _wants_change(self, meaning: Meaning) -> bool:
        """Whether a text or an alert reads a change of a numbers cell."""
        if meaning.cell.kind != "numbers":
            return False
        name = meaning.name.casefold()
        read = [column for cell, column in self.named if cell == name]
        read += [rule.column for rule in rules_of(meaning)]
        return any(CHANGED.fullmatch(column) for column in read)

    def _numbers(self, filters: Filters) -> pd.DataFrame:
        return by_name.frame(self.cursor, "numbers", filters, {})

    def _data_from(self) -> date | None:
        """The day of the first redemption; None where there is none."""
        first = self._numbers(Filters(access=self.access))["first_hour"].iloc[0]
        return None if pd.isna(first) else pd.Timestamp(first).date()

    def _in_words(self, meaning: Meaning) -> str:
        """The filter of a cell, and what it is compared with, as a phrase."""
        if meaning.control:
            return ""
        filters, compared = meaning.choice.filters, meaning.choice.comparison
        second = None
        if meaning.cell.kind == "compare" and compared is not None:
            second = compared.second(filters, self.data_until.date()).filters
        return in_words(filters, second, MOST_VALUES)


def known_query(name: str) -> str:
    """The name of a query that a cell can run. Raises NotRun."""
    names = by_name.names()
    if name in names:
        return name
    close = get_close_matches(name.casefold(), names, 1)
    hint = f": did you mean {close[0]}?" if close else "."
    raise NotRun(f"There is no query {name}{hint}")


def rows_of_control(control: Control) -> pd.DataFrame:
    """The table `value` of a control: one row per value, a day or number of its type."""
    values: list[object] = list(control.values)
    if control.type == "number":
        values = [number_of(text) for text in control.values]
    column = pd.Series(values, name="value", dtype=None if values else "object")
    return (pd.to_datetime(column) if control.type == "date" else column).to_frame()
