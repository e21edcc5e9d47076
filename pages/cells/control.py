"""Control cells on the screen: a date, a number or a list, whose value is the notebook's."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from pages.cells.opened import Opened
from pages.frame.options import options
from pages.text.escape import escaped, visible
from queries.fields import FIRST_DAY, LAST_DAY
from queries.filters import Filters
from queries.notebooks.controls import Control, number_of
from queries.notebooks.document import Cell
from queries.notebooks.keys import with_key
from queries.notebooks.meaning import Meaning
from queries.notebooks.yaml_texts import written
from queries.text import read_day

MOST_OFFERED = 1000


def draw_control(known: Opened, meaning: Meaning, place: int) -> None:
    """Draw the widget of a control; another value is saved in the notebook."""
    control = meaning.control
    if control is None or meaning.problems:
        st.error(escaped(" ".join(meaning.problems)), icon=":material/error:")
        return
    key = f"control_{place}_{control.values}"
    draw = {"date": _date, "number": _number, "list": _list}[control.type]
    draw(control, key, lambda: _save(known, meaning, place, key), disabled=not known.may_change)


def _save(known: Opened, meaning: Meaning, place: int, key: str) -> None:
    value = st.session_state[key]
    known.edit(meaning.cell, place, lambda now: _with_value(now, value))


def _with_value(cell: Cell, value: object) -> Cell:
    if not isinstance(value, list):
        return with_key(cell, "value", _text(value))
    cell = with_key(cell, "value", "")
    lines = "".join(f"- {written(text)}\n" for text in value)
    return cell.with_body(f"{cell.body}value:\n{lines}" if value else cell.body)


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _date(control: Control, key: str, save: Callable[[], None], *, disabled: bool) -> None:
    value = read_day(control.values[0]) if control.values else None
    st.date_input(
        escaped(control.label),
        value,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        key=key,
        on_change=save,
        format="YYYY-MM-DD",
        disabled=disabled,
        width=240,
    )


def _number(control: Control, key: str, save: Callable[[], None], *, disabled: bool) -> None:
    value = number_of(control.values[0]) if control.values else None
    shown = int(value) if value is not None and value.is_integer() else value
    st.number_input(
        escaped(control.label),
        value=shown,
        key=key,
        on_change=save,
        disabled=disabled,
        width=240,
    )


def _list(control: Control, key: str, save: Callable[[], None], *, disabled: bool) -> None:
    st.multiselect(
        escaped(control.label),
        list(dict.fromkeys([*control.values, *_offered(control)])),
        list(control.values),
        format_func=visible,
        accept_new_options=True,
        key=key,
        on_change=save,
        disabled=disabled,
    )


def _offered(control: Control) -> list[str]:
    """The values that a list offers: those of its filter among all that the person sees."""
    return list(options(control.of, None, Filters())["value"])[:MOST_OFFERED] if control.of else []
