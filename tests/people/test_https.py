"""Behind a proxy with TLS: cookies go by HTTPS only, and nothing is answered under another name."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.people import ROLES, provider, secrets_file
from tests.support.server import Server, serving

NAME = "vouchers.example.test"
# As a proxy on this computer passes requests on.
PROXY = {"Host": NAME, "X-Forwarded-Proto": "https", "Accept": "text/html"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("https")
    (folder / "roles.toml").write_text(ROLES, "utf-8")
    with provider() as url:
        secrets = secrets_file(folder, url, origin=f"https://{NAME}")
        with serving(
            folder / "vouchers.duckdb",
            folder / "app.log",
            "app.py",
            False,
            STREAMLIT_SECRETS_FILES=str(secrets),
            VOUCHERS_ROLES=str(folder / "roles.toml"),
            VOUCHERS_SAMPLE="0",
        ) as running:
            yield running


def cookies_of(response: httpx.Response) -> dict[str, str]:
    """The cookies that a response sets: the rest of each header by the name."""
    headers = [text.partition("=") for text in response.headers.get_list("set-cookie")]
    return {name: rest for name, _, rest in headers if "Max-Age=0" not in rest}


def signed_in(server: Server, sub: str) -> list[httpx.Response]:
    """The responses of a sign-in, in their order; the browser is at https."""
    asked_to = httpx.get(f"{server.url}/codes", headers=PROXY)
    link = re.search(r'href="([^"]*)"', asked_to.text)
    assert link
    to_login = httpx.get(server.url + link[1].replace("&amp;", "&"), headers=PROXY)
    to_provider = httpx.get(server.url + to_login.headers["location"], headers=PROXY)
    session = {name: rest.partition(";")[0] for name, rest in cookies_of(to_provider).items()}
    answer = httpx.post(to_provider.headers["location"], data={"sub": sub})
    callback = answer.headers["location"].removeprefix(f"https://{NAME}")
    back = httpx.get(server.url + callback, headers=PROXY, cookies=session)
    return [asked_to, to_login, to_provider, back]


def test_every_cookie_of_a_sign_in_is_secure_and_out_of_reach_of_scripts(server: Server) -> None:
    set_ = [(n, rest) for response in signed_in(server, "anna") for n, rest in
            cookies_of(response).items()]  # fmt: skip
    assert {"voucher_explorer_wanted", "_streamlit_session", "_streamlit_user"} <= {
        name for name, _ in set_
    }
    for name, rest in set_:
        attributes = {part.strip().lower() for part in rest.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax"} <= attributes, name


def test_the_tokens_of_the_provider_are_not_given_to_the_browser(server: Server) -> None:
    *_, back = signed_in(server, "anna")
    assert not [name for name in cookies_of(back) if name.startswith("_streamlit_user_tokens")]


def test_every_response_asks_for_https(server: Server) -> None:
    for path, host in (("/", NAME), ("/_stcore/health", NAME), ("/codes", "elsewhere.test")):
        response = httpx.get(server.url + path, headers=PROXY | {"Host": host})
        assert "max-age=31536000" in response.headers["strict-transport-security"]


def test_a_page_under_another_name_of_this_computer_is_sent_to_the_right_one(
    server: Server,
) -> None:
    response = httpx.get(f"{server.url}/codes?group=Email", headers={"Accept": "text/html"})
    assert response.status_code == 307
    assert response.headers["location"] == f"https://{NAME}/codes?group=Email"
    assert httpx.get(f"{server.url}/export/codes.csv").status_code == 421


def test_the_answer_to_another_browsers_sign_in_signs_nobody_in(server: Server) -> None:
    asked_to = httpx.get(f"{server.url}/sign-in?provider=default", headers=PROXY)
    to_provider = httpx.get(server.url + asked_to.headers["location"], headers=PROXY)
    session = {name: rest.partition(";")[0] for name, rest in cookies_of(to_provider).items()}
    answer = httpx.post(to_provider.headers["location"], data={"sub": "adam"})
    callback = server.url + answer.headers["location"].removeprefix(f"https://{NAME}")
    # The attacker's answer in the victim's browser, which has another sign-in under way, or none.
    assert "_streamlit_user" not in cookies_of(httpx.get(callback, headers=PROXY))
    own = httpx.get(callback, headers=PROXY, cookies=session)
    assert "_streamlit_user" in cookies_of(own)
    again = httpx.get(callback, headers=PROXY, cookies=session)
    assert "_streamlit_user" not in cookies_of(again)  # the provider gives each code once


def test_a_second_sign_in_ends_the_one_before(server: Server) -> None:
    *_, first = signed_in(server, "emil")
    user = cookies_of(first)["_streamlit_user"].partition(";")[0]
    before = {"_streamlit_user": user}
    assert httpx.get(f"{server.url}/codes", headers=PROXY, cookies=before).status_code == 200
    asked_to = httpx.get(f"{server.url}/sign-in?provider=default", headers=PROXY, cookies=before)
    to_provider = httpx.get(server.url + asked_to.headers["location"], headers=PROXY)
    session = {name: rest.partition(";")[0] for name, rest in cookies_of(to_provider).items()}
    answer = httpx.post(to_provider.headers["location"], data={"sub": "emil"})
    callback = server.url + answer.headers["location"].removeprefix(f"https://{NAME}")
    httpx.get(callback, headers=PROXY, cookies=session | before)
    assert httpx.get(f"{server.url}/codes", headers=PROXY, cookies=before).status_code == 401


def test_a_sign_out_empties_what_the_browser_keeps(server: Server) -> None:
    *_, back = signed_in(server, "emil")
    user = cookies_of(back)["_streamlit_user"].partition(";")[0]
    out = httpx.get(f"{server.url}/auth/logout", headers=PROXY, cookies={"_streamlit_user": user})
    assert out.headers["clear-site-data"] == '"cache", "storage"'
