"""What somebody has typed into the cells of a notebook and not committed."""

from data.store.notebook_drafts import Draft
from data.store.notebook_text import digest_of
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.document import Cell, Document


def draft_of(notebook: str, cell: Cell) -> Draft | None:
    """What the person has typed into a cell; None where it is what the cell has."""
    draft = notebooks.drafts(person(), notebook).get(_key(cell))
    return draft if draft and not is_same(draft.text, cell.body) else None


def is_same(text: str, other: str) -> bool:
    """Whether two texts of a cell are the same in the file, which ends each line."""
    return text.rstrip("\r\n") == other.rstrip("\r\n")


def is_outdated(draft: Draft, cell: Cell) -> bool:
    """Whether the cell had another text when somebody began to type."""
    return draft.base != _digest(cell)


def keep_draft(notebook: str, cell: Cell, text: str) -> None:
    """Keep what is typed into a cell, with the text that it had when that began."""
    before = draft_of(notebook, cell)
    base = before.base if before else _digest(cell)
    notebooks.save_draft(person(), notebook, _key(cell), text, base=base)


def drop_draft(notebook: str, cell: Cell) -> None:
    """Forget what was typed into a cell."""
    notebooks.drop_draft(person(), notebook, _key(cell))


def place_with_draft(notebook: str, document: Document) -> int | None:
    """The place of the first cell into which the person has typed something."""
    drafts = notebooks.drafts(person(), notebook)
    for place, cell in enumerate(document.cells):
        draft = drafts.get(_key(cell))
        if draft and not is_same(draft.text, cell.body):
            return place
    return None


def without_a_cell(notebook: str, document: Document) -> list[Draft]:
    """What was typed into cells that are gone, or into texts that somebody has changed since."""
    keys = {_key(cell) for cell in document.cells}
    return [draft for key, draft in notebooks.drafts(person(), notebook).items() if key not in keys]


def _key(cell: Cell) -> str:
    """A cell's name; of a text what it says, so that a draft moves with it."""
    return cell.name or f"text {_digest(cell)[:16]}"


def _digest(cell: Cell) -> str:
    return digest_of(cell.body.encode("utf-8", "surrogatepass"))
