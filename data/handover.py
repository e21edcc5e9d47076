"""How the command line works while the app runs: it asks the app, which owns the store.

The app writes its address and a password of the day into a file beside the store that only
its owner can read.
"""

import json
import os
import secrets
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

HEADER = "X-Voucher-Explorer"


class NobodyThere(Exception):
    """No app answers for this store."""


def announce(store: Path, url: str) -> str:
    """Say where the app is that owns the store. Returns the password of the day."""
    password = secrets.token_urlsafe(32)
    file = _file(store)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as handle:
        json.dump({"url": url, "password": password}, handle)
    return password


def withdraw(store: Path) -> None:
    """The app stops."""
    _file(store).unlink(missing_ok=True)


def ask(store: Path, task: str, question: dict[str, Any]) -> dict[str, Any]:
    """Ask the app that owns the store to do a task, and wait. Raises NobodyThere."""
    try:
        known = json.loads(_file(store).read_text("utf-8"))
        request = urllib.request.Request(
            f"{known['url']}/control/{task}",
            data=json.dumps(question).encode(),
            headers={HEADER: known["password"], "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:
            answer: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        return {"refused": f"the app could not do it (HTTP {error.code})."}
    except (OSError, ValueError, KeyError):
        raise NobodyThere from None
    return answer


def _file(store: Path) -> Path:
    resolved = store.resolve()
    return resolved.with_name(resolved.name + ".app.json")
