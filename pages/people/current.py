"""The person whose request is answered, and the one whose page runs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from starlette.types import Scope

from pages.people import streamlit_auth
from pages.people.identity import identify
from pages.people.person import THIS_COMPUTER, Person, Right

REMEMBERED = 0.5  # seconds
IN_SCOPE = "voucher_explorer.person"  # where the guard puts the person of a request


class NobodySignedIn(Exception):
    """The page's sign-in is over; the text is a sentence."""


class NotAllowed(Exception):
    """The person's role does not have a right; the text is a sentence."""


def person_of(scope: Scope) -> Person:
    """The person of a request. Raises KeyError where no guard has let the request in."""
    person: Person = scope[IN_SCOPE]
    return person


class _Last(threading.local):
    """Whom person() found last in this thread, which runs the pages of one tab."""

    person: Person | None = None
    until = 0.0


_last = _Last()
_for: ContextVar[Person | None] = ContextVar("person", default=None)


@contextmanager
def acting_for(somebody: Person) -> Iterator[None]:
    """Run the block, which is of no page, for somebody whom the guard or a command has let in."""
    token = _for.set(somebody)
    try:
        yield
    finally:
        _for.reset(token)


def person() -> Person:
    """The person of the page that runs, as of half a second ago at most. Raises NobodySignedIn.

    A page asks some twenty times. Where a sign-in ends meanwhile, the guard closes the tab's
    WebSocket at once. In acting_for() it is whom the block runs for.
    """
    if (somebody := _for.get()) is not None:
        return somebody
    if not streamlit_auth.is_configured():
        return THIS_COMPUTER
    now = time.monotonic()
    if _last.person is None or now >= _last.until:
        _last.person = None
        identity = identify(st.context.cookies)
        if identity.person is None:
            raise NobodySignedIn(identity.refusal)
        _last.person, _last.until = identity.person, now + REMEMBERED
    return _last.person


def require(right: Right) -> None:
    """Raise NotAllowed where the person of the page that runs does not have a right.

    Call it where a thing is done: callbacks and fragments run whatever page is drawn.
    """
    somebody = person()
    if not somebody.may(right):
        raise NotAllowed(without(somebody, right))


def without(somebody: Person, right: Right) -> str:
    """A sentence that says what somebody's role lacks."""
    return f"Your role, {somebody.role}, may not {right.value}."
