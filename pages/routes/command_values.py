"""The values that a command hands over to the app, as JSON: each of the kind that it must be."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request

from data.importing.input_file import ENCODINGS
from queries.notebooks.printed import FORMS

LARGEST = 1024 * 1024  # bytes of a command's values

Check = Callable[[object], bool]


class NotValues(Exception):
    """What was sent is not what the command takes; the text says why, and `status` is HTTP's."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


async def values_of(request: Request, kinds: Mapping[str, Check]) -> dict[str, Any]:
    """The values in a request's body, which have these kinds. Raises NotValues."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise NotValues(f"A command may send {LARGEST:,} bytes at most.", 413)
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise NotValues("This is not JSON.") from None
    if not isinstance(values, dict):
        raise NotValues("This is JSON, but not an object with the command's values.")
    for name, is_right in kinds.items():
        if not is_right(values.get(name)):
            raise NotValues(f"The value of {name} is missing, or not what it must be.")
    return values


def is_text(value: object) -> bool:
    """Whether a value is a text that the engine takes."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_path(value: object) -> bool:
    """Whether a value can name a file, by a name that may be no text."""
    if not isinstance(value, str) or not value or "\0" in value:
        return False
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        return False
    return True


def is_paths(value: object) -> bool:
    """Whether a value is a list of what can name files."""
    return isinstance(value, list) and all(map(is_path, value))


def is_moment_or_none(value: object) -> bool:
    """Whether a value is a time in ISO format without a zone, null or left out."""
    if not isinstance(value, str):
        return value is None
    try:
        return datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        return False


def moment_of(value: str | None) -> datetime | None:
    """The time that a value of is_moment_or_none() is."""
    return datetime.fromisoformat(value) if value else None


def is_yes_or_no(value: object) -> bool:
    """Whether a value is true or false."""
    return isinstance(value, bool)


def is_encoding(value: object) -> bool:
    """Whether a value is a known encoding of files."""
    return value in ENCODINGS


def is_form_of_a_notebook(value: object) -> bool:
    """Whether a value is one of the forms in which a notebook's run is written."""
    return value in FORMS


def is_text_or_none(value: object) -> bool:
    """Whether a value is a text, null or left out."""
    return value is None or is_text(value)


def is_scope(value: object) -> bool:
    """Whether a value has the folder, prefix and batch of a file, as far as they are known."""
    return (
        isinstance(value, dict)
        and value.keys() <= {"folder", "prefix", "batch"}
        and all(map(is_text_or_none, value.values()))
    )


def is_pairs(value: object) -> bool:
    """Whether a value is a list of pairs of texts."""
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(is_text, pair)) for pair in value
    )


def is_pairs_or_none(value: object) -> bool:
    """Whether a value is a list of pairs of texts, null or left out."""
    return value is None or is_pairs(value)


def is_lists_of_texts(value: object) -> bool:
    """Whether a value has a list of texts for each name."""
    return isinstance(value, dict) and all(
        is_text(name) and isinstance(texts, list) and all(map(is_text, texts))
        for name, texts in value.items()
    )
