"""Control cells: a date, a number or a list of values that other cells use."""

from dataclasses import dataclass

from queries.fields import FIRST_DAY, LAST_DAY
from queries.filters import BY_NAME
from queries.notebooks.keys import Keys
from queries.text import read_day

TYPES = ("date", "list", "number")


@dataclass(frozen=True)
class Control:
    """A control: its type, its values as texts, and the filter whose values a list offers."""

    name: str
    type: str
    values: tuple[str, ...]
    of: str = ""
    label: str = ""
    problems: tuple[str, ...] = ()


def control_of(name: str, keys: Keys) -> Control:
    """The control of a cell's keys."""
    kind = keys.text("type") or "list"
    values = tuple(text for text in keys.texts_of("value") if text)
    problems = []
    if kind not in TYPES:
        problems.append(f"A control is of type date, list or number, not {kind}.")
    if kind != "list" and len(values) > 1:
        problems.append(f"The control {name} takes one value.")
    if kind == "date" and any(not _is_day(text) for text in values):
        problems.append(f"The control {name} takes a day such as 2026-11-23.")
    if kind == "number" and any(number_of(text) is None for text in values):
        problems.append(f"The control {name} takes a number.")
    of = keys.text("of")
    if of and (of not in BY_NAME or BY_NAME[of].takes != "texts"):
        problems.append(
            f"A list offers the values of a filter such as group or batch, not of {of}."
        )
    label = keys.text("label") or name.replace("_", " ").capitalize()
    return Control(name, kind, values, of, label, tuple(problems))


def number_of(text: str) -> float | None:
    """A number of a control; None where the text is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None  # neither without end nor no number


def _is_day(text: str) -> bool:
    day = read_day(text)
    return day is not None and FIRST_DAY <= day <= LAST_DAY
