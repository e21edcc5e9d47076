"""Compiles a cell into one statement: what it reads comes before it as CTEs."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from queries.engine.sandbox.cells import OWN_TABLES, NotAllowed, Rows, SqlCell
from queries.engine.sandbox.fence import Checked, Tree, is_taken

NAME = re.compile(r"[a-zA-Z]\w*", re.ASCII)
MACROS = dict(zip(OWN_TABLES, ("codes_for_sql", "redemptions_for_sql"), strict=True))
LOCATIONS = ("query_location", "query_location_length")


class Part(NamedTuple):
    """A cell that a statement reads: its SQL, checked, or a table under that name."""

    item: SqlCell | Rows
    checked: Checked | None = None
    table: str = ""

    @property
    def name(self) -> str:
        """The name of the cell."""
        return self.item.name


class Span(NamedTuple):
    """Where the SQL of a cell stands in a statement, in bytes."""

    part: Part
    start: int
    end: int


class Statement(NamedTuple):
    """A cell with all that it reads, the parameters for it, and where each SQL stands in it."""

    sql: str
    parameters: dict[str, Any]
    spans: list[Span]

    def span_at(self, byte: int) -> Span | None:
        """The SQL in which a byte of the statement stands; None where it is text of ours."""
        return next((span for span in self.spans if span.start <= byte <= span.end), None)


def check_name(name: str, reserved: frozenset[str]) -> None:
    """Raise NotAllowed where a cell cannot have that name."""
    is_own = name.lower() in OWN_TABLES
    if not NAME.fullmatch(name) or is_own or is_taken(name, reserved):
        raise NotAllowed(f"A cell cannot be called “{name}”: take another word.", cell=name)


def parts_of(
    cell: SqlCell, earlier: Sequence[SqlCell | Rows], check: Callable[[SqlCell], Checked]
) -> list[Part]:
    """The cell, after those of the earlier ones that it reads, itself or by another one.

    Raises NotAllowed where one of these is not allowed, or names what is not there.
    """
    parts: list[Part] = []
    wanted: set[int] = set()
    for at in range(len(earlier), -1, -1):
        item = earlier[at] if at < len(earlier) else cell
        if at in wanted or item is cell:
            part = Part(item, check(item)) if isinstance(item, SqlCell) else Part(item)
            before = {other.name.lower(): place for place, other in enumerate(earlier[:at])}
            wanted |= _read_by(part, before)
            parts.append(part._replace(table=f"rows_{at}"))
    return parts[::-1]


def _read_by(part: Part, before: dict[str, int]) -> set[int]:
    if part.checked is None:
        return set()
    tables = [name for name in part.checked.places if name not in OWN_TABLES]
    for name in tables:
        if name not in before:
            raise part.checked.no_table(name, before).of(part.name)
    return {before[name] for name in tables}


def compiled(parts: Sequence[Part], selected: str = "*", ending: str = "") -> Statement:
    """The statement of the last part, with the others before it as CTEs.

    `selected` of its result, and what follows: words of ours.
    """
    return _Compiler(parts).statement(selected, ending)


class _Compiler:
    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._text = ""
        self._spans: list[Span] = []
        self._parameters: dict[str, Any] = {}

    def statement(self, selected: str, ending: str) -> Statement:
        *earlier, last = self._parts
        opening = "with "
        for part in earlier:
            self._text += f'{opening}"{part.name}" as ('
            self._body(part, "with ", "*")
            self._text += ")"
            opening = ", "
        self._body(last, opening, selected)
        self._text += ending
        return Statement(self._text, self._parameters, self._spans)

    def _body(self, part: Part, opening: str, selected: str) -> None:
        """A cell's query with its tables: each cell has a filter of its own."""
        if part.checked is None or not isinstance(part.item, SqlCell):
            self._text += f"select * from {part.table}"  # noqa: S608 - a name of ours
            return
        for table in OWN_TABLES:
            if table in part.checked.places:
                name = self._parameter(part.item.parameters)
                chosen = f"select * from {MACROS[table]}(${name})"  # noqa: S608 - names of ours
                self._text += f"{opening}{table} as ({chosen})"
                opening = ", "
        self._text += f" select {selected} from (\n"  # noqa: S608 - words of ours
        start = len(self._text.encode())
        self._text += part.checked.sql
        self._spans.append(Span(part, start, len(self._text.encode())))
        self._text += "\n)"

    def _parameter(self, value: dict[str, object]) -> str:
        for name, known in self._parameters.items():
            if known == value:
                return name
        name = f"f{len(self._parameters)}"
        self._parameters[name] = value
        return name


def same_trees(statement: Statement, answer: Tree) -> bool:
    """Whether the parsed statement has in it exactly the queries that were checked."""
    if answer["error"] or len(answer["statements"]) != 1:
        return False
    found = [_bare(node) for node in _queries(answer["statements"][0]["node"])]
    checked = [_bare(span.part.checked.tree) for span in statement.spans if span.part.checked]
    return found == checked


def _queries(tree: Tree) -> Iterator[Tree]:
    """The queries of cells in the tree of a statement, in their order."""
    for entry in tree["cte_map"]["map"]:
        source = entry["value"]["query_node"]["from_table"]
        if source["type"] == "SUBQUERY":
            yield source["subquery"]["node"]
    yield tree["from_table"]["subquery"]["node"]


def _bare(part: object) -> object:
    """A tree without its locations."""
    if isinstance(part, list):
        return [_bare(item) for item in part]
    if isinstance(part, dict):
        return {key: _bare(value) for key, value in part.items() if key not in LOCATIONS}
    return part
