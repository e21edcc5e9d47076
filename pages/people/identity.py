"""Who a request is from, by its cookies."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from data.store.names import beside
from data.store.settings import store_path
from pages.people import streamlit_auth
from pages.people.person import THIS_COMPUTER, Person
from pages.people.roles import RolesError, name_of, roles
from pages.people.sessions import Sessions
from pages.people.streamlit_auth import SignIn

_log = logging.getLogger(__name__)


def _file_of_ended() -> Path:
    return beside(store_path(), ".signed-out.json")


sessions = Sessions(_file_of_ended)


class Identity(NamedTuple):
    """The person, the cookie that proves who it is (None: nobody signs in), or why not."""

    person: Person | None
    cookie: str | None = None
    name: str = ""
    refusal: str = ""


NOT_SIGNED_IN = Identity(None, refusal="Sign in first.")
ENDED = Identity(None, refusal="Your sign-in has ended. Sign in again.")
NO_ROLES = "Nobody can be let in: the file with roles cannot be used. The log says why."


def identify(cookies: Mapping[str, str]) -> Identity:
    """The identity that the cookies of a request prove, at this moment."""
    if not streamlit_auth.is_configured():
        return Identity(THIS_COMPUTER)
    sign_in = _sign_in(tuple(sorted((n, v) for n, v in cookies.items() if _is_ours(n))))
    if sign_in is None:
        return NOT_SIGNED_IN
    if not sessions.is_open(sign_in.cookie, sign_in.at.timestamp()):
        return ENDED
    name = name_of(sign_in.claims)
    try:
        known = roles()
    except RolesError as error:
        _log_problem(str(error))
        return Identity(None, sign_in.cookie, name, NO_ROLES)
    _log_problem.cache_clear()
    if known.is_void(sign_in.claims, sign_in.at):
        return ENDED
    person = known.person(sign_in.claims)
    refusal = "" if person else f"{name} has no role in Voucher Explorer. Ask who looks after it."
    return Identity(person, sign_in.cookie, name, refusal)


@lru_cache(1)  # each request meets the same problem
def _log_problem(sentence: str) -> None:
    _log.error("%s", sentence)


def _is_ours(name: str) -> bool:
    return name.startswith(streamlit_auth.COOKIE)


@lru_cache(1000)  # of the same cookies; what changes with time is checked each time
def _sign_in(cookies: tuple[tuple[str, str], ...]) -> SignIn | None:
    return streamlit_auth.sign_in_of(dict(cookies))
