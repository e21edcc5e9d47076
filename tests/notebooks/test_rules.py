"""Alerts: when they fire, what they say, and rules that cannot be read or checked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest

from queries.notebooks.result import CellResult
from queries.notebooks.rules import NotARule, fired, read_rule
from tests.support.notebooks import run_of


def result_of(kind: str, **columns: Sequence[object]) -> CellResult:
    body = "select 1" if kind == "sql" else ""
    return run_of(f"```{kind} week\n{body}\n```\n", week=pd.DataFrame(columns)).results[0]


def alert(rule: str, result: CellResult) -> str:
    assert result.frame is not None
    return fired(read_rule(rule), result, result.frame)


@pytest.mark.parametrize(
    ("rule", "value", "sentence"),
    [
        ("r_rate > 8%", 0.091, "week: r_rate is 9.1%, above 8%"),
        ("r_rate > 8%", 0.08, ""),
        ("r_rate > 8%", 0.0799, ""),
        ("r_rate >= 8%", 0.08, "week: r_rate is 8.0%, at or above 8%"),
        ("r_rate > 9.1%", 91 / 1000, ""),
        ("r_rate > 8 %", 0.08001, "week: r_rate is 8.001%, above 8%"),
        ("r_rate > 0.08", 0.091, "week: r_rate is 9.1%, above 0.08"),
        ("R_RATE < 5%", 0.02, "week: r_rate is 2.0%, below 5%"),
        ("r_rate < 5%", 0.05, ""),
        ("r_rate <= 5%", 0.05, "week: r_rate is 5.0%, at or below 5%"),
        ("r_rate = 0", 0.0, "week: r_rate is 0.0%, equal to 0"),
        ("r_rate = 0", 0.1, ""),
        ("r_rate != 0", 0.1, "week: r_rate is 10.0%, not 0"),
        ("r_rate != 0", 0.0, ""),
        ("r_rate>-1", None, ""),
        ("r_rate != 1", None, ""),
    ],
)
def test_an_alert_fires_at_its_limit_as_its_sign_says(
    rule: str, value: float | None, sentence: str
) -> None:
    assert alert(rule, result_of("numbers", r_rate=[value])) == sentence


def test_a_number_may_have_commas_and_a_limit_be_a_day() -> None:
    result = result_of("numbers", net=[12345], last=[datetime(2016, 1, 10, 21)])
    assert alert("net > 12,344", result) == "week: net is 12,345, above 12,344"
    assert alert("last < 2016-01-11", result) == (
        "week: last is 10 Jan 2016, 21:00, below 11 Jan 2016"
    )
    assert alert("last < 2016-01-10", result) == ""


def test_any_row_fires_and_the_first_ones_are_named() -> None:
    rates = [0.1, 0.01, 0.2, 0.3, 0.4, 0.5]
    result = result_of("chart", name=list("ABCDEF"), cancellation_rate=rates)
    assert alert("cancellation_rate > 8%", result) == (
        "week: cancellation_rate is above 8% in 5 of 6 rows: A (10.0%), C (20.0%), D (30.0%) "
        "and 2 others"
    )
    assert alert("cancellation_rate > 45%", result).endswith("in 1 of 6 rows: F (50.0%)")


def test_rows_are_named_by_their_day_or_number_and_never_by_a_text_of_sql_that_may_be_a_code() -> (
    None
):
    days = [datetime(2016, 1, 4), datetime(2016, 1, 5)]
    by_day = result_of("sql", code=["QZ7A", "QZ7B"], day=days, net=[1, 9])
    assert alert("net > 5", by_day) == "week: net is above 5 in 1 of 2 rows: 5 Jan 2016 (9)"
    codes = result_of("sql", name=["QZ7A", "QZ7B"], net=[1, 9])
    assert alert("net > 5", codes) == "week: net is above 5 in 1 of 2 rows: row 2 (9)"


def test_rows_count_the_rows_unless_a_column_is_called_so() -> None:
    assert alert("rows > 0", result_of("sql", code=[])) == ""
    assert alert("rows > 0", result_of("sql", code=["QZ7A"])) == "week: 1 row, above 0"
    many = replace(result_of("sql", code=["QZ7A"]), row_count=5000)
    assert alert("rows > 0", many) == "week: 5,000 rows, above 0"
    own = result_of("sql", rows=[7])
    assert alert("rows > 6", own) == "week: rows is 7, above 6"


def test_a_change_and_a_number_of_a_comparison_can_be_watched() -> None:
    week = result_of("numbers", net=[80])
    before = replace(week, before=pd.DataFrame({"net": [100]}))
    assert alert("change < -10%", before) == "week: change is -20.0%, below -10%"
    assert alert("change < -20%", before) == ""
    with pytest.raises(NotARule, match="no period before"):
        alert("change < -10%", week)


@pytest.mark.parametrize(
    "text", ["", "net", "net >", "> 8%", "net > many", "net => 8", "net > 8%%"]
)
def test_an_unreadable_rule_is_refused_with_a_right_one(text: str) -> None:
    with pytest.raises(NotARule, match="“alert: cancellation_rate > 8%”"):
        read_rule(text)


def test_a_rule_that_cannot_be_checked_is_told_and_never_quiet() -> None:
    several = result_of("sql", day=[1, 2], word=["a", "b"])
    with pytest.raises(NotARule, match="week has no column net: it has day and word"):
        alert("net > 5", several)
    with pytest.raises(NotARule, match="week has no column dey: did you mean day"):
        alert("dey > 5", several)
    with pytest.raises(NotARule, match="compares word with a number"):
        alert("word > 5", several)
    with pytest.raises(NotARule, match="compares day with a day"):
        alert("day > 2016-01-01", several)
    with pytest.raises(NotARule, match="sees 2 of 5,000 rows"):
        alert("day > 1", replace(several, row_count=5000))
