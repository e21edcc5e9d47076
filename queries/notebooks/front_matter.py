"""The front matter of a notebook: YAML between two lines of dashes, of which one value is changed.

Every other line stays as somebody wrote it.
"""

import re

from queries.notebooks.lines import lines_of
from queries.notebooks.yaml_texts import NotYaml, read, written


def values(front: str) -> dict[str, str]:
    """The values that are texts, by their names; nothing where it cannot be read."""
    inner = "".join(lines_of(front)[1:-1])
    try:
        found = read(inner)
    except NotYaml:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {
        name: value for name, value in pairs if isinstance(name, str) and isinstance(value, str)
    }


def value(front: str, name: str) -> str:
    """One value; empty where there is none."""
    return values(front).get(name, "")


def with_value(front: str, name: str, text: str) -> str:
    """The front matter with another value; without it where the text is empty."""
    line = f"{name}: {written(text)}\n" if text else ""
    if not front:
        return f"---\n{line}---\n" if line else ""
    first, *inner, last = lines_of(front)
    begin = next(
        (n for n, one in enumerate(inner) if re.match(rf"{re.escape(name)}\s*:", one)), None
    )
    if begin is None:
        return "".join([first, *inner, line, last])
    end = begin + 1  # a value may go on in lines that are indented
    while end < len(inner) and re.match(r"[ \t]+\S", inner[end]):
        end += 1
    return "".join([first, *inner[:begin], line, *inner[end:], last])
