"""A notebook that runs: its results are those of its queries, and what fails says why."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.access import Access
from queries.engine.totals import run as run_query
from queries.filters import Filters
from queries.notebooks.references import filled
from queries.notebooks.result import CellResult, Import, Run
from queries.notebooks.sql import Earlier, NoSql, SqlResult, SqlTable, SqlText
from tests.support.effort import examples
from tests.support.notebooks import RAN_AT, run_notebook
from tests.support.rows import Code, Transaction
from tests.support.stores import temporary_store
from tests.support.vouchers import Vouchers

WEEKS = "---\nfilter: from=2016-01-08&to=2016-01-14\n---\n"


@pytest.fixture
def weeks(vouchers: Vouchers) -> Vouchers:
    """Three redemptions in one week; three and a cancelled one in the next."""
    return filled_with_weeks(vouchers)


@pytest.fixture(scope="module")
def fixed() -> Iterator[Store]:
    """A store with the same rows, for all examples of a property."""
    with temporary_store() as store:
        filled_with_weeks(Vouchers(store, store.path.parent))
        yield store


def filled_with_weeks(vouchers: Vouchers) -> Vouchers:
    vouchers.load(*[Code(f"C{n}", "Email" if n % 2 else "SMS") for n in range(1, 7)])
    days = [(1, 2), (2, 3), (3, 9), (4, 9), (5, 10)]
    vouchers.load(
        *(Transaction(n, f"C{n}", "Email" if n % 2 else "SMS", time=f"{day:02}/01/2016 12:00")
          for n, day in days),
        Transaction(6, "C6", "SMS", time="11/01/2016 12:00", cancelled="Yes"),
        Transaction(7, "C1", "Email", time="01/01/2016 09:00", campaign="9"),
        Transaction(8, "C1", "Email", time="20/01/2016 09:00", campaign="9"),
    )  # fmt: skip
    return vouchers


def rows_of(result: CellResult) -> list[dict[str, object]]:
    assert result.frame is not None, result.error
    frame = result.frame.astype(object)
    return [{str(k): v for k, v in row.items()}
            for row in frame.where(frame.notna(), None).to_dict("records")]  # fmt: skip


def errors(run: Run) -> dict[str, str]:
    return {one.meaning.name: one.error for one in run.results}


def test_cells_run_in_their_order_and_texts_have_their_numbers(weeks: Vouchers) -> None:
    text = f"{WEEKS}```numbers week\n```\n\n```chart over_time\ngrain: day\n```\n"
    run = run_notebook(weeks.store, text)
    week, over_time = run.results
    assert [one.status for one in run.results] == ["ok", "ok"]
    assert (rows_of(week)[0]["net"], rows_of(week)[0]["cancelled"]) == (3, 1)
    assert sum(int(str(row["net"])) for row in rows_of(over_time)) == 3
    assert week.in_words == "All codes, 8–14 Jan 2016"
    assert (week.row_count, over_time.row_count) == (1, len(rows_of(over_time)))
    assert filled("{{ week.net }} of {{ week.redemptions }}", run) == "3 of 4"
    assert "-- $grain: day" in over_time.sql
    assert "over_time" not in week.sql
    assert run.ran_at == RAN_AT


def test_a_run_says_on_which_data_it_rests(weeks: Vouchers) -> None:
    run = run_notebook(weeks.store, WEEKS)
    (state,) = weeks.query("state")
    assert run.state == state["digest"]
    assert run.imports == (Import(1, "codes.csv"), Import(2, "transactions.csv"))
    (held,) = weeks.query("data_until")
    assert run.data_until == held["data_until"]
    limited = run_notebook(weeks.store, WEEKS, access=Access(groups=("SMS",)))
    assert (limited.imports, limited.state) == ((), state["digest"])


def test_a_change_is_against_the_period_of_the_same_length_before(weeks: Vouchers) -> None:
    numbers = "{{ week.change }} {{ week.cancellation_rate_change }}"
    text = f"{WEEKS}{numbers}\n\n```numbers week\n```\n"
    run = run_notebook(weeks.store, text)
    assert filled(run.document.cells[0].body, run).strip() == "+0.0% +25.0 points"
    without = run_notebook(weeks.store, text, [("from", ""), ("to", "")])
    assert "no period before: Choose a period" in filled("{{ week.change }}", without)
    early = run_notebook(weeks.store, text, [("from", "2016-01-02"), ("to", "2016-01-04")])
    assert filled("{{ week.change }}", early) == "(no period before: the data begin on 1 Jan 2016)"
    late = run_notebook(weeks.store, text, [("to", "9999-01-30")])
    assert "goes on after the end of the data" in filled("{{ week.change }}", late)


def test_a_comparison_has_its_numbers_and_both_choices_in_words(weeks: Vouchers) -> None:
    text = "---\nfilter: group=Email\n---\n```compare pilots\nfilter: b.group=SMS\n```\n"
    run = run_notebook(weeks.store, text)
    assert filled("{{ pilots.codes_issued_a }} {{ pilots.net_b }}", run) == "3 2"
    assert run.results[0].in_words == "Email, compared with SMS"


def test_other_cells_leave_a_comparison_of_the_notebook_aside(weeks: Vouchers) -> None:
    text = "---\nfilter: compare=rest&group=Email\n---\n```numbers n\n```\n```compare c\n```\n"
    numbers, compare = run_notebook(weeks.store, text).results
    assert (numbers.error, compare.error) == ("", "")
    assert numbers.in_words == "Email"
    assert compare.in_words == "Email, compared with Everything but Email"


def test_the_filter_that_a_command_gives_stands_in_for_the_notebooks(weeks: Vouchers) -> None:
    text = "---\nfilter: group=Email&site=Site001\n---\n```numbers n\n```\n"
    run = run_notebook(weeks.store, text, [("group", "SMS")])
    assert run.results[0].in_words == "SMS, site Site001"
    assert rows_of(run.results[0])[0]["codes_issued"] == 3


def test_a_control_is_a_table_of_its_values(weeks: Vouchers) -> None:
    text = (
        "```control start\ntype: date\nvalue: 2016-01-04\n```\n"
        "```control groups\nvalue: [Email, SMS]\n```\n"
        "```control n\ntype: number\nvalue: 14\n```\n```control none\n```\n"
        "```numbers of_start\ncontrols: from=start\n```\n"
    )
    start, groups, number, none, of_start = run_notebook(weeks.store, text).results
    assert rows_of(start) == [{"value": pd.Timestamp(2016, 1, 4)}]
    assert rows_of(groups) == [{"value": "Email"}, {"value": "SMS"}]
    assert rows_of(number) == [{"value": 14.0}]
    assert rows_of(none) == []
    assert of_start.in_words == "All codes, since 4 Jan 2016"


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("chart overtime\ngrain: day", "There is no query overtime: did you mean over_time?"),
        ("chart over_time", "The query over_time needs grain."),
        ("chart by_site\ngrain: day", "The query by_site takes no parameters, and not grain."),
        ("chart rate_within_days\nby: group\ndays: x", "days takes a whole number."),
        ("chart over_time\ngrain: fortnight", "could not be run with these values"),
        ("chart compare_numbers", "compares two choices"),
        ("chart by_site\nfilter: from=2016-13-01", "takes a date"),
        ("chart by_site\nfilter: list=abc", "A list of codes is in the memory of the app only"),
        ("compare by_choice\nfilter: compare=before", "first day"),
        ("numbers n\nalert: net > many", "“alert: cancellation_rate > 8%”"),
        ("numbers n\nalert: nett > 8", "did you mean net?"),
        ("numbers n\nalert: change > 8%", "no period before"),
        ("sql s\nselect 1", "SQL cells are turned off here."),
    ],
)
def test_a_cell_that_cannot_run_says_why_and_the_others_run(
    weeks: Vouchers, cell: str, error: str
) -> None:
    run = run_notebook(weeks.store, f"```{cell}\n```\n```numbers after\n```\n")
    failed, after = run.results
    assert (failed.status, failed.frame, failed.row_count) == ("failed", None, 0)
    assert error in failed.error
    assert (after.error, rows_of(after)[0]["codes_issued"]) == ("", 6)


def test_an_alert_fires_in_a_cell(weeks: Vouchers) -> None:
    rules = "alert: [cancellation_rate > 8%, net > 3, change < 1%]"
    run = run_notebook(weeks.store, f"{WEEKS}```numbers week\n{rules}\n```\n")
    assert run.results[0].fired == (
        "week: cancellation_rate is 25.0%, above 8%",
        "week: change is +0.0%, below 1%",
    )


def test_a_result_shows_a_thousand_rows_and_counts_all_for_its_alert(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction(1, "C1", time="01/01/2016 12:00"),
        Transaction(2, "C1", time="01/01/2020 12:00", campaign="9"),
    )
    cell = "chart over_time\ngrain: day\nalert: [rows > 1461, 'rows > 1,460', net > 0]"
    (result,) = run_notebook(vouchers.store, f"```{cell}\n```\n").results
    assert result.frame is not None
    assert (len(result.frame), result.row_count) == (1000, 1462)
    assert result.fired == (
        "over_time: 1,462 rows, above 1461",
        "over_time: 1,462 rows, above 1,460",
        "over_time: net is above 0 in 2 of 1,462 rows: 1 Jan 2016 (1) and 1 Jan 2020 (1)",
    )


class Reads:
    """SQL that gives what it was given: the names of what a cell reads, and of their rows."""

    def __init__(self) -> None:
        self.given: dict[str, list[Earlier]] = {}
        self.filters: dict[str, object] = {}

    def is_current(self) -> bool:
        return True

    def names(self, sql: str) -> Sequence[str]:
        return [word for word in sql.split() if word not in ("from", "select", "fail")]

    def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
        if "fail" in cell.sql:
            raise NoSql("The SQL ends too early.")
        self.given[cell.name] = list(earlier)
        self.filters[cell.name] = cell.parameters["group"]
        return SqlResult(pd.DataFrame({"n": [1]}), 1)

    def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
        return cell.sql


def test_sql_reads_the_earlier_cells_that_it_names_and_those_that_these_read(
    weeks: Vouchers,
) -> None:
    text = (
        "---\nfilter: group=SMS\n---\n"
        "```control start\ntype: date\nvalue: 2016-01-04\n```\n```numbers Week\n```\n"
        "```sql a\nfrom week start\n```\n```sql b\n-- filter: group=Email\nfrom a\n```\n"
        "```sql c\nfrom chosen_codes\n```\n"
    )
    reads = Reads()
    run = run_notebook(weeks.store, text, sql_cells=reads)
    assert set(errors(run).values()) == {""}
    assert [one.name for one in reads.given["a"]] == ["start", "Week"]
    assert [one.name for one in reads.given["b"]] == ["start", "Week", "a"]
    assert reads.given["c"] == []
    week = reads.given["a"][1]
    assert isinstance(week, SqlTable)
    assert week.rows["codes_issued"].tolist() == [3]
    assert reads.filters == {"a": ["SMS"], "b": ["Email"], "c": ["SMS"]}


def test_a_cell_that_reads_a_failed_one_says_which(weeks: Vouchers) -> None:
    text = (
        "```sql a\nfail\n```\n```sql b\nfrom a\n```\n```sql c\nfrom b\n```\n"
        "```chart overtime\n```\n```sql d\nfrom overtime\n```\n"
    )
    assert errors(run_notebook(weeks.store, text, sql_cells=Reads())) == {
        "a": "The SQL ends too early.",
        "b": "b reads a, which has failed.",
        "c": "c reads b, which has failed.",
        "overtime": "There is no query overtime: did you mean over_time?",
        "d": "d reads overtime, which has failed.",
    }


def test_who_sees_some_groups_gets_the_numbers_of_these(weeks: Vouchers) -> None:
    run = run_notebook(weeks.store, "```numbers n\n```\n", access=Access(groups=("SMS",)))
    assert rows_of(run.results[0])[0]["codes_issued"] == 3


PERIODS = st.none() | st.dates(datetime(2016, 1, 1).date(), datetime(2016, 1, 21).date())


@given(
    group=st.sets(st.sampled_from(["Email", "SMS", "None"])),
    first=PERIODS,
    last=PERIODS,
    cancelled=st.none() | st.booleans(),
    query=st.sampled_from(["numbers", "status", "by_site", "weekday_hour", "uptake_by_group"]),
)
@settings(max_examples=examples(30), deadline=None)
def test_results_are_those_of_the_query_for_the_same_filter(
    fixed: Store, group: set[str], first: object, last: object, cancelled: bool | None, query: str
) -> None:
    filters = Filters()
    values = (tuple(sorted(group)) or None, first, last, cancelled)
    for name, value in zip(("group", "from", "to", "cancelled"), values, strict=True):
        filters = filters.with_(name, value)
    address = "&".join(f"{name}={text}" for name, text in filters.to_query())
    (result,) = run_notebook(
        fixed, f"---\nfilter: {address}\n---\n```chart x\nquery: {query}\n```\n"
    ).results
    with fixed.cursor() as cursor:
        wanted = run_query(cursor, query, filters)
    assert result.frame is not None, result.error
    pd.testing.assert_frame_equal(result.frame, wanted)
