"""The state of a page's controls, mirrored in the URL: grain, measure, sort, page, opened parts.

A control's value stands in the URL where it is another than the default. What the URL gives a
control that does not offer it is named in a message and ignored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from queries.text import listed

# The parameters beside the filters, by the paths of the pages, in the order of the URL.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "": ("grain", "show", "split", "more", "rate", "days", "other_days"),
    "codes": ("of", "sort", "down", "page"),
    "code": ("opened",),
    "batches": ("by", "days", "other_days", "page"),
    "transactions": ("grain", "show", "split", "of", "sort", "down", "page"),
    "bounceback": ("checks",),
    "exposure": (),
    "since": ("since", "import", "change", "page"),
    "to_check": ("check", "minutes", "limits", "imported", "page"),
    "pivot": ("measure", "rows", "columns", "days", "other_days", "per_day", "heat"),
    "check_list": ("checked", "verdict", "page"),
    "notebooks": (),
    "notebook": ("name",),
    "downloads": ("selected",),
    "imports": ("selected",),
    "audit": (),
}
NAMES = frozenset(name for names in PARAMETERS.values() for name in names)
FOR_ONE = frozenset({"code"})  # pages whose addresses work for one person, while the app runs
ONLY_BY_ADDRESS = FOR_ONE | {"notebook"}  # pages that a link without more leads to nothing of
STATE = "_view"
MOST_NAMED = 9  # values in a message
ICON = ":material/link_off:"
YES_NO = {True: "yes", False: "no"}
UNREADABLE = "{name} takes {values}. This part of the address is ignored."
NOTHING_OFFERED = "{name}: there is nothing to select. This part of the address is ignored."


@dataclass
class ViewState:
    """The controls of one page of a tab, by their parameters."""

    page: str | None = None
    texts: dict[str, str] = field(default_factory=dict)  # of values other than the default
    written: dict[str, str] = field(default_factory=dict)  # what the URL has of them
    drawn: dict[str, object] = field(default_factory=dict)  # the values when last drawn
    problems: list[str] = field(default_factory=list)  # a sentence for each unreadable value
    place: DeltaGenerator | None = None  # where they are said


def keep(
    name: str,
    default: object,
    options: Sequence[object],
    *,
    key: str | None = None,
    elsewhere: Sequence[object] = (),
) -> str:
    """Keep a control in the URL under a parameter. Returns its key, which is the name without one.

    Call it where the widget is drawn, for its `key`; the widget gets no default of its own.
    `elsewhere` are values that it offers at other times: they are ignored without a message.
    Where the page has no such parameter, the control is as any other.
    """
    state, key = _state(), key or name
    if state.page is None or name not in PARAMETERS.get(state.page, ()):
        st.session_state.setdefault(key, default)
        return key
    value = st.session_state.get(key, state.drawn.get(name))
    if name not in state.drawn or value == state.drawn[name]:  # nobody has used the control
        value = _read(name, state.texts.get(name), default, options, elsewhere)
    else:
        state.problems.clear()
        value = value if value in options else default
    state.drawn[name] = value
    state.texts.pop(name, None)
    if value != default:
        state.texts[name] = _text(value)
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def read_view(page: str, given: Mapping[str, str]) -> None:
    """Take the controls' values from the URL of a page, if anything but the app has changed it."""
    state = _state()
    texts = {name: given[name] for name in PARAMETERS.get(page, ()) if name in given}
    if page != state.page or texts != state.written:
        st.session_state[STATE] = ViewState(page, texts, dict(texts))


def place_of_problems() -> None:
    """Draw what could not be read of the URL, also what controls find further down."""
    state = _state()
    state.place = st.container()
    for sentence in state.problems:
        state.place.warning(sentence, icon=ICON)


def begin_rows_anew() -> None:
    """Forget the page of the rows, where other filters choose other rows."""
    _state().texts.pop("page", None)
    _state().problems.clear()


def view_parameters() -> dict[str, str]:
    """The parameters of the page's controls, in the order of the URL."""
    state = _state()
    names = () if state.page is None else PARAMETERS.get(state.page, ())
    return {name: state.texts[name] for name in names if name in state.texts}


def note_written() -> None:
    """Note that the URL has the controls as they are."""
    _state().written = view_parameters()


def _state() -> ViewState:
    state: ViewState = st.session_state.setdefault(STATE, ViewState())
    return state


def _read(
    name: str,
    text: str | None,
    default: object,
    options: Sequence[object],
    elsewhere: Sequence[object],
) -> object:
    """The option that a text of the URL stands for; without one the default."""
    if text is None:
        return default
    # Not one by one: there may be a million pages of rows.
    among = _numbers(text, options) if isinstance(options, range) else options
    found = [option for option in among if _text(option) == text]
    if not found and text not in map(_text, elsewhere):
        _note_problem(_unreadable(name, options))
    return found[0] if found else default


def _note_problem(sentence: str) -> None:
    state = _state()
    state.problems.append(sentence)
    if state.place:
        state.place.warning(sentence, icon=ICON)


def _numbers(text: str, numbers: range) -> list[int]:
    is_one = text.isascii() and text.isdigit() and len(text) < 10
    return [int(text)] if is_one and int(text) in numbers else []


def _unreadable(name: str, options: Sequence[object]) -> str:
    words = name.replace("_", " ").capitalize()
    if not options:
        return NOTHING_OFFERED.format(name=words)
    return UNREADABLE.format(name=words, values=_values(options))


def _values(options: Sequence[object]) -> str:
    if isinstance(options, range):
        return f"a whole number from {options[0]} to {options[-1]:,}"
    return listed(list(map(_text, options))) if len(options) <= MOST_NAMED else "what is offered"


def _text(value: object) -> str:
    return YES_NO[value] if isinstance(value, bool) else str(value)
