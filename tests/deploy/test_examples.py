"""The examples of docs/deploy.md work: the app runs with them, behind a proxy with HTTPS."""

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import streamlit as st
from oidc_provider_mock import User, run_server_in_thread
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from pages.people import roles as roles_module
from pages.people import start, streamlit_auth
from pages.people.person import ROLES, Right
from pages.people.roles import Roles
from tests.support.paths import ROOT
from tests.support.people import SECRET, last_page, signed_in
from tests.support.proxy import Proxy, https_proxy
from tests.support.server import Server, serving
from tests.support.stores import copied

PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
EXAMPLES = {
    text.partition("\n")[0].removeprefix("# "): text
    for text in re.findall(r"^```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
}
SECRETS, ROLES_FILE = "/etc/vouchers/secrets.toml", "/etc/vouchers/roles.toml"
NGINX, CADDY = "/etc/nginx/sites-available/vouchers", "/etc/caddy/Caddyfile"
SERVICE = "/etc/systemd/system/vouchers.service"
WHO = {"adam": "voucher-admins", "ines": "voucher-imports", "anna": "marketing"} | {
    "lena": "email-agency",
    "vera": "everybody",
    "nobody": "kitchen",
}
PLACEHOLDER = "REPLACE-ME"


class Deployed(NamedTuple):
    """The app behind the proxy, under a base path or none."""

    proxy: Proxy
    server: Server  # by the proxy's address
    direct: Server
    base: str


def headers_of_nginx() -> dict[str, str]:
    """The headers that nginx sets, with its variables."""
    lines = re.findall(r"proxy_set_header\s+(\S+)\s+(\S+);", EXAMPLES[NGINX])
    assert lines
    return dict(lines)


@pytest.fixture(scope="module", params=["", "vouchers"], ids=["own host", "base path"])
def deployed(
    request: pytest.FixtureRequest, fixture_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    folder, base = tmp_path_factory.mktemp("deployed"), str(request.param)
    store = copied(fixture_file, folder)
    users = [
        User(sub=sub, claims={"email": f"{sub}@example.com", "groups": [group]})
        for sub, group in WHO.items()
    ]
    with (
        run_server_in_thread(user_claims=users) as provider,
        https_proxy(folder, headers_of_nginx()) as proxy,
    ):
        url = f"https://localhost:{proxy.port}/{base}".rstrip("/")
        secrets = (
            EXAMPLES[SECRETS]
            .replace("https://vouchers.example.com", url)
            .replace("https://login.example.com", f"http://localhost:{provider.server_port}")
            .replace(PLACEHOLDER, SECRET)
        )
        (folder / "secrets.toml").write_text(secrets, "utf-8")
        (folder / "secrets.toml").chmod(0o600)  # whatever the umask of those who test
        (folder / "roles.toml").write_text(EXAMPLES[ROLES_FILE], "utf-8")
        with serving(
            store,
            folder / "app.log",
            "app.py",
            False,
            STREAMLIT_SECRETS_FILES=str(folder / "secrets.toml"),
            VOUCHERS_ROLES=str(folder / "roles.toml"),
            STREAMLIT_SERVER_BASE_URL_PATH=base,
        ) as direct:
            proxy.app = httpx.URL(direct.url).port or 0
            through = Server(url, direct.store, direct.log, direct.process)
            yield Deployed(proxy, through, direct, f"/{base}" if base else "")


def client_of(deployed: Deployed, sub: str, wanted: str = "/") -> httpx.Client:
    return signed_in(deployed.server, sub, wanted, deployed.proxy.trust)


def tab(deployed: Deployed, client: httpx.Client, origin: str) -> ClientConnection:
    return connect(
        deployed.server.url.replace("https", "wss") + "/_stcore/stream",
        ssl=deployed.proxy.trust,
        origin=Origin(origin),
        additional_headers={"Cookie": "; ".join(f"{n}={v}" for n, v in client.cookies.items())},
        subprotocols=[Subprotocol("streamlit")],
    )


def refusal_of(client: httpx.Client, origin: str | None) -> int:
    """The status by which a WebSocket is refused.

    Not by connect(): it closes the TLS connection while its other thread reads from it, and then
    may wait for ever.
    """
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    headers = upgrade | {"Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode()}
    if origin:
        headers["Origin"] = origin
    return client.get("/_stcore/stream", headers=headers).status_code


def test_the_sign_in_leads_back_to_the_wanted_address(deployed: Deployed) -> None:
    client = client_of(deployed, "anna", "/codes?group=Email")
    assert last_page(client) == f"{deployed.server.url}/codes?group=Email"
    assert client.get("/codes").headers["strict-transport-security"]


def test_every_cookie_is_secure_and_for_the_apps_own_path(deployed: Deployed) -> None:
    client = client_of(deployed, "anna")
    client.get("/_stcore/host-config")
    cookies = list(client.cookies.jar)
    assert "_streamlit_user" in {cookie.name for cookie in cookies}
    for cookie in cookies:
        assert cookie.secure, cookie.name
        assert cookie.path == (deployed.base or "/"), cookie.name


def test_each_value_of_the_roles_file_lets_in_with_its_rights(deployed: Deployed) -> None:
    files = {sub: client_of(deployed, sub).get("/export/codes.csv") for sub in ("adam", "vera")}
    assert files["adam"].status_code == 200
    assert len(files["adam"].text.splitlines()) == 1 + 18
    assert files["vera"].status_code == 403
    assert client_of(deployed, "nobody").get("/").status_code == 403


def test_the_websocket_passes_the_proxy_for_pages_of_the_https_address_only(
    deployed: Deployed,
) -> None:
    client = client_of(deployed, "anna")
    own = f"https://localhost:{deployed.proxy.port}"
    with tab(deployed, client, own) as connection:
        connection.ping().wait()
    for other in (own.replace("https", "http"), "https://localhost:1", deployed.direct.url, None):
        assert refusal_of(client, other) == 403, other


def test_the_container_counts_the_app_as_healthy(deployed: Deployed) -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    check = re.search(r"^HEALTHCHECK .*?CMD (\[.*\])$", text, re.MULTILINE)
    assert check
    program, *rest = json.loads(check[1])
    assert program == "python"
    port = str(httpx.URL(deployed.direct.url).port)
    environment = os.environ | {"STREAMLIT_SERVER_BASE_URL_PATH": deployed.base}
    command = [sys.executable, *(part.replace("8501", port) for part in rest)]
    subprocess.run(command, env=environment, check=True)
    closed = [part.replace(port, "1") for part in command]
    assert subprocess.run(closed, env=environment, check=False, capture_output=True).returncode


# The files by themselves


@pytest.mark.parametrize("example", [name for name in EXAMPLES if name.startswith(SECRETS)])
def test_the_secrets_start_the_app_once_the_placeholders_are_replaced(
    example: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    roles = tmp_path / "roles.toml"
    roles.write_text(EXAMPLES[ROLES_FILE], "utf-8")
    monkeypatch.setenv("VOUCHERS_ROLES", str(roles))
    as_written = tomllib.loads(EXAMPLES[example])["auth"]
    monkeypatch.setattr(streamlit_auth, "settings", lambda: as_written)
    with pytest.raises(start.NotStarted, match="cookie_secret"):
        start.check()
    replaced = tomllib.loads(EXAMPLES[example].replace(PLACEHOLDER, SECRET))["auth"]
    monkeypatch.setattr(streamlit_auth, "settings", lambda: replaced)
    several = ["staff", "agency"] if "several" in example else [streamlit_auth.DEFAULT]
    assert streamlit_auth.providers() == several
    if len(several) > 1:
        with pytest.raises(start.NotStarted, match="takes a provider"):
            start.check()
        named = EXAMPLES[ROLES_FILE].replace("[[roles]]", '[[roles]]\nprovider = "staff"')
        roles.write_text(named, "utf-8")
    start.check()


def roles_of(example: str) -> Roles:
    return roles_module._roles(tomllib.loads(EXAMPLES[example]))


def test_the_roles_files_give_the_roles_that_the_page_says() -> None:
    given = roles_of(ROLES_FILE)
    people = {sub: given.person({"sub": sub, "groups": [group]}) for sub, group in WHO.items()}
    found = {sub: person.role for sub, person in people.items() if person}
    wanted = {"adam": "admin", "ines": "importer", "anna": "analyst", "lena": "exporter"}
    assert found == wanted | {"vera": "viewer"}
    assert people["lena"]
    assert people["lena"].access.groups == ("Email",)
    ending = roles_of(f"{ROLES_FILE}, ending sign-ins")
    moment = ending.not_before_of["anna@example.com"]
    assert ending.is_void({"email": "anna@example.com"}, moment.replace(year=2025))
    assert not ending.is_void({"email": "adam@example.com"}, moment.replace(year=2025))


def test_the_table_of_roles_says_what_each_may_do() -> None:
    columns = (
        Right.FIND_CODES,
        Right.DOWNLOAD_ROWS,
        Right.SEE_CODES,
        Right.IMPORT,
        Right.ADMINISTER,
    )
    for role, rights in ROLES.items():
        row = re.search(rf"^\| {role} \| yes \|(.*)\|$", PAGE, re.MULTILINE)
        assert row, role
        may = [cell.strip() != "–" for cell in row[1].split("|")]
        assert may == [right in rights for right in columns], role


def test_the_service_and_the_image_name_settings_that_there_are() -> None:
    image = (ROOT / "Dockerfile").read_text("utf-8")
    settings = (ROOT / "data" / "store" / "settings.py").read_text("utf-8")
    names = set(re.findall(r"\b(VOUCHERS_[A-Z_]+|STREAMLIT_[A-Z_]+)\b", PAGE + image))
    assert {"VOUCHERS_ROLES", "STREAMLIT_SECRETS_FILES"} <= names
    for name in names:
        if name.startswith("STREAMLIT_"):
            section, option = name.removeprefix("STREAMLIT_").lower().split("_", 1)
            words = option.split("_")
            st.get_option(f"{section}.{words[0]}{''.join(map(str.capitalize, words[1:]))}")
        else:
            assert name in settings
    run = re.search(r"^ExecStart=(.*)$", EXAMPLES[SERVICE], re.MULTILINE)
    assert run
    assert shlex.split(run[1])[1:3] == ["run", "app.py"]
    for path in (SECRETS, ROLES_FILE):
        assert path in EXAMPLES[SERVICE]
        assert path in image


def test_the_proxies_take_uploads_as_large_as_the_app_does() -> None:
    megabytes = int(st.get_option("server.maxUploadSize"))
    nginx = re.search(r"client_max_body_size\s+(\d+)g;", EXAMPLES[NGINX])
    caddy = re.search(r"max_size (\d+)GiB", EXAMPLES[CADDY])
    assert nginx
    assert caddy
    assert [int(found[1]) * 1024 for found in (nginx, caddy)] == [megabytes] * 2
