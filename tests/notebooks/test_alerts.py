"""The alerts of a whole notebook: which cells run for them, and what is said of each."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest

from queries.access import EVERYTHING, Access
from queries.notebooks.alerts import Checked, check, has_alerts, sentences_of
from queries.notebooks.document import read
from queries.notebooks.sql import Earlier, Sql, SqlResult, SqlText
from tests.support.notebooks import RAN_AT, run_of
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

WEEK = "```numbers week\nalert: net > 2\n```\n"


@pytest.fixture
def three(vouchers: Vouchers) -> Vouchers:
    """Three redemptions: two of Email, one of SMS."""
    vouchers.load(Code("A1", "Email"), Code("A2", "Email"), Code("B1", "SMS"))
    vouchers.load(
        Transaction(1, "A1", "Email"), Transaction(2, "A2", "Email"), Transaction(3, "B1", "SMS")
    )
    return vouchers


def checked(
    vouchers: Vouchers, text: str, access: Access = EVERYTHING, sql_cells: Sql | None = None
) -> tuple[Checked, int]:
    """What became of a notebook's alerts, and how many cells have run."""
    ran: list[None] = []
    with vouchers.store.cursor() as cursor:
        found = check(
            read(text),
            cursor,
            RAN_AT,
            access,
            sql_cells,
            before_each=lambda: ran.append(None),
        )
    return found, len(ran)


class Rows:
    """Stands in for the sandbox: a row with how many cells each SQL cell reads."""

    def is_current(self) -> bool:
        return True

    def names(self, sql: str) -> list[str]:
        return ["week"] if "week" in sql else []

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        return SqlResult(pd.DataFrame({"n": [len(earlier)]}), 1)

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        return cell.sql


def test_what_fired_is_said_and_what_did_not_is_not(three: Vouchers) -> None:
    text = f"{WEEK}```numbers quiet\nalert: net > 3\n```\n"
    found, _ = checked(three, text)
    assert found == Checked(("week: net is 3, above 2",), ())


def test_only_cells_with_alerts_run(three: Vouchers) -> None:
    text = f"```chart status\n```\n{WEEK}```chart over_time\ngrain: day\n```\n"
    assert checked(three, text) == (Checked(("week: net is 3, above 2",)), 1)


def test_a_control_has_its_value_though_it_does_not_run(three: Vouchers) -> None:
    control = "```control which\nof: group\nvalue: SMS\n```\n"
    text = f"{control}```numbers n\ncontrols: group=which\nalert: net = 1\n```\n"
    assert checked(three, text) == (Checked(("n: net is 1, equal to 1",)), 1)


def test_sql_with_an_alert_has_the_cells_before_it_that_it_reads(three: Vouchers) -> None:
    text = f"{WEEK}```sql s\n-- alert: n = 1\nfrom week\n```\n```chart status\n```\n"
    found, ran = checked(three, text, sql_cells=Rows())
    assert found.fired == ("week: net is 3, above 2", "s: n is 1, equal to 1")
    assert (found.not_checked, ran) == ((), 2)


def test_sql_that_cannot_run_here_is_not_checked_and_never_quiet(three: Vouchers) -> None:
    found, _ = checked(three, "```sql s\n-- alert: rows > 0\nselect 1\n```\n")
    assert found == Checked((), ("s: SQL cells are turned off here.",))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("```numbers n\nalert: net\n```\n", "n: An alert is a column, a comparison"),
        ("```numbers n\nalert: nett > 1\n```\n", "did you mean net"),
        ("```chart nothing\nalert: rows > 1\n```\n", "nothing: There is no query nothing"),
        ("```numbers n\nfilter: from=tomorrow\nalert: net > 1\n```\n", "n: "),
        ("```numbers n\nalert: [net > 1\n```\n", "n: The cell n is no list"),
    ],
)
def test_a_cell_that_fails_is_not_checked_and_the_others_are(
    three: Vouchers, cell: str, reason: str
) -> None:
    assert has_alerts(read(cell))
    found, _ = checked(three, f"{cell}{WEEK}")
    assert found.fired == ("week: net is 3, above 2",)
    (sentence,) = found.not_checked
    assert reason in sentence


def test_alerts_are_of_the_rows_that_a_person_sees(three: Vouchers) -> None:
    text = "```numbers n\nalert: net < 2\n```\n```chart uptake_by_group\nalert: net > 1\n```\n"
    everything, _ = checked(three, text)
    assert everything.fired == ("uptake_by_group: net is above 1 in 1 of 2 rows: Email (2)",)
    sms, _ = checked(three, text, Access(groups=("SMS",)))
    assert sms.fired == ("n: net is 1, below 2",)


@pytest.mark.parametrize(
    "text", ["", "alert: net > 1", "```numbers n\n```\n", "```\nalert: net > 1\n```\n"]
)
def test_a_notebook_without_a_rule_in_a_cell_has_no_alerts(text: str) -> None:
    assert not has_alerts(read(text))


def test_a_cells_sentences_are_those_that_fired_and_those_without_an_answer() -> None:
    text = "```numbers n\nalert: [net > 2, net > 9, many, nett > 1]\n```\n"
    (result,) = run_of(text, n=pd.DataFrame({"net": [3]})).results
    fired, unreadable, no_column = sentences_of(result.meaning, result)
    assert fired == "n: net is 3, above 2"
    assert unreadable.startswith("An alert is a column, a comparison")
    assert "n has no column nett: did you mean net?" in no_column


def test_a_cell_without_a_result_says_that_its_alert_is_not_checked() -> None:
    (failed,) = run_of("```numbers n\nalert: net > 2\n```\n", n="it is still running").results
    assert sentences_of(failed.meaning, failed) == ["n: it is still running"]
    (quiet,) = run_of("```numbers n\n```\n", n="it is still running").results
    assert sentences_of(quiet.meaning, quiet) == []


def test_a_cells_sentences_are_of_all_rows_where_these_are_given() -> None:
    rows = pd.DataFrame({"net": [1, 9]})
    (whole,) = run_of("```chart c\nalert: net > 5\n```\n", c=rows).results
    cut = replace(whole, frame=rows.head(1))
    (no_answer,) = sentences_of(cut.meaning, cut)
    assert "sees 1 of 2 rows" in no_answer
    assert sentences_of(cut.meaning, cut, rows) == ["c: net is above 5 in 1 of 2 rows: row 2 (9)"]
