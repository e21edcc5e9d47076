"""Reads and verifies the cookies of Streamlit's own sign-in, by functions private to Streamlit.

A new version of Streamlit may change them; tests/people/test_streamlit_auth.py says so then.
pages/routes/streamlit_sessions.py has those of uploads.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from itsdangerous import BadData, Signer, URLSafeTimedSerializer
from joserfc.jws import JWSRegistry
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    get_secrets_auth_section,
)
from streamlit.config import get_option
from streamlit.runtime.secrets import secrets_singleton
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

COOKIE = USER_COOKIE_NAME
TOKENS = TOKENS_COOKIE_NAME
LOGOUT, CALLBACK = "/auth/logout", "/oauth2callback"
# SHA-1, which itsdangerous takes by itself, is no longer thought good enough for signatures.
Signer.default_digest_method = staticmethod(hashlib.sha256)
# A provider that offers it could send tokens that nobody has signed.
JWSRegistry.algorithms.pop("none", None)

AT_ONCE = timedelta(seconds=1)  # in which one sign-in is signed; signatures know seconds only
HOURS = 12  # that a sign-in is good for
DEFAULT = "default"  # Streamlit's name of the provider that stands in [auth] itself


class SignIn(NamedTuple):
    """What a cookie proves: what the provider says of somebody, and when they signed in."""

    claims: dict[str, Any]
    at: datetime
    cookie: str  # what was signed: unlike that of any other sign-in


def is_configured() -> bool:
    """Whether people sign in: the secrets had a section [auth] when the app started."""
    return bool(settings())


@cache  # a file that is gone later, or broken, must not open the app
def settings() -> dict[str, Any]:
    """The section [auth] of the secrets when the app started."""
    section = get_secrets_auth_section()
    return section.to_dict() if section else {}


def files() -> list[Path]:
    """The files of secrets that there are."""
    return [path for path in map(Path, get_option("secrets.files")) if path.exists()]


def are_unreadable() -> bool:
    """Whether there are secrets that cannot be read: they may have a section [auth]."""
    return bool(files()) and not secrets_singleton.load_if_toml_exists()


@cache
def origin() -> str | None:
    """Scheme, host and port under which people open the app: those of the redirect_uri."""
    return get_origin_from_redirect_uri()


def providers() -> list[str]:
    """The providers that people may sign in with."""
    section = settings()
    named = [name for name, value in section.items() if isinstance(value, dict)]
    named = [name for name in named if section[name].get("client_id")]
    return ([DEFAULT] if section.get("client_id") else []) + named


def provider(name: str) -> dict[str, Any]:
    """The settings of a provider."""
    section = settings()
    named: dict[str, Any] = section if name == DEFAULT else section[name]
    return named


def login_path(provider: str) -> str:
    """The path that begins a sign-in, good for two minutes."""
    return generate_login_redirect_url(provider)


def sign_in_of(cookies: Mapping[str, str]) -> SignIn | None:
    """What the cookies of a request prove; None where they are missing, altered or too old."""

    read: dict[str, str] = {}  # Streamlit cuts a long cookie into parts, and signs each by itself

    def verified(name: str) -> bytes | None:
        text = read[name] = cookies.get(name, "")
        return decode_signed_value(get_cookie_secret(), name, text, max_age_days=HOURS / 24)

    try:
        payload = get_cookie_with_chunks(verified, COOKIE)
        claims = json.loads(payload) if payload else None
    except ValueError:
        return None
    if not isinstance(claims, dict) or not claims.get("is_logged_in"):
        return None
    moments = [at for name, text in read.items() if (at := _signed_at(name, text))]
    if claims.get("origin") != origin() or len(moments) < len(read):
        return None
    if max(moments) - min(moments) > AT_ONCE:
        return None  # put together from several sign-ins
    # Without the signatures: each can be written in several ways that all verify.
    return SignIn(
        claims, min(moments), "\n".join(text.rpartition(".")[0] for text in read.values())
    )


def _signed_at(name: str, text: str) -> datetime | None:
    serializer = URLSafeTimedSerializer(get_cookie_secret(), salt=name)
    try:
        _, at = serializer.loads(text, return_timestamp=True)
    except BadData:
        return None
    return at.astimezone(UTC) if isinstance(at, datetime) else None
