"""What the cookies of a sign-in prove: also where they are cut into parts, or written anew."""

import hashlib
import string
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from oidc_provider_mock import User, run_server_in_thread
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from pages.people import streamlit_auth
from tests.support.people import SECRET, serving_people, signed_in
from tests.support.server import Server

COOKIE = streamlit_auth.COOKIE
ORIGIN = "http://localhost:8501"
IN_A_URL = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
# As of a company in which everybody is in some hundred groups; random, so that nothing packs them.
GROUPS = ["viewers", *(hashlib.sha256(bytes([n])).hexdigest() for n in range(250))]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("cookies")
    store = folder / "vouchers.duckdb"
    people = [
        User(sub=sub, claims={"email": f"{sub}@example.com", "groups": groups})
        for sub, groups in (("vera", ["viewers"]), ("many", GROUPS))
    ]
    with run_server_in_thread(user_claims=people) as provider:
        url = f"http://localhost:{provider.server_port}"
        with serving_people(store, folder, url, VOUCHERS_SAMPLE="0") as running:
            yield running


def header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def written_anew(signed: str) -> list[str]:
    """The same signature in other letters: the last one has bits that nobody reads."""
    number = IN_A_URL.index(signed[-1])
    return [signed[:-1] + IN_A_URL[number & ~3 | bits] for bits in range(4) if bits != number & 3]


def test_who_is_in_hundreds_of_groups_opens_a_page_and_its_websocket(server: Server) -> None:
    client = signed_in(server, "many")
    assert client.get("/codes").status_code == 200
    cookies = dict(client.cookies)
    assert len(header(cookies)) > 8192  # more than the WebSocket's library takes by itself
    with connect(
        server.url.replace("http", "ws") + "/_stcore/stream",
        origin=Origin(server.url),
        additional_headers={"Cookie": header(cookies)},
        subprotocols=[Subprotocol("streamlit")],
    ) as connection:
        connection.ping().wait()


@pytest.mark.parametrize("who", ["vera", "many"])
def test_a_signed_out_cookie_stays_out_however_its_signature_is_written(
    server: Server, who: str
) -> None:
    client = signed_in(server, who)
    cookies = dict(client.cookies)
    client.get("/auth/logout", follow_redirects=False)
    for other in (cookies[COOKIE], *written_anew(cookies[COOKIE])):
        client.cookies.clear()
        answered = client.get("/codes", headers={"Cookie": header({**cookies, COOKIE: other})})
        assert answered.status_code == 401


# Parts of several sign-ins


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streamlit_auth, "get_cookie_secret", lambda: SECRET)
    monkeypatch.setattr(streamlit_auth, "origin", lambda: ORIGIN)


def parts(signed_at: float, *texts: str) -> dict[str, str]:
    """Cookies of a sign-in at that moment, cut as Streamlit does it."""
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    values = {COOKIE: f"chunks-{len(texts)}"}
    values |= {f"{COOKIE}_{number}": text for number, text in enumerate(texts, start=1)}
    with patch("itsdangerous.timed.time.time", return_value=signed_at):
        return {n: create_signed_value(SECRET, n, text).decode() for n, text in values.items()}


def claims(email: str) -> tuple[str, str]:
    return f'{{"is_logged_in": true, "origin": "{ORIGIN}", "email": "', f'{email}", "sub": "1"}}'


@pytest.mark.usefixtures("configured")
def test_parts_of_one_sign_in_prove_it() -> None:
    now = int(time.time())
    cookies = parts(now, *claims("anna@example.com"))
    sign_in = streamlit_auth.sign_in_of(cookies)
    assert sign_in
    assert sign_in.claims["email"] == "anna@example.com"
    stale = {**cookies, f"{COOKIE}_3": "left by an earlier sign-in"}
    assert streamlit_auth.sign_in_of(stale) == sign_in


@pytest.mark.usefixtures("configured")
def test_parts_of_several_sign_ins_prove_nothing() -> None:
    now = int(time.time())
    mine = parts(now - 60, *claims("anna@example.com"))
    named_like_an_admin = parts(now, *claims("adam@example.com"))
    for name in mine:
        assert streamlit_auth.sign_in_of({**mine, name: named_like_an_admin[name]}) is None


@pytest.mark.usefixtures("configured")
def test_sign_ins_of_the_same_second_that_are_cut_into_parts_are_told_apart() -> None:
    now = int(time.time())
    signed = [parts(now, *claims(f"{who}@example.com")) for who in ("anna", "adam")]
    found = [streamlit_auth.sign_in_of(cookies) for cookies in signed]
    assert found[0]
    assert found[1]
    assert found[0].cookie != found[1].cookie
