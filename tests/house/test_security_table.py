"""SECURITY.md answers for every requirement of OWASP ASVS 5.0 up to level 2, by what exists."""

import ast
import re
from dataclasses import dataclass
from functools import cache

import pytest

from pages.people.person import ROLES, Right
from tests.support.asvs import requirements
from tests.support.paths import ROOT

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
STATES = ("met", "not applicable", "missing")
ROW = re.compile(r"^\| (V\d.*?) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
NUMBERS = re.compile(r"(V[\d.]+)(?:–(V[\d.]+))? \(([12](?:, 2)?)\)")
NAMED = re.compile(r"`([\w./-]+(?:::\w+)?)`")
ANOTHER = re.compile(r"\bV\d+\.\d+\.\d+\b")
REQUIREMENTS = requirements()


@dataclass(frozen=True)
class Row:
    """A row of the table; `levels` are those that it says."""

    numbers: tuple[str, ...]
    levels: str
    state: str
    shown_by: str


@cache
def rows() -> tuple[Row, ...]:
    """The rows of the table, in their order."""
    return tuple(
        Row(*_numbers(numbers), state, shown_by)
        for numbers, _, state, shown_by in ROW.findall(TEXT)
    )


def _numbers(text: str) -> tuple[tuple[str, ...], str]:
    """The requirements of a row, V6.2.1–V6.2.9 (1, 2), and the levels that it says."""
    found = NUMBERS.fullmatch(text)
    assert found, f"{text} is no number with its levels"
    first, last, levels = found.groups()
    known = list(REQUIREMENTS)
    assert {first, last or first} <= set(known), f"There is no requirement {text}"
    return tuple(known[known.index(first) : known.index(last or first) + 1]), levels


def names_of_tests(path: str) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_table_holds_each_requirement_once_and_in_order() -> None:
    assert [number for row in rows() for number in row.numbers] == list(REQUIREMENTS)


def test_each_row_has_the_levels_of_its_requirements() -> None:
    for row in rows():
        levels = sorted({REQUIREMENTS[number] for number in row.numbers})
        assert row.levels == ", ".join(map(str, levels)), row.numbers


def test_each_row_has_a_known_state() -> None:
    assert {row.state for row in rows()} <= set(STATES)


def test_what_is_met_names_a_test_or_a_file() -> None:
    for row in rows():
        assert row.state != "met" or NAMED.search(row.shown_by), row.numbers


def test_what_is_missing_says_what_it_risks_or_leads_to_the_row_that_does() -> None:
    for row in rows():
        if row.state == "missing":
            assert "Risk: " in row.shown_by or ANOTHER.search(row.shown_by), row.numbers


def test_every_test_and_file_that_the_table_names_is_there() -> None:
    named = sorted({name for row in rows() for name in NAMED.findall(row.shown_by)})
    lacking = []
    for name in named:
        path, _, test = name.partition("::")
        if not (ROOT / path).is_file() or (test and test not in names_of_tests(path)):
            lacking.append(name)
    assert lacking == []


@pytest.mark.parametrize("state", STATES)
def test_the_counts_above_the_table_are_those_of_the_table(state: str) -> None:
    count = sum(len(row.numbers) for row in rows() if row.state == state)
    assert f"{count} {state}" in TEXT


def test_the_roles_and_their_rights_are_those_of_the_app() -> None:
    for right in Right:
        cells = " | ".join("yes" if right in rights else "–" for rights in ROLES.values())
        assert f"| {right.value} | {cells} |" in TEXT
    assert f"| | {' | '.join(ROLES)} |" in TEXT
