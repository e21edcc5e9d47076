"""Decides whether a text is one query that a notebook may run, by its syntax tree alone."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from queries.engine.sandbox.allowed import allowed
from queries.engine.sandbox.cells import OWN_TABLES, Names, NotAllowed
from queries.engine.sandbox.places import place_at, suggestion, word_at

LONGEST = 20_000  # characters
MOST_NAMED = 12  # tables and cells that an error names
DEEPEST = 400  # levels of the tree: each term of a long sum is two
WORD = re.compile(r"[^\W\d]\w*")
OURS = re.compile(r"(list|rows)_\d+")  # tables beside the store, which the macros read by name
# The engine reads these names as functions where no column has them.
OF_SESSION = {
    *("current_catalog", "current_database", "current_date", "current_localtime"),
    *("current_localtimestamp", "current_role", "current_schema", "current_time"),
    *("current_timestamp", "current_user", "localtime", "localtimestamp", "session_user", "user"),
}
MUST_BE_EMPTY = ("schema", "schema_name", "catalog", "catalog_name", "pivot_enum")
MUST_BE_ABSENT = {
    "sample": "A sample gives other rows each time: choose rows by a condition.",
    "at_clause": "A table has no earlier versions here.",
}
NO_QUERY = "A cell holds one query that begins with select, from, with or values."
NO_SCHEMA = "Only chosen_codes, chosen_transactions and cells of the notebook can be read."

Tree = dict[str, Any]
Parse = Callable[[str], Tree]  # json_serialize_sql()


def check(sql: str, parse: Parse, reserved: frozenset[str]) -> "Checked":
    """Check a cell's text. Raises NotAllowed.

    `reserved` are the names of what the engine's catalog holds, in lower case: no name of a
    query's own (a CTE's) may be one of them, or it could be read in its place.
    """
    if len(sql) > LONGEST:
        raise NotAllowed(f"The SQL of a cell has at most {LONGEST:,} characters.")
    answer = parse(sql)
    if answer["error"]:
        raise _unparsed(sql, answer)
    statements = answer["statements"]
    if not statements:
        raise NotAllowed("The cell is empty. " + NO_QUERY)
    if len(statements) > 1:
        raise NotAllowed("A cell holds one query, and this one has several.")
    return Checked(sql, statements[0], reserved)


def _unparsed(sql: str, answer: Mapping[str, Any]) -> NotAllowed:
    """The error for a text that is no query: with the word at which reading it ended."""
    if answer["error_type"] != "parser":
        return NotAllowed(NO_QUERY)
    if "position" not in answer:
        return NotAllowed("The SQL cannot be read.")
    position = int(answer["position"])
    word = word_at(sql, position)
    reason = f"The SQL cannot be read from “{word}” on." if word else "The SQL ends too early."
    return NotAllowed(reason, place=place_at(sql, position))


class Checked:
    """A query that may run: its tree, and the tables and columns that it names."""

    def __init__(self, sql: str, statement: Tree, reserved: frozenset[str]) -> None:
        self.sql = sql
        self.tree: Tree = statement["node"]
        self.places: dict[str, int] = {}  # where each table is first named, as a byte
        self._columns: set[str] = set()
        self._reserved = reserved
        self._at = 0
        self._depth = 0
        if statement["named_param_map"]:
            raise self._refusal("A cell has no parameters: write the value, or use a control.")
        self._node(self.tree, frozenset())

    @property
    def names(self) -> Names:
        """The tables, but for those of the query's own, and the columns that it names."""
        return Names(frozenset(self.places), frozenset(self._columns))

    def no_table(self, name: str, cells: Iterable[str]) -> NotAllowed:
        """The error for a table that it names and that is none of the notebook's `cells`."""
        known = [*OWN_TABLES, *cells]
        end = suggestion(name, known)
        if end == ".":
            end = f": there are {', '.join(known[:MOST_NAMED])}{', …' * (len(known) > MOST_NAMED)}."
        reason = f"There is no table or cell {name} above{end}"
        return NotAllowed(reason, place=place_at(self.sql, self.places[name]))

    def _refusal(self, reason: str) -> NotAllowed:
        return NotAllowed(reason, place=place_at(self.sql, self._at))

    def _node(self, node: Tree, scope: frozenset[str]) -> None:
        """Check a query. Its CTEs see those before them; all the rest of it sees all of them."""
        self._expect(node["type"], "nodes", NO_QUERY)
        if node["type"] == "RECURSIVE_CTE_NODE":
            scope |= {self._own(node["cte_name"])}
        for entry in node["cte_map"]["map"]:
            name = self._own(entry["key"])
            self._walk(entry["value"], scope)
            scope |= {name}
        self._fields(node, scope, but=("cte_map",))

    def _own(self, name: str) -> str:
        """A name that the query gives, in lower case."""
        if not WORD.fullmatch(name) or is_taken(name, self._reserved):
            raise self._refusal(f"A query cannot call a part of its own “{name}”: take a word.")
        return name.lower()

    def _walk(self, part: object, scope: frozenset[str]) -> None:
        if isinstance(part, list):
            for item in part:
                self._walk(item, scope)
        elif isinstance(part, dict):
            self._depth += 1
            if self._depth > DEEPEST:
                raise self._refusal("The query is nested too deeply.")
            self._part(part, scope)
            self._depth -= 1

    def _part(self, part: Tree, scope: frozenset[str]) -> None:
        self._at = _location(part, self._at)
        if "cte_map" in part:
            self._node(part, scope)
        elif "class" in part:
            self._expression(part, scope)
        elif "type" not in part:
            self._fields(part, scope)
        else:
            self._table_or_modifier(part, scope)

    def _fields(self, part: Tree, scope: frozenset[str], but: Iterable[str] = ()) -> None:
        for key, value in part.items():
            self._expect(key, "keys", "This part of SQL cannot be used here.")
            if key in MUST_BE_EMPTY and value:
                raise self._refusal(NO_SCHEMA)
            if key in MUST_BE_ABSENT and value is not None:
                raise self._refusal(MUST_BE_ABSENT[key])
            if key == "path" and len(value) != 1:
                raise self._refusal(NO_SCHEMA)
            if key not in but:
                self._walk(value, scope)

    def _expression(self, part: Tree, scope: frozenset[str]) -> None:
        kind = part["class"]
        self._expect(kind, "expressions", "This kind of expression cannot be used here.")
        if kind == "OPERATOR":
            self._expect(part["type"], "operators", "This operator cannot be used here.")
        elif kind in ("FUNCTION", "WINDOW"):
            self._function(part["function_name"], "functions")
        elif kind == "TYPE":
            self._type(part["type_name"])
        elif kind == "COLLATE":
            self._expect(part["collation"].lower(), "collations", "There is no such collation.")
        elif kind == "COLUMN_REF":
            self._column(part["column_names"])
        elif kind == "CONSTANT":
            return  # a number or a text, whatever it says
        self._fields(part, scope)

    def _column(self, names: list[str]) -> None:
        column = names[-1].lower()
        if column in OF_SESSION and len(names) == 1:
            raise self._refusal(
                f"{column} is another value each time, or of no person: write the value itself."
            )
        self._columns.add(column)

    def _function(self, name: str, section: str) -> None:
        known = allowed(section)
        if name.lower() not in {word.lower() for word in known}:
            hint = suggestion(name, (f"{word}()" for word in known))
            raise self._refusal(f"{name}() is no function that a cell can use{hint}")

    def _type(self, name: str) -> None:
        if name.lower() not in allowed("types"):
            raise self._refusal(f"{name} is no type that a cell can use.")

    def _table_or_modifier(self, part: Tree, scope: frozenset[str]) -> None:
        kind = part["type"]
        if kind in allowed("tables"):
            if kind == "BASE_TABLE":
                self._table(part, scope)
            elif kind == "TABLE_FUNCTION":
                self._function(part["function"]["function_name"], "table functions")
                self._fields(part["function"], scope)
                self._fields(part, scope, but=("function",))
                return
        elif kind not in allowed("modifiers") | allowed("orders"):
            raise self._refusal("This part of SQL cannot be used here.")
        self._fields(part, scope)

    def _table(self, part: Tree, scope: frozenset[str]) -> None:
        if part["schema_name"] or part["catalog_name"]:
            raise self._refusal(NO_SCHEMA)
        name = part["table_name"].lower()
        if name not in scope:
            self.places.setdefault(name, self._at)

    def _expect(self, word: object, section: str, reason: str) -> None:
        if word not in allowed(section):
            raise self._refusal(reason)


def is_taken(name: str, reserved: frozenset[str]) -> bool:
    """Whether a name stands for something else than a part of a notebook."""
    return name.lower() in reserved or bool(OURS.fullmatch(name.lower()))


def _location(part: Tree, otherwise: int) -> int:
    """Where a part stands, as a byte; parts that the engine adds itself have no location."""
    at = part.get("query_location")
    return at if isinstance(at, int) and at < 2**32 else otherwise
