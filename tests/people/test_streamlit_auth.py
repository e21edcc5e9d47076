"""What the app takes from the inside of Streamlit's sign-in, and what it changes there."""

import hashlib
import json
from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from itsdangerous import Signer, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import UnsupportedAlgorithmError
from joserfc.jwk import OctKey
from starlette.responses import Response
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette import starlette_auth_routes
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pages.people import streamlit_auth
from pages.people.streamlit_auth import COOKIE, TOKENS, sign_in_of
from tests.support.people import SECRET

ORIGIN = "https://vouchers.example.com"
CLAIMS = {"is_logged_in": True, "origin": ORIGIN, "sub": "anna", "groups": ["analysts"]}


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A section [auth] of its own."""
    for module in (streamlit_auth, starlette_auth_routes):
        monkeypatch.setattr(module, "get_cookie_secret", lambda: SECRET)
    streamlit_auth.origin.cache_clear()
    monkeypatch.setattr(streamlit_auth, "get_origin_from_redirect_uri", lambda: ORIGIN)
    yield
    streamlit_auth.origin.cache_clear()


def signed(claims: dict[str, object], name: str = COOKIE) -> str:
    return create_signed_value(SECRET, name, json.dumps(claims)).decode()


def test_a_cookie_that_streamlit_has_signed_proves_who_it_is_and_since_when() -> None:
    found = sign_in_of({COOKIE: signed(CLAIMS)})
    assert found is not None
    assert found.claims["sub"] == "anna"
    assert found.at.tzinfo is not None


def test_a_long_cookie_in_several_parts_is_put_together() -> None:
    cookies: dict[str, str] = {}
    long = CLAIMS | {"groups": [hashlib.sha256(bytes([n])).hexdigest() for n in range(200)]}

    def sign(name: str, value: str) -> bytes:
        return create_signed_value(SECRET, name, value)

    def keep(name: str, value: str) -> None:
        cookies[name] = sign(name, value).decode()

    set_cookie_with_chunks(keep, sign, COOKIE, long, cookie_attr_size=100)
    assert len(cookies) > 2
    found = sign_in_of(cookies)
    assert found is not None
    assert found.claims == long
    first_part = next(name for name in cookies if name != COOKIE)
    assert sign_in_of(cookies | {first_part: cookies[COOKIE]}) is None


@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {COOKIE: ""},
        {COOKIE: "no signature"},
        {COOKIE: signed(CLAIMS, TOKENS)},  # the same secret, for another cookie
        {COOKIE: signed(CLAIMS | {"origin": "https://elsewhere.example.com"})},
        {COOKIE: signed(CLAIMS | {"is_logged_in": False})},
        {COOKIE: create_signed_value(SECRET, COOKIE, "[]").decode()},
        {COOKIE: create_signed_value(SECRET, COOKIE, "no JSON").decode()},
        {COOKIE: create_signed_value("another secret" * 4, COOKIE, json.dumps(CLAIMS)).decode()},
    ],
)
def test_any_other_cookie_proves_nothing(cookies: dict[str, str]) -> None:
    assert sign_in_of(cookies) is None


def test_cookies_are_signed_with_sha_256_and_no_other_signature_counts() -> None:
    text = signed(CLAIMS)
    assert len(text.rpartition(".")[2]) == 43  # SHA-1 has 27 characters
    older = URLSafeTimedSerializer(
        SECRET, salt=COOKIE, signer_kwargs={"digest_method": hashlib.sha1}
    )
    dumped = older.dumps(json.dumps(CLAIMS))
    assert sign_in_of({COOKIE: dumped if isinstance(dumped, str) else dumped.decode()}) is None
    assert Signer.default_digest_method is hashlib.sha256


def test_a_token_that_nobody_has_signed_is_refused_also_where_the_provider_offers_it() -> None:
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0."
    with pytest.raises((UnsupportedAlgorithmError, ValueError, KeyError)):
        jwt.decode(unsigned, OctKey.import_key("x" * 32), algorithms=["none"])


def test_the_names_of_the_cookies_are_those_that_streamlit_sets() -> None:
    response = Response()
    starlette_auth_routes._set_single_cookie(response, COOKIE, json.dumps(CLAIMS))
    cookie = SimpleCookie(response.headers["set-cookie"])
    assert COOKIE in cookie
    assert sign_in_of({COOKIE: cookie[COOKIE].value}) is not None
