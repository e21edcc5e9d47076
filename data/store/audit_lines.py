"""The lines of the audit log: an entry as one line of bounded length."""

import json
from typing import Any

LONGEST = 16 * 1024  # bytes of a line
LONGEST_TEXT = 4000  # letters of a text, items of a list


def line_of(entry: dict[str, Any], links: dict[str, object]) -> bytes:
    """The entry and its links as JSON on one line; texts and lists that are too long are cut."""
    line, most = _json(entry | links), LONGEST_TEXT
    while len(line) > LONGEST and most:
        line = _json(_cut(entry, most) | links)
        most //= 2
    return line


def _json(entry: object) -> bytes:
    # A lone surrogate, of a file name that is no text, becomes JSON's own escape of it.
    return json.dumps(entry, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")


def _cut(value: Any, most: int) -> Any:  # noqa: ANN401 - what JSON can hold
    if isinstance(value, dict):
        return {name: _cut(fact, most) for name, fact in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(item, most) for item in value[:most]] + ["…"] * (len(value) > most)
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"
