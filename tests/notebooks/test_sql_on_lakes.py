"""Notebooks over a lake with too many rows for a copy: each SQL cell has the rows that it reads."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from data import owner
from data.store.copying import NotCopied
from data.store.database import Store
from data.store.reading_copy import Copy
from pages.cells import alert_sql, sql_cells, sql_job
from pages.routes.sql_of_commands import sql_cells_of
from queries import notebook
from queries.engine.sandbox.cells import SqlCell
from queries.engine.sandbox.sandbox import CANCELLED
from queries.notebooks.document import read
from queries.notebooks.result import Run
from queries.notebooks.run import ALWAYS_CHANGED, StateChanged
from queries.notebooks.sql import NoSql, SqlText
from tests.support.notebooks import run_notebook, values
from tests.support.rows import Code
from tests.support.sandboxes import cell
from tests.support.slices import filled_lake, sliced_above
from tests.support.stores import in_scratch
from tests.support.vouchers import Vouchers

TEXT = """---
filter: batch=7
---
```sql of_seven
select code from chosen_codes
```
```sql of_sms
-- filter: batch=&group=SMS
select count(*) as redemptions from chosen_transactions
```
```sql both
-- filter: batch=&site=Site002
select code from of_seven union all select code from chosen_transactions order by code
```
```sql all_codes
-- filter: batch=
select count(*) as codes from chosen_codes
```
```chart by_day
query: over_time
grain: day
filter: batch=
```
```sql of_chart
select sum(net) as net from by_day
```
"""
COUNT = "select count(*) as n from chosen_codes"
MOST = 6


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vouchers]:
    """A lake of more rows than are copied, which the app has open."""
    with filled_lake(tmp_path) as filled, sliced_above(MOST):
        monkeypatch.setattr(owner, "store", lambda: filled.store)
        yield filled
        sql_cells.close()
        alert_sql.sandboxes.close()


def assert_answers(run: Run) -> None:
    """Assert what the cells of the text have on the lake."""
    codes = [["E2"], ["E3"], ["E4"], ["NOV26E7K2M8Q"]]
    assert values(run, "of_seven") == [["NOV26E7K2M8Q"], ["E2"], ["E3"], ["E4"]]
    assert values(run, "of_sms") == [[3]]
    assert values(run, "both") == sorted([*codes, ["E4"], ["S1"]])
    assert values(run, "of_chart") == [[6]]


def test_a_command_runs_each_cell_on_its_slice_and_says_which_needs_too_many_rows(
    lake: Vouchers,
) -> None:
    with sql_cells_of(lake.store, read(TEXT)) as sandboxed:
        run = run_notebook(lake.store, TEXT, sql_cells=sandboxed)
    assert_answers(run)
    refused = run.named("all_codes")
    assert refused is not None
    assert "here 7, and 6 are the most. Narrow the filter" in refused.error
    assert in_scratch(lake.store) == []


def test_a_notebook_has_the_same_rows_on_a_copy_of_all(lake: Vouchers) -> None:
    with sliced_above(100), sql_cells_of(lake.store, read(TEXT)) as sandboxed:
        run = run_notebook(lake.store, TEXT, sql_cells=sandboxed)
    assert_answers(run)
    assert values(run, "all_codes") == [[7]]


def test_alerts_run_each_cell_on_its_slice(lake: Vouchers) -> None:
    with alert_sql.sql_cells() as sandboxed:
        assert_answers(run_notebook(lake.store, TEXT, sql_cells=sandboxed))
    alert_sql.sandboxes.close()
    assert in_scratch(lake.store) == []


def test_a_file_has_all_rows_of_a_cell(lake: Vouchers) -> None:
    asked = cell("select code from chosen_codes", "group=SMS")
    text = SqlText(asked.name, asked.sql, asked.parameters)
    with sql_cells_of(lake.store, read(TEXT)) as sandboxed:
        assert sandboxed is not None
        assert list(sandboxed.whole(text, (), 100)["Code"]) == ["S1", "S2", "E2"]
        with pytest.raises(NoSql, match="more than 2 rows"):
            sandboxed.whole(text, (), 2)
    assert in_scratch(lake.store) == []


def test_cells_of_one_run_are_never_of_two_states_of_the_data(lake: Vouchers) -> None:
    asked = cell(COUNT, "batch=8")
    text = SqlText(asked.name, asked.sql, asked.parameters)
    with sql_cells_of(lake.store, read(TEXT)) as sandboxed:
        assert sandboxed is not None
        assert sandboxed.run(text, ()).rows["n"].tolist() == [3]
        lake.load(Code("S3", "SMS"), batch="8")
        with pytest.raises(NoSql) as told:
            sandboxed.run(text, ())
        assert str(told.value) == ALWAYS_CHANGED
        with pytest.raises(StateChanged):
            run_notebook(lake.store, TEXT, sql_cells=sandboxed)


def test_a_command_without_the_app_runs_each_cell_on_its_slice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filled_lake(tmp_path) as closed:
        path = closed.store.path
    file = tmp_path / "notebook.md"
    file.write_text(TEXT, "utf-8")
    with sliced_above(MOST):
        code = notebook.main(["run", str(file), "--store", str(path), "--format", "json"])
    printed = capsys.readouterr()
    cells = {cell["name"]: cell for cell in json.loads(printed.out)["cells"]}
    assert code == notebook.FAILED
    assert "here 7, and 6 are the most" in printed.err
    assert cells["of_seven"]["rows"] == [["NOV26E7K2M8Q"], ["E2"], ["E3"], ["E4"]]
    assert cells["of_sms"]["rows"] == [[3]]
    assert cells["both"]["row_count"] == 6
    assert cells["of_chart"]["rows"] == [[6]]


def test_what_is_no_query_is_said_of_its_cell_alone(lake: Vouchers) -> None:
    text = "```sql wrong\ndrop table codes\n```\n```sql right\nselect 1 as one\n```\n"
    with sql_cells_of(lake.store, read(text)) as sandboxed:
        run = run_notebook(lake.store, text, sql_cells=sandboxed)
    wrong = run.named("wrong")
    assert wrong is not None
    assert wrong.error
    assert values(run, "right") == [[1]]


def job(store: Store, asked: SqlCell) -> sql_job.Job:
    """A cell of the page of a notebook that has run."""
    one = sql_job.Job("notebook", asked, (), store.version, seconds=60)
    one.run()
    return one


def test_a_page_runs_cells_of_two_filters_and_of_newer_data(lake: Vouchers) -> None:
    seven, eight = cell(COUNT, "batch=7"), cell(COUNT, "batch=8")
    counts = []
    for asked in (seven, eight, seven):
        done = job(lake.store, asked)
        assert done.rows is not None, done.problem
        counts += done.rows.table["n"].to_pylist()
    assert counts == [4, 3, 4]
    assert len(in_scratch(lake.store)) == 2
    lake.load(Code("S3", "SMS"), batch="8")
    done = job(lake.store, eight)
    assert done.rows is not None, done.problem
    assert done.rows.table["n"].to_pylist() == [4]
    assert len(in_scratch(lake.store)) == 1  # those of older data have gone


def test_a_page_says_that_a_cell_needs_too_many_rows(lake: Vouchers) -> None:
    done = job(lake.store, cell(COUNT))
    assert done.rows is None
    assert "here 7, and 6 are the most" in done.problem
    with pytest.raises(NotCopied):
        sql_cells.copy_for(lake.store, cell(COUNT), ())


def test_a_page_says_what_is_wrong_in_a_cell_that_is_no_query(lake: Vouchers) -> None:
    done = job(lake.store, cell("drop table chosen_codes"))
    assert done.rows is None
    assert "begins with select" in done.problem


def meanwhile(do: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this happen while the rows of a cell are copied."""

    def copied(*arguments: Any) -> Copy:  # noqa: ANN401 - as copy_for() has them
        do()
        return sql_cells.copy_for(*arguments)

    monkeypatch.setattr("pages.cells.sql_job.copy_for", copied)


