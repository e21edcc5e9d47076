"""The app with a sign-in: a local provider, people with roles, and their browsers' cookies."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from oidc_provider_mock import User, run_server_in_thread

from tests.support.server import Server, serving

# Claims by the subject, as a provider knows people.
PEOPLE = {
    "vera": {"email": "vera@example.com", "groups": ["viewers"]},
    "anna": {"email": "anna@example.com", "groups": ["analysts"]},
    "emil": {"email": "emil@example.com", "groups": ["exporters"]},
    "ines": {"email": "ines@example.com", "groups": ["importers"]},
    "adam": {"email": "adam@example.com", "groups": ["admins", "viewers"]},
    "lena": {"email": "lena@example.com", "groups": ["email-exporters"]},
    "nobody": {"email": "nobody@example.com", "groups": ["kitchen"]},
}
ROLES = """
claim = "groups"

[[roles]]
value = "viewers"
role = "viewer"

[[roles]]
value = "analysts"
role = "analyst"

[[roles]]
value = "exporters"
role = "exporter"

[[roles]]
value = "importers"
role = "importer"

[[roles]]
value = "admins"
role = "admin"

[[roles]]
value = "email-exporters"
role = "exporter"
groups = ["Email"]
"""
SECRET = "0123456789abcdef0123456789abcdef"


def secrets_file(
    folder: Path,
    provider: str,
    cookie_secret: str = SECRET,
    origin: str = "http://localhost:{port}",
) -> Path:
    """Secrets with a section [auth] for a provider."""
    file = folder / "secrets.toml"
    file.write_text(
        "[auth]\n"
        f'redirect_uri = "{origin}/oauth2callback"\n'
        f'cookie_secret = "{cookie_secret}"\n'
        'client_id = "voucher-explorer"\n'
        'client_secret = "secret"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        "utf-8",
    )
    file.chmod(0o600)
    return file


@contextmanager
def provider() -> Iterator[str]:
    """A provider that knows PEOPLE; its URL."""
    users = [User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@contextmanager
def serving_people(
    store: Path, folder: Path, provider: str, roles: str = ROLES, **environment: str
) -> Iterator[Server]:
    """The app with a sign-in; `folder` gets its secrets.toml, roles.toml and log."""
    (folder / "roles.toml").write_text(roles, "utf-8")
    with serving(
        store,
        folder / "app.log",
        "app.py",
        False,
        STREAMLIT_SECRETS_FILES=str(secrets_file(folder, provider)),
        VOUCHERS_ROLES=str(folder / "roles.toml"),
        **environment,
    ) as server:
        yield Server(
            server.url.replace("127.0.0.1", "localhost"), server.store, server.log, server.process
        )


def browser_of(server: Server, verify: ssl.SSLContext | bool = True) -> httpx.Client:
    """A client that keeps cookies and wants pages, as a browser does."""
    return httpx.Client(
        base_url=server.url,
        headers={"Accept": "text/html"},
        follow_redirects=True,
        timeout=30,
        verify=verify,
    )


def signed_in(
    server: Server, sub: str, wanted: str = "/", verify: ssl.SSLContext | bool = True
) -> httpx.Client:
    """The client of somebody who has opened an address and signed in; see `last_page`."""
    client = browser_of(server, verify)
    asked_to = client.get(wanted)
    link = re.search(r'href="([^"]*sign-in[^"]*)"', asked_to.text)
    assert link, asked_to.text
    form = client.get(asked_to.url.join(link[1].replace("&amp;", "&")))
    client.headers["X-Last-Page"] = str(client.post(str(form.url), data={"sub": sub}).url)
    return client


def last_page(client: httpx.Client) -> str:
    """The address at which the sign-in has ended."""
    return client.headers["X-Last-Page"]
