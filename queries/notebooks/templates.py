"""Templates of notebooks: the files in templates/, and new notebooks made from them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from queries.filters import Filters
from queries.notebooks import front_matter
from queries.notebooks.choice import pairs_of
from queries.notebooks.document import Cell, Document, read
from queries.notebooks.keys import keys_of, with_key

FOLDER = Path(__file__).with_suffix("")  # the folder templates/
# In the order in which they are offered.
KEYS = (
    "monday_report",
    "campaign_post_mortem",
    "leak_hunt",
    "expiry_cliff",
    "two_pilots",
    "bounceback",
)
# Of a template alone: what it answers, what it cannot do without, and which dates its period is of.
SAYS, NEEDS, PERIOD = "says", "needs", "period"
NEEDED = {"folder": "a reporting folder", "period": "a period with a first day"}
# Control cells that are filled in; a template with them has its choice there, and no filter.
PROMOTION, FIRST_DAY, LAST_DAY, PILOTS = (
    "promotion",
    "first_day",
    "last_day",
    ("pilot_a", "pilot_b"),
)
GROUP, BATCH = "group", "batch"
OF_PILOTS = ("of", "by", "rows", "columns")  # keys of cells that may say what the pilots are


class NotFilledIn(ValueError):
    """A notebook cannot be made of what was chosen; the text says why."""


class Template(NamedTuple):
    """A template, with a sentence for what it answers.

    `needs` are those of NEEDED without which it answers nothing. `has_pilots`: it compares two
    groups or batches.
    """

    key: str
    title: str
    says: str
    needs: tuple[str, ...]
    has_pilots: bool


def templates() -> list[Template]:
    """All templates, the commonest first."""
    return [_template(key) for key in KEYS]


def new_from(
    key: str,
    folder: str | None,
    first: date | None,
    last: date | None,
    pair: tuple[str, str] | None = None,
    by: str = GROUP,
) -> str:
    """The text of a new notebook of a template, for a folder and a period, each of which may lack.

    `pair` are the two pilots that it compares, of `by`: GROUP or BATCH. Without a pair its reader
    chooses them in the notebook. Raises NotFilledIn.
    """
    if key not in KEYS:
        raise NotFilledIn(f"There is no template {key}. There are: {', '.join(KEYS)}.")
    template = _template(key)
    _check(template, folder, first, last, pair)
    document = _document(key)
    prefix = front_matter.value(document.front, PERIOD)
    for name in (SAYS, NEEDS, PERIOD):
        document = document.with_front(name, "")
    if folder:
        document = document.with_front("title", f"{template.title}, {folder}")
    if template.has_pilots:
        return _with_pilots(document, _control_values(folder, first, last, pair), by).text()
    return document.with_front("filter", _filter(prefix, folder, first, last)).text()


def _template(key: str) -> Template:
    document = _document(key)
    values = front_matter.values(document.front)
    needs = tuple(values.get(NEEDS, "").split())
    has_pilots = document.named(PILOTS[0]) is not None
    return Template(key, document.title, values[SAYS], needs, has_pilots)


@cache
def _document(key: str) -> Document:
    return read((FOLDER / f"{key}.md").read_text("utf-8"))


def _check(
    template: Template,
    folder: str | None,
    first: date | None,
    last: date | None,
    pair: tuple[str, str] | None,
) -> None:
    given = {"folder": bool(folder), "period": first is not None}
    if lacking := [words for name, words in NEEDED.items()
                   if name in template.needs and not given[name]]:  # fmt: skip
        raise NotFilledIn(f"Choose {lacking[0]}: “{template.title}” needs one.")
    if first and last and last < first:
        raise NotFilledIn("The period ends before it begins.")
    if pair and pair[0] == pair[1]:
        raise NotFilledIn("Choose two different pilots.")


def _filter(prefix: str, folder: str | None, first: date | None, last: date | None) -> str:
    """The query string of a choice; `prefix` is of the range of dates that the period is."""
    of_dates = f"{prefix}_" if prefix else ""
    filters = Filters(folder=(folder,) if folder else None)
    filters = filters.with_(f"{of_dates}from", first).with_(f"{of_dates}to", last)
    return urlencode(filters.to_query())


def _control_values(
    folder: str | None, first: date | None, last: date | None, pair: tuple[str, str] | None
) -> dict[str, str]:
    values = {
        PROMOTION: folder or "",
        FIRST_DAY: first.isoformat() if first else "",
        LAST_DAY: last.isoformat() if last else "",
    }
    return values | dict(zip(PILOTS, pair or ("", ""), strict=True))


def _with_pilots(document: Document, values: Mapping[str, str], by: str) -> Document:
    """The notebook with the values of its controls, of pilots that are groups or batches."""
    filled = (
        with_key(cell, "value", values[cell.name]) if cell.name in values else cell
        for cell in document.cells
    )
    return Document(document.front, tuple(_of(cell, by) for cell in filled))


def _of(cell: Cell, by: str) -> Cell:
    """The cell with pilots that are of `by` instead of groups."""
    if by == GROUP or cell.is_text:
        return cell
    keys = keys_of(cell)
    for name in OF_PILOTS:
        if keys.text(name) == GROUP:
            cell = with_key(cell, name, by)
    if controls := keys.text("controls"):
        other = {GROUP: by, f"b.{GROUP}": f"b.{by}"}
        pairs = [(other.get(name, name), control) for name, control in pairs_of(controls)]
        cell = with_key(cell, "controls", urlencode(pairs))
    return cell
