"""The command `python -m queries.notebook`: with the store to itself, and through the app."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.store import audit
from data.store.audit import Event
from queries import notebook, run
from queries.downloading.receipts import history_of
from queries.notebooks.as_json import embedded
from tests.support.commands import run_load, run_module
from tests.support.rows import SECRET, Code, codes_file
from tests.support.server import Server
from tests.support.stores import copied

TEXT = """---
title: January
filter: from=2016-01-01&to=2016-01-31
---
{{ month.net }} codes were redeemed.

```numbers month
```

```chart over_time
grain: day
```
"""
FAILING = "```chart overtime\n```\n"
FIRING = "```numbers all\nalert: net > 0\n```\n"

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(fixture_file: Path, tmp_path: Path) -> Path:
    return copied(fixture_file, tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "January.md"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def command(store: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command on the fixtures; gives its exit code, standard output and error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = notebook.main([*map(str, arguments), "--store", str(store)])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def rows_of_query(
    capsys: pytest.CaptureFixture[str], store: Path, *arguments: str
) -> list[dict[str, Any]]:
    """What `python -m queries.run` prints for the same."""
    assert run.main([*arguments, "--store", str(store), "--format", "json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def test_json_has_the_rows_that_the_queries_print(
    command: Command, file: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = command("run", file, "--format", "json")
    assert (code, err) == (0, "")
    results = json.loads(out)
    month, over_time = results["cells"]
    assert list(month)[:7] == [
        *("name", "kind", "status", "columns", "rows", "row_count", "error"),
    ]
    assert (month["name"], month["kind"], month["status"]) == ("month", "numbers", "ok")
    assert (month["row_count"], month["error"]) == (1, None)
    period = ("--from", "2016-01-01", "--to", "2016-01-31")
    for cell, name in ((month, "numbers"), (over_time, "over_time")):
        grain = ("--grain", "day") if name == "over_time" else ()
        wanted = rows_of_query(capsys, store, name, *period, *grain)
        assert [dict(zip(cell["columns"], row, strict=True)) for row in cell["rows"]] == wanted
        assert cell["row_count"] == len(wanted)
    (state,) = rows_of_query(capsys, store, "state")
    assert results["state"] == state["digest"]
    net = dict(zip(month["columns"], month["rows"][0], strict=True))["net"]
    assert results["document"][0] == {"text": f"{net:,} codes were redeemed.\n\n"}
    assert results["document"][1] == {"cell": "month"}


def test_a_filter_stands_in_for_parts_of_the_notebooks(command: Command, file: Path) -> None:
    _, out, _ = command("run", file, "--filter", "?group=SMS&to=", "--format", "json")
    results = json.loads(out)
    assert results["cells"][0]["filter"] == "SMS, since 1 Jan 2016"
    assert results["overrides"] == [["group", "SMS"], ["to", ""]]


def test_without_a_form_it_prints_texts_and_tables(command: Command, file: Path) -> None:
    code, out, err = command("run", file)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].endswith(" codes were redeemed.")
    assert lines[2] == "[numbers month · All codes, 1–31 Jan 2016]"
    assert any(line.split()[:1] == ["net"] for line in lines)
    assert lines[-1].startswith("Data until 20")


def test_a_file_is_written_by_its_ending_and_its_receipt_has_its_digest(
    command: Command, file: Path, store: Path, tmp_path: Path
) -> None:
    target = tmp_path / "report.json"
    assert command("run", file, "-o", target) == (0, "", "")
    results = json.loads(target.read_bytes())
    (receipt,) = history_of(store).receipts()
    assert receipt["receipt"] == results["receipt"]
    assert (receipt["what"], receipt["format"], receipt["file"]) == (
        *("query notebook", "json", "report.json"),
    )
    assert receipt["bytes"] == target.stat().st_size
    assert receipt["parameters"]["cells"] == ["numbers", "over_time"]
    assert {"net", "period"} <= set(receipt["columns"])
    (entry,) = audit.entries(store)
    assert entry["event"] == Event.QUERY_RUN
    assert entry["facts"] == {
        **{"query": "notebook", "filters": ["from", "to"], "cells": ["numbers", "over_time"]},
    }


def test_a_code_in_a_notebook_is_kept_out_of_the_history(
    command: Command, file: Path, store: Path
) -> None:
    file.write_text("```chart JANE7K2QD\n```\n```sql JANE7K2QD\nselect 1\n```\n", "utf-8")
    assert command("run", file, "--filter", "group=JANE7K2QD")[0] == 1
    kept = history_of(store).path.read_text("utf-8") + json.dumps(list(audit.entries(store)))
    assert "JANE7K2QD" not in kept


@pytest.mark.parametrize(
    ("text", "code", "error"),
    [
        (FAILING, 1, "overtime: There is no query overtime: did you mean over_time?\n"),
        (FIRING, 2, "all: net is "),
        (FAILING + FIRING, 1, "overtime: There is no query"),
        (FIRING.replace("> 0", "< 0"), 0, ""),
        ("Nothing but text", 0, ""),
    ],
)
def test_the_exit_code_says_whether_a_cell_failed_or_an_alert_fired(
    command: Command, file: Path, text: str, code: int, error: str
) -> None:
    file.write_text(text, "utf-8")
    ended, out, err = command("run", file, "--format", "json")
    assert (ended, err.startswith(error), bool(err)) == (code, True, bool(error))
    assert len(json.loads(out)["cells"]) == text.count("```") // 2


def test_each_alert_has_a_line_on_standard_error(command: Command, file: Path) -> None:
    file.write_text("```numbers all\nalert: [net > 0, codes_issued > 0]\n```\n" + FAILING)
    code, _, err = command("run", file, "--format", "json")
    assert code == 1
    assert [line.partition(":")[0] for line in err.splitlines()] == ["overtime", "all", "all"]


def test_the_sql_of_the_cells_is_printed(command: Command, file: Path) -> None:
    code, out, _ = command("run", file, "--sql")
    assert code == 0
    assert "-- over_time\n-- $filters: from=2016-01-01&to=2016-01-31\n-- $grain: day\n" in out
    assert "from numbers_of(" in out


def test_wrong_usage_and_files_that_are_no_notebooks_end_in_a_sentence(
    command: Command, file: Path, tmp_path: Path
) -> None:
    assert command()[0] == 2
    assert command("run")[0] == 2
    assert command("run", file, "--filter", "from=soon")[0] == 2
    assert command("run", file, "-o", file)[0] == 2
    assert command("run", file, "-o", tmp_path / "report.pdf")[0] == 2
    assert command("run", file, "--format", "xlsx")[0] == 2
    assert command("run", file, "--sql", "--format", "json")[0] == 2
    assert file.read_text("utf-8") == TEXT
    code, out, err = command("run", tmp_path / "none.md")
    assert (code, out) == (1, "")
    assert "There is no notebook" in err
    file.write_bytes(b"\xff")
    assert command("run", file) == (1, "", "This notebook is no text in UTF-8.\n")
    file.write_text(TEXT)
    code, out, err = command("run", file, "-o", tmp_path / "nowhere" / "report.json")
    assert (code, out) == (1, "")
    assert err.startswith("The notebook cannot be run or written: ")


@pytest.mark.parametrize("form", ["html", "xlsx", "md", "ipynb"])
def test_a_run_is_written_in_the_form_that_the_file_ends_in(
    command: Command, file: Path, tmp_path: Path, form: str
) -> None:
    report = tmp_path / f"report.{form}"
    assert command("run", file, "-o", report)[0] == command("run", file)[0]
    begins = {"html": b"<!DOCTYPE html>", "xlsx": b"PK", "md": b"# ", "ipynb": b"{"}
    assert report.read_bytes().startswith(begins[form])


def test_a_frozen_page_has_the_numbers_by_which_it_is_checked(
    command: Command, file: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    command("run", file, "-o", report)
    code, out, _ = command("check", file, report)
    assert code == 0
    assert "have the same numbers" in out


def test_where_it_cannot_be_recorded_nothing_is_printed(
    command: Command, file: Path, store: Path
) -> None:
    store.with_name("vouchers.audit.jsonl").mkdir()
    code, out, err = command("run", file)
    assert (code, out) == (1, "")
    assert err.startswith("The notebook was not run: ")


def test_a_notebook_of_the_folder_is_found_by_its_name(
    command: Command, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    file.rename(folder / "January.md")
    monkeypatch.setenv("VOUCHERS_NOTEBOOKS", str(folder))
    assert command("run", "January", "--format", "json")[0] == 0


def test_check_says_that_all_numbers_are_the_same(
    command: Command, file: Path, tmp_path: Path
) -> None:
    assert command("run", file, "--filter", "group=SMS", "-o", tmp_path / "January.json")[0] == 0
    assert command("check", file) == (
        *(0, "All 2 cells have the same numbers. The data are the same.\n", ""),
    )
    results = json.loads((tmp_path / "January.json").read_bytes())
    html = tmp_path / "January.html"
    html.write_text(f"<html><title></script></title>{embedded(results)}</html>", "utf-8")
    assert command("check", file, html)[0] == 0


def test_check_says_which_cells_differ_and_which_imports_have_come(
    command: Command, file: Path, store: Path, tmp_path: Path
) -> None:
    file.write_text(f"{TEXT}```chart status\n```\n{FAILING}")
    assert command("run", file, "-o", tmp_path / "January.json")[0] == 1
    added = codes_file(tmp_path / "new.csv", Code(f"{SECRET}A"), Code(f"{SECRET}B"))
    assert run_load(store, added).returncode == 0
    file.write_text(f"{TEXT}```chart status\n```\n```chart overtime\nquery: by_site\n```\n{FIRING}")
    code, out, err = command("check", file)
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0].startswith("month: codes_issued is ")
    assert lines[-3] == "overtime: runs, and had failed."
    assert lines[-2] == "all is new."
    assert lines[-1].endswith(" differ. 1 import since (new.csv).")
    assert SECRET not in out


def test_check_needs_a_frozen_file(command: Command, file: Path, tmp_path: Path) -> None:
    code, out, err = command("check", file)
    assert (code, out) == (1, "")
    assert "There is no frozen file beside the notebook" in err
    for content in ("<html></html>", "{}", "[", '{"cells": 1}'):
        (tmp_path / "January.html").write_text(content)
        code, out, err = command("check", file)
        assert (code, out) == (1, "")
        assert "is no notebook that was frozen" in err


SQL = """```sql by_group
-- alert: codes > 0
select group_name, count(*) as codes from chosen_codes group by all order by all
```

