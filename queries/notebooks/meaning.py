"""What a cell means: which query, of which choice, with which parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from queries.fields import NOT
from queries.filters import BY_NAME
from queries.notebooks.choice import Choice, choice_of, merged, pairs_of, with_controls
from queries.notebooks.controls import Control, control_of
from queries.notebooks.document import NAME, TABLES, Cell, Document
from queries.notebooks.keys import Keys, keys_of

COMMON = ("title", "filter", "controls", "alert")
OF_KIND = {
    "chart": ("query", "show"),
    "numbers": ("tiles",),
    "compare": ("tiles",),
    "pivot": ("rows", "columns", "measure", "days", "per_day"),
    "control": ("type", "value", "of", "label"),
    "sql": ("chart", "x", "y", "colour"),
}
# What a pivot is of where its cell does not say so.
USUAL_OF_PIVOT = {"rows": "group", "columns": "none", "measure": "net"}
QUERY_OF_KIND = {"numbers": "numbers", "compare": "compare_numbers", "pivot": "pivot"}


@dataclass(frozen=True)
class Meaning:
    """A cell with the query that it stands for.

    `query` is empty for controls and SQL. `values` are the query's parameters, as texts. `uses` are
    the names of the controls that it takes. `problems` keep it from running; `unknown` are keys
    that nothing knows, which are kept.
    """

    cell: Cell
    choice: Choice
    keys: Keys
    query: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    control: Control | None = None
    uses: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def name_in_words(self) -> str:
        """The name as a title: redeemed_by_sql is “Redeemed by SQL”."""
        words = self.name.replace("_", " ").capitalize().split(" ")
        return " ".join("SQL" if word.casefold() == "sql" else word for word in words)

    @property
    def name(self) -> str:
        """The cell's name."""
        return self.cell.name


def meanings(document: Document, overrides: Sequence[tuple[str, str]] = ()) -> list[Meaning]:
    """One for each cell that is no text, in the order of the file.

    `overrides` are parameters that stand in for those of the notebook's filter.
    """
    notebook = merged(pairs_of(document.filter), overrides)
    controls: dict[str, Sequence[str]] = {}
    earlier: set[str] = set()
    found: list[Meaning] = []
    for cell in document.cells:
        if cell.is_text:
            continue
        meaning = _meaning(cell, notebook, controls, earlier)
        if meaning.control:
            controls[cell.name] = meaning.control.values
        earlier.add(cell.name.casefold())
        found.append(meaning)
    return found


def _meaning(
    cell: Cell,
    notebook: Sequence[tuple[str, str]],
    controls: Mapping[str, Sequence[str]],
    earlier: set[str],
) -> Meaning:
    keys = keys_of(cell)
    given, missing = with_controls(keys.text("controls"), controls)
    of_filter = [pair for pair in given if _is_of_choice(pair[0])]
    choice = choice_of(merged(merged(notebook, pairs_of(keys.text("filter"))), of_filter))
    control = control_of(cell.name, keys) if cell.kind == "control" else None
    problems = [*_of_name(cell, earlier), keys.problem, *choice.problems, *missing]
    if control:
        problems += control.problems
    if cell.kind == "compare" and choice.comparison is None:
        problems.append(f"The cell {cell.name} compares nothing: its filter needs compare or b.….")
    own = {*COMMON, *OF_KIND[cell.kind]}
    values = {name: keys.text(name) for name in keys.texts if name not in own}
    if cell.kind == "pivot":
        values |= {name: keys.text(name) for name in OF_KIND["pivot"] if keys.text(name)}
    values |= {name: text for name, text in given if not _is_of_choice(name)}
    query = keys.text("query") or cell.name if cell.kind == "chart" else ""
    return Meaning(
        cell,
        choice,
        keys,
        query or QUERY_OF_KIND.get(cell.kind, ""),
        values if cell.kind in ("chart", "pivot") else {},
        control,
        tuple(dict.fromkeys(name for _, name in pairs_of(keys.text("controls")))),
        tuple(problem for problem in problems if problem),
        () if cell.kind in ("chart", "pivot") else tuple(values),
    )


def _is_of_choice(parameter: str) -> bool:
    """Whether a parameter is one of the filters or of what they are compared with."""
    base = parameter.removeprefix("b.").removesuffix(NOT)
    return base in BY_NAME or parameter == "compare"


def _of_name(cell: Cell, earlier: set[str]) -> list[str]:
    """Why a cell cannot be called as it is."""
    if not NAME.fullmatch(cell.name):
        what = f"“{cell.name}” is no name" if cell.name else f"This {cell.kind} has no name"
        return [f"{what}: a name has letters, digits and _, and begins with no digit."]
    if cell.name.casefold() in TABLES:
        return [f"{cell.name} is a table of the data: give the cell another name."]
    if cell.name.casefold() in earlier:
        return [f"There are two cells called {cell.name}: give one another name."]
    return []
