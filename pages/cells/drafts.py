"""What somebody types into a cell: kept while they type, and saved unless the cell has changed."""

from contextlib import suppress

from data.store.notebook_drafts import Draft
from data.store.notebook_text import NotSaved
from pages.cells.opened import Opened, Refused, body_digest, draft_key, is_same
from pages.people.all_notebooks import notebooks
from pages.people.current import person
from queries.notebooks.document import Cell, text_cell

NOT_KEPT = "What you type cannot be kept for now. It is lost when this tab is closed."


def typed_text(known: Opened, cell: Cell) -> str | None:
    """What the person has typed into a cell and not saved; None where that is nothing."""
    key = draft_key(cell)
    draft = notebooks.drafts(person(), known.name).get(key)
    text = known.typed.get(key, draft.text if draft else None)
    return None if text is None or is_same(text, cell.body) else text


def is_outdated(known: Opened, cell: Cell) -> bool:
    """Whether the cell had another text when the person began to type."""
    return _base_of(known, cell) != body_digest(cell)


def keep_draft(known: Opened, cell: Cell, place: int, text: str) -> None:
    """Keep what is typed into a cell, in a callback; in memory where the disk takes nothing."""
    at = known.place_of(cell, place)
    now = cell if at is None else known.document.cells[at]
    key = draft_key(now)
    try:
        base = _base_of(known, now)
        notebooks.save_draft(person(), known.name, key, text, base=base)
    except NotSaved as error:
        known.typed[key] = text
        known.notice = f"{error} {NOT_KEPT}"
    else:
        known.typed.pop(key, None)


def commit(known: Opened, cell: Cell, place: int, text: str) -> None:
    """Save what was typed into a cell, in a callback.

    Where the cell is another by now than when the typing began, the text is refused, and the page
    shows what differs.
    """
    at = known.place_of(cell, place)
    if at is None:  # somebody has removed the cell
        end = len(known.document.cells)
        new = text_cell(text) if cell.is_text else cell.with_body(text)
        known.refuse(Refused(known.document.inserted(end, new).text(), draft=draft_key(cell)))
        return
    now = known.document.cells[at]
    key = draft_key(now)
    if is_same(text, now.body):
        forget_draft(known, key)
        return
    mine = known.document.replaced(at, [now.with_body(text)]).text()
    if is_outdated(known, now):
        known.refuse(Refused(mine, draft=key))
    elif known.save(mine, key):
        forget_draft(known, key)


def forget_draft(known: Opened, key: str) -> None:
    """Forget what was typed under a key."""
    known.typed.pop(key, None)
    with suppress(NotSaved):  # then it is offered once more
        notebooks.drop_draft(person(), known.name, key)


def whole_text(known: Opened) -> str:
    """The notebook as this tab has it, with what could not be saved."""
    if known.refused:
        return known.refused[-1].text
    document = known.document
    for place, cell in enumerate(document.cells):
        if draft_key(cell) in known.typed:
            document = document.replaced(place, [cell.with_body(known.typed[draft_key(cell)])])
    return document.text()


def without_a_cell(known: Opened) -> list[Draft]:
    """What was typed into cells that are gone, or into texts that somebody has changed since."""
    keys = {draft_key(cell) for cell in known.document.cells}
    keys |= {one.draft for one in known.refused}  # of which the page shows what differs
    drafts = notebooks.drafts(person(), known.name)
    return [draft for key, draft in drafts.items() if key not in keys]


def _base_of(known: Opened, cell: Cell) -> str:
    """The digest of the cell's body when the person began to type."""
    draft = notebooks.drafts(person(), known.name).get(draft_key(cell))
    is_typed = draft is not None and not is_same(draft.text, cell.body)
    return draft.base if draft and is_typed else body_digest(cell)