```sql names
select 1 as JANE7K2QD from by_group limit 1
```
"""


def test_sql_cells_run_and_their_names_are_kept_out_of_the_history(
    command: Command, file: Path, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(SQL, "utf-8")
    code, out, err = command("run", file, "--format", "json")
    by_group, names = json.loads(out)["cells"]
    assert (code, by_group["error"], names["error"]) == (2, None, None)
    assert err.startswith("by_group: codes is above 0 in ")
    wanted = rows_of_query(capsys, store, "uptake_by_group")
    assert dict(by_group["rows"]) == {row["group_name"]: row["codes_issued"] for row in wanted}
    assert (names["columns"], names["rows"]) == (["JANE7K2QD"], [[1]])
    assert ["code"] in [receipt["columns"] for receipt in history_of(store).receipts()]
    assert "JANE7K2QD" not in history_of(store).path.read_text("utf-8")
    _, out, _ = command("run", file, "--sql")
    assert "with chosen_codes as (from codes_for_sql($filters))" in out


def test_sql_can_be_turned_off(
    command: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_SQL", "0")
    file.write_text(SQL, "utf-8")
    code, _, err = command("run", file, "--format", "json")
    assert code == 1
    assert err.startswith("by_group: SQL cells are turned off here.\n")


@pytest.mark.slow
def test_through_the_running_app_it_prints_the_same(
    server: Server, file: Path, fixture_file: Path, tmp_path: Path
) -> None:
    file.write_text(f"{TEXT}{SQL}{FIRING}{FAILING}")
    alone = copied(fixture_file, tmp_path)
    printed = {}
    for store in (alone, server.store):
        done = run_module("queries.notebook", store, "run", file, "--format", "json")
        assert done.returncode == 1, done.stderr
        printed[store] = json.loads(done.stdout), done.stderr
    (first, errors), (second, same_errors) = printed.values()
    assert errors == same_errors
    assert [line.partition(":")[0] for line in errors.splitlines()] == [
        *("overtime", "by_group", "all"),
    ]
    assert first["cells"] == second["cells"]
    assert first["document"] == second["document"]
    target = tmp_path / "January.json"
    assert run_module("queries.notebook", server.store, "run", file, "-o", target).returncode == 1
    checked = run_module("queries.notebook", server.store, "check", file)
    assert (checked.returncode, checked.stderr) == (0, "")
    receipt = history_of(server.store).receipts(1)[0]
    assert receipt["what"] == "query notebook"
    assert os.access(target, os.R_OK)
    assert "Traceback" not in server.log.read_text("utf-8")
