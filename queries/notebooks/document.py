"""A notebook's file as a front matter and cells, whose slices together are the file, byte by byte.

CommonMark with YAML front matter. A cell is a fence at the top level whose first word is one of
KINDS, and whose second is its name; everything else is text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from markdown_it import MarkdownIt
from mdit_py_plugins.front_matter import front_matter_plugin

from queries.notebooks import front_matter
from queries.notebooks.lines import lines_of

KINDS = ("chart", "numbers", "compare", "pivot", "control", "sql")
TEXT = "text"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}")
TABLES = ("chosen_codes", "chosen_transactions")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
# Blocks alone: of some texts of 1 MB, reading emphasis and links takes hours.
_parser = MarkdownIt("commonmark").use(front_matter_plugin).disable(["inline", "text_join"])


@dataclass(frozen=True)
class Cell:
    """A slice of the file: a fence, or the text between two of them.

    `body` is what stands between the fence's lines, `line` the number of the slice's first line in
    the file. Of a text both are its source, and `name` is empty.
    """

    kind: str
    name: str
    source: str
    body: str
    line: int = 1

    @property
    def is_text(self) -> bool:
        """Whether it is Markdown to be read."""
        return self.kind == TEXT

    def with_body(self, body: str) -> "Cell":
        """The same cell with another body; of a fence with a marker that the body does not have."""
        return text_cell(body) if self.is_text else new_cell(self.kind, self.name, body)

    def with_name(self, name: str) -> "Cell":
        """The same cell under another name."""
        return new_cell(self.kind, name, self.body)


@dataclass(frozen=True)
class Document:
    """A front matter, which may be empty, and the cells, in the order of the file."""

    front: str
    cells: tuple[Cell, ...]

    def text(self) -> str:
        """The file."""
        return self.front + "".join(cell.source for cell in self.cells)

    @property
    def title(self) -> str:
        """The title of the front matter; empty where there is none."""
        return front_matter.value(self.front, "title")

    @property
    def filter(self) -> str:
        """The query string of the notebook's filter; empty where there is none."""
        return front_matter.value(self.front, "filter")

    def with_front(self, name: str, value: str) -> "Document":
        """The same notebook with another value in the front matter; an empty one takes it out."""
        return replace(self, front=front_matter.with_value(self.front, name, value))

    def named(self, name: str) -> Cell | None:
        """The first cell of that name, whatever its case."""
        same = (cell for cell in self.cells if cell.name.casefold() == name.casefold() and name)
        return next(same, None)

    def replaced(self, place: int, cells: Iterable[Cell]) -> "Document":
        """The same notebook with other cells, or none, in place of the one at `place`."""
        return self._with((*self.cells[:place], *cells, *self.cells[place + 1 :]))

    def inserted(self, place: int, cell: Cell) -> "Document":
        """The same notebook with a further cell at `place`, a blank line before it."""
        before = self.cells[:place]
        blank = (_text("\n", 1),) if before and not before[-1].source.endswith("\n\n") else ()
        return self._with((*before, *blank, cell, *self.cells[place:]))

    def swapped(self, place: int, other: int) -> "Document":
        """The same notebook with two cells in each other's place; what is between them stays."""
        cells = list(self.cells)
        cells[place], cells[other] = cells[other], cells[place]
        return self._with(tuple(cells))

    def free_name(self, wish: str) -> str:
        """A name for a new cell: the wish, or the first of wish_2, wish_3, … that is free."""
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", wish).strip("_")[:50] or "cell"
        plain = plain if NAME.fullmatch(plain) else f"cell_{plain}"
        taken = {*TABLES, *(cell.name.casefold() for cell in self.cells)}
        tries = (plain if number == 1 else f"{plain}_{number}" for number in count(1))
        return next(name for name in tries if name.casefold() not in taken)

    def _with(self, cells: tuple[Cell, ...]) -> "Document":
        """The notebook as it is read again: of cells whose lines are whole, texts joined."""
        whole = [*map(_closed, cells[:-1]), *cells[-1:]]
        front = self.front
        if front and cells and not front.endswith(("\n", "\r")):
            front += "\n"
        return read(front + "".join(cell.source for cell in whole))


def read(text: str) -> Document:
    """The notebook of a file's text; any text is one."""
    lines = lines_of(text)
    tokens = _parser.parse(text)
    front, begin, cells = "", 0, list[Cell]()
    for token in tokens:
        if token.level or token.map is None:
            continue
        first, last = token.map
        if token.type == "front_matter":
            front, begin = "".join(lines[:last]), last
        words = token.info.split()
        if token.type != "fence" or not words or words[0] not in KINDS:
            continue
        if first > begin:
            cells.append(_text("".join(lines[begin:first]), begin + 1))
        name = words[1] if len(words) > 1 else ""
        cells.append(Cell(words[0], name, "".join(lines[first:last]), token.content, first + 1))
        begin = last
    if begin < len(lines):
        cells.append(_text("".join(lines[begin:]), begin + 1))
    return Document(front, tuple(cells))


def new_cell(kind: str, name: str, body: str) -> Cell:
    """A cell of one of KINDS."""
    body = body if not body or body.endswith("\n") else f"{body}\n"
    longest = max((len(run) for run in re.findall(r"`{3,}", body)), default=2)
    marker = "`" * max(3, longest + 1)
    return Cell(kind, name, f"{marker}{kind} {name}".rstrip() + f"\n{body}{marker}\n", body)


def text_cell(text: str) -> Cell:
    """A text. One with a cell's fence in it becomes several cells when it is read again."""
    return _text(text, 1)


def _text(source: str, line: int) -> Cell:
    return Cell(TEXT, "", source, source, line)


def _closed(cell: Cell) -> Cell:
    """The cell with the end of its last line, and of its fence: another one follows."""
    source = cell.source
    if not source or cell.is_text:
        ends = not source or source.endswith(("\n", "\r"))
        return cell if ends else _text(f"{source}\n", cell.line)
    if not source.endswith(("\n", "\r")):
        source += "\n"
    (opening, *rest) = lines_of(source)
    marker = _FENCE.match(opening)
    end = rest[-1].strip() if rest else ""
    if marker and not (end and set(end) == {marker[1][0]} and len(end) >= len(marker[1])):
        source += f"{marker[1]}\n"
    return replace(cell, source=source)