def test_a_cell_that_is_cancelled_while_its_rows_are_copied_does_not_run(
    lake: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = sql_job.Job("notebook", cell(COUNT, "batch=8"), (), lake.store.version, seconds=60)
    meanwhile(one.cancel, monkeypatch)
    one.run()
    assert (one.rows, one.problem) == (None, CANCELLED)


def test_the_time_of_copying_is_not_that_of_the_cell(
    lake: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = cell("select nothing from chosen_codes", "batch=8")
    one = sql_job.Job("notebook", asked, (), lake.store.version, seconds=60)

    def an_hour() -> None:
        one.began -= 3600

    meanwhile(an_hour, monkeypatch)
    one.run()
    assert one.problem
    assert not one.timed_out


def test_a_command_that_is_not_told_where_the_rows_are_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_ROWS", str(tmp_path / "shared"))
    with filled_lake(tmp_path) as closed:
        path = closed.store.path
    monkeypatch.delenv("VOUCHERS_ROWS")
    file = tmp_path / "notebook.md"
    file.write_text(TEXT, "utf-8")
    notebook.main(["run", str(file), "--store", str(path), "--format", "json"])
    cells = {cell["name"]: cell for cell in json.loads(capsys.readouterr().out)["cells"]}
    assert "say with VOUCHERS_ROWS where they are" in cells["of_seven"]["error"]
