"""Hands a command's work over to the running app, which has the store locked.

At each start the app writes its URL and a new password into a file beside the store that only
the user who runs the app can read.
"""

import http.client
import json
import os
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from data.store.audit import command_user

HEADER = "X-Voucher-Explorer"  # with the password
USER = "X-Voucher-Explorer-User"  # for the audit log
WITH_A_SENTENCE = {400, 413, 500, 503}  # statuses by which the app says what is wrong


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: another process at the app's port could send the password on."""

    def redirect_request(self, *_: object) -> None:
        """No request."""


# The app runs on this computer: a proxy would get the password and the rows.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
HERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


class AppNotRunning(Exception):
    """No app answers for this store."""


def url_of(address: str | None, port: int) -> str:
    """The URL at which this computer reaches an app that listens there ("", None: everywhere)."""
    bare = (address or "").strip("[]")
    host = HERE.get(bare, bare)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def opened(request: str | urllib.request.Request) -> Any:  # noqa: ANN401 - a response of HTTP
    """The app's response to a request, without any proxy. Raises URLError, OSError."""
    return _opener.open(request)


def announce(store: Path, url: str) -> str:
    """Write the app's URL and a new password into the file. Returns the password."""
    password = secrets.token_urlsafe(32)
    file = _file(store)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as handle:
        json.dump({"url": url, "password": password}, handle)
    return password


def withdraw(store: Path) -> None:
    """Remove the file, when the app stops."""
    _file(store).unlink(missing_ok=True)


def download(store: Path, path: str) -> Any:  # noqa: ANN401 - a response of HTTP
    """The response of the app that has the store locked to a GET. Raises AppNotRunning, URLError.

    It must know the password: another app may have the port of one that was killed.
    """
    announced = _announced(store)
    _ask(announced, "hello", {})
    headers = {HEADER: announced["password"], USER: quote(command_user())}
    return opened(urllib.request.Request(f"{announced['url']}{path}", headers=headers))


def ask(store: Path, command: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Have the app carry out a command in its user's name, and wait. Raises AppNotRunning.

    The result has the key "refused", a sentence, where the app could not do it.
    """
    return _ask(_announced(store), command, {**parameters, "who": command_user()})


def _ask(announced: dict[str, str], command: str, parameters: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{announced['url']}/control/{command}",
        data=json.dumps(parameters).encode(),
        headers={HEADER: announced["password"], "Content-Type": "application/json"},
    )
    try:
        with opened(request) as response:
            result: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        # Others come from another server, or from an app that knows no such password.
        if error.code not in WITH_A_SENTENCE:
            raise AppNotRunning from None
        return {"refused": error.read(1000).decode("utf-8", "replace")}
    except (OSError, ValueError, http.client.HTTPException):
        raise AppNotRunning from None
    return result


def _announced(store: Path) -> dict[str, str]:
    try:
        announced: dict[str, str] = json.loads(_file(store).read_text("utf-8"))
        announced["url"], announced["password"]
    except (OSError, ValueError, KeyError, TypeError):
        raise AppNotRunning from None
    return announced


def _file(store: Path) -> Path:
    resolved = store.resolve()
    return resolved.with_name(resolved.name + ".app.json")
