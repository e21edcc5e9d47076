"""The live numbers that the editor of a text offers."""

from dataclasses import replace

import pandas as pd

from pages.cells.words import live_numbers
from queries.notebooks.result import Run
from tests.support.notebooks import run_of


def offered(run: Run, name: str) -> dict[str, str]:
    result = run.named(name)
    assert result is not None
    return {word.word: word.definition for word in live_numbers(result)}


def test_a_number_is_offered_with_its_value_and_what_it_is_of() -> None:
    run = run_of("```numbers week\n```\n", week=pd.DataFrame({"net": [369], "live_rate": [0.088]}))
    assert offered(run, "week") == {
        "week.net": "369 · All codes",
        "week.live_rate": "8.8% · All codes",
    }


def test_a_change_is_offered_where_there_is_a_period_before() -> None:
    run = run_of("```numbers week\n```\n", week=pd.DataFrame({"net": [30], "cancelled": [0]}))
    before = pd.DataFrame({"net": [20], "cancelled": [0]})
    (result,) = (replace(one, before=before) for one in run.results)
    found = {word.word: word.definition for word in live_numbers(result)}
    assert found["week.change"] == found["week.net_change"] == "+50.0% · All codes"
    assert "week.cancelled_change" not in found


def test_both_sides_of_a_comparison_are_offered() -> None:
    both = pd.DataFrame(
        {"number": ["net"], "a": [3], "b": [2], "difference": [1], "low": [0], "high": [2]}
    )
    found = offered(run_of("```compare two\nfilter: compare=rest\n```\n", two=both), "two")
    assert found["two.net_a"] == "3 · All codes"
    assert found["two.net_difference"] == "+1 · All codes"


def test_nothing_is_offered_of_many_rows_or_of_a_failed_cell() -> None:
    run = run_of(
        "```sql groups\nselect 1\n```\n```sql wrong\nselect\n```\n",
        groups=pd.DataFrame({"net": [1, 2]}),
        wrong="The SQL ends too early.",
    )
    assert offered(run, "groups") == offered(run, "wrong") == {}
