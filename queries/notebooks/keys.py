"""The keys of a cell: YAML in its body, or comments `-- key: value` at the head of an SQL cell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from queries.notebooks.document import Cell
from queries.notebooks.lines import lines_of
from queries.notebooks.yaml_texts import NotYaml, read, written

COMMENT = re.compile(r"[ \t]*--[ \t]*([a-z_]+)[ \t]*:(.*)")
OF_SQL = ("title", "filter", "controls", "chart", "x", "y", "colour", "alert")


class Look(NamedTuple):
    """How the rows of an SQL cell are drawn, by its keys; without a chart there is a table only."""

    chart: str = ""
    x: str = ""
    y: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Keys:
    """The keys of a cell with their texts or lists; a sentence where none can be read."""

    texts: Mapping[str, str | list[str]] = field(default_factory=dict)
    problem: str = ""

    def text(self, name: str) -> str:
        """One value as a text; empty where there is none, or a list."""
        value = self.texts.get(name, "")
        return value if isinstance(value, str) else ""

    def texts_of(self, name: str) -> list[str]:
        """One value as a list; a text is the only item of one."""
        value = self.texts.get(name, [])
        return [value] if isinstance(value, str) else value


def keys_of(cell: Cell) -> Keys:
    """The keys of a cell, in the order of its body; none of a text."""
    if cell.is_text:
        return Keys()
    return Keys(_of_comments(cell.body)) if cell.kind == "sql" else _of_yaml(cell)


def with_key(cell: Cell, name: str, value: str) -> Cell:
    """The cell with another value of one key, and every other line as it is; empty: without it."""
    lines = lines_of(cell.body)
    is_sql = cell.kind == "sql"
    new = (
        f"{'-- ' if is_sql else ''}{name}: {value if is_sql else written(value)}\n" if value else ""
    )
    # Below the head of an SQL cell a comment that looks like a key is one of the analyst's.
    head = lines[: _end_of_head(lines)] if is_sql else lines
    begin = next((n for n, line in enumerate(head) if _names(line, name, is_sql=is_sql)), None)
    if begin is None:
        place = 0 if is_sql else len(lines)
        lines = [*lines[:place], new, *lines[place:]]
    else:
        end = begin + 1
        while not is_sql and end < len(lines) and re.match(r"[ \t]+\S|- ", lines[end]):
            end += 1
        lines = [*lines[:begin], new, *lines[end:]]
    return cell.with_body("".join(lines))


def _names(line: str, name: str, *, is_sql: bool) -> bool:
    if is_sql:
        found = COMMENT.fullmatch(line.rstrip("\r\n"))
        return found is not None and found[1] == name
    return re.match(rf"{re.escape(name)}[ \t]*:", line) is not None


def _of_comments(body: str) -> dict[str, str | list[str]]:
    """The comments before the first line of SQL; a key that stands twice is a list."""
    found: dict[str, str | list[str]] = {}
    lines = body.splitlines()
    for line in lines[: _end_of_head(lines)]:
        comment = COMMENT.fullmatch(line)
        if comment and comment[1] in OF_SQL:
            name, text = comment[1], comment[2].strip(" \t")
            before = found.get(name, [])
            before = [before] if isinstance(before, str) else before
            found[name] = [*before, text] if before else text
    return found


def _end_of_head(lines: Sequence[str]) -> int:
    """How many lines of comments, and blank ones, stand before the first line of SQL."""
    of_sql = (n for n, line in enumerate(lines) if line.strip() and not _is_comment(line))
    return next(of_sql, len(lines))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("--")


def _of_yaml(cell: Cell) -> Keys:
    try:
        found = read(cell.body)
    except NotYaml as error:
        line = "" if error.line is None else f", in line {cell.line + error.line + 1}"
        return Keys(problem=f"The cell {cell.name} is no list of “key: value”{line}.")
    if found is None or found == "":
        return Keys()
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        return Keys(problem=f"The cell {cell.name} has no “key: value” on each line.")
    return Keys({name: _texts(value) for name, value in found.items()})


def _texts(value: object) -> str | list[str]:
    if isinstance(value, list):
        return [text if isinstance(text, str) else str(text) for text in value]
    return value if isinstance(value, str) else str(value)
