"""A notebook that is frozen: its run, what its cells show, and the receipt of the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from queries.notebooks.document import Cell
from queries.notebooks.freezing.shown import Shown
from queries.notebooks.references import filled
from queries.notebooks.result import Run
from queries.text import moment

UNTITLED = "Notebook"
MOST_ROWS = 1_000  # of a table that people read; the workbook has all


@dataclass(frozen=True)
class Frozen:
    """What every form is written from; `shown` is in the order of the run's results.

    `in_words` and `query` are the notebook's filter in force.
    """

    run: Run
    shown: Sequence[Shown]
    in_words: str
    query: str
    receipt: str
    overrides: Sequence[tuple[str, str]] = ()

    @property
    def title(self) -> str:
        """The notebook's title."""
        return self.run.document.title or UNTITLED

    def parts(self) -> list[Cell | Shown]:
        """Texts and what cells show, in the order of the notebook."""
        cells = iter(self.shown)
        return [cell if cell.is_text else next(cells) for cell in self.run.document.cells]

    def text_of(self, cell: Cell) -> str:
        """A text with its live numbers, without a first heading that says the title again."""
        lines = filled(cell.body, self.run).lstrip("\r\n").splitlines(keepends=True)
        repeats = bool(lines) and lines[0].strip() == f"# {self.title}"
        return "".join(lines[1:] if repeats else lines)

    def facts(self) -> list[tuple[str, str]]:
        """What the numbers rest on: a name and a text each."""
        imports = ", ".join(one.file for one in self.run.imports)
        found = [
            ("Filter", self.in_words),
            ("Filter as in an address", self.query or "none"),
            ("Data until", moment(self.run.data_until)),
            ("Run on", moment(self.run.ran_at)),
            ("State of the data", self.run.state),
            ("Imports in force", imports),
            ("Receipt", self.receipt),
        ]
        return [(name, text) for name, text in found if text]

    def alerts(self) -> list[str]:
        """The alerts that fired."""
        return [sentence for cell in self.shown for sentence in cell.alerts]
