"""The person whose request is answered, and the one whose page runs."""

import streamlit as st
from starlette.types import Scope

from pages.people import streamlit_auth
from pages.people.identity import identify
from pages.people.person import THIS_COMPUTER, Person, Right

IN_SCOPE = "voucher_explorer.person"  # where the guard puts the person of a request


class NobodySignedIn(Exception):
    """The page's sign-in is over; the text is a sentence."""


class NotAllowed(Exception):
    """The person's role does not have a right; the text is a sentence."""


def person_of(scope: Scope) -> Person:
    """The person of a request. Raises KeyError where no guard has let the request in."""
    person: Person = scope[IN_SCOPE]
    return person


def person() -> Person:
    """The person of the page that runs, at this moment. Raises NobodySignedIn."""
    if not streamlit_auth.is_configured():
        return THIS_COMPUTER
    identity = identify(st.context.cookies)
    if identity.person is None:
        raise NobodySignedIn(identity.refusal)
    return identity.person


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
