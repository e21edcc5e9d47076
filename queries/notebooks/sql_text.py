"""The texts that SQL cells are made of, and how what is chosen from lists is put into them.

They are .txt because they are no queries: of each, a part is chosen here, and the result is a text
in a notebook that an analyst goes on with. Nothing that somebody typed is put into one.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

INDENT = " " * 4
FOLDER = Path(__file__).with_name("sql_texts")
MARK = re.compile(r"^( *)(.*?)\{(\w+)\}", re.MULTILINE)
ALONE = re.compile(r"^ *\{(\w+)\}\n", re.MULTILINE)


def filled(name: str, parts: Mapping[str, str | int]) -> str:
    """The text `name` with a part for each {mark}, indented as it; an empty one has no line."""
    text = ALONE.sub(lambda found: found[0] if parts[found[1]] else "", _text(name))
    while found := MARK.search(text):
        part = str(parts[found[3]]).replace("\n", "\n" + found[1])
        text = text[: found.start()] + found[1] + found[2] + part + text[found.end() :]
    return text


def expressions(section: str) -> dict[str, str]:
    """The expressions of a section of names.txt, by their names."""
    return _sections()[section]


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text("utf-8")


@cache
def _sections() -> dict[str, dict[str, str]]:
    """Below the name of a section, each name with the indented lines after it."""
    sections: dict[str, dict[str, str]] = {}
    section, name = "", ""
    for line in _text("names").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.startswith(INDENT):
            known = sections.setdefault(section, {})
            part = line.removeprefix(INDENT)
            known[name] = f"{known[name]}\n{part}" if name in known else part
        elif line:
            name = line
    return sections
