"""The command `python -m queries.run`: any query by its name."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queries import run
from queries.engine.by_name import names
from tests.support.commands import run_module
from tests.support.expected import EXPECTED, parameters_of
from tests.support.server import Server

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(fixture_file: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command on the fixtures; gives its exit code, standard output and error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = run.main([*arguments, "--store", str(fixture_file)])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def as_options(query: list[tuple[str, str]]) -> list[str]:
    return [f"--{name}={value}" for name, value in query]


@pytest.mark.parametrize("case", EXPECTED["answers"], ids=lambda case: str(case["filters"]))
def test_the_numbers_are_those_of_the_tiles(command: Command, case: dict[str, Any]) -> None:
    code, out, err = command("numbers", *as_options(parameters_of(case)), "--format", "json")
    (numbers,) = json.loads(out)
    assert (code, err) == (0, "")
    wanted = case["numbers"]
    assert {name: numbers[name] for name in wanted if name in numbers} == {
        name: pytest.approx(value) for name, value in wanted.items() if name in numbers
    }


def test_dates_are_iso_and_missing_values_null(command: Command) -> None:
    _, out, _ = command("codes_rows", "--search", "JANE7K2QD", "--format", "json")
    (row,) = [row for row in json.loads(out) if row["code"] == "JANE7K2QD"]
    assert row["start_date"] == "2016-01-01T00:00:00"
    assert row["parent_code"] is None
    assert "tie" not in row


def test_a_query_prints_csv_with_a_header(command: Command) -> None:
    code, out, _ = command("cancellations", "--by", "group", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert list(rows[0]) == [
        *("name", "cancellation_rate", "low", "high", "cancelled", "redemptions"),
        "from_codes_file",
    ]
    assert sum(int(row["redemptions"]) for row in rows) > 0


def test_a_filter_excludes_with_a_mark_behind_its_name(command: Command) -> None:
    def sites(*options: str) -> list[str]:
        code, out, _ = command("by_site", *options, "--format", "json")
        assert code == 0
        return sorted(row["site"] for row in json.loads(out))

    others = sorted({*sites()} - {"Site001"})
    assert sites("--site!", "Site001") == sites("--site!=Site001") == others
    assert "(no site)" in others


def test_a_table_has_its_columns_below_each_other(command: Command) -> None:
    _, out, _ = command("status", "--asof=2016-02-10")
    header, *rows = out.splitlines()
    assert header.split() == ["status", "codes", "share", "redeemed_codes"]
    assert len({line.index(line.split()[1]) for line in [header, *rows]}) == 1


def test_no_rows_print_nothing_but_an_empty_array_of_json(command: Command) -> None:
    nobody = ("by_site", "--site", "nowhere")
    assert command(*nobody)[:2] == (0, "")
    assert command(*nobody, "--format", "csv")[:2] == (0, "")
    assert command(*nobody, "--format", "json")[:2] == (0, "[]\n")


def test_the_sql_of_a_query_is_printed_as_it_stands(command: Command) -> None:
    code, out, _ = command("over_time", "--sql")
    assert code == 0
    assert out.startswith("-- How many redemptions each period brought")
    assert "$grain" in out


def test_an_unknown_query_is_refused_with_the_names_that_there_are(command: Command) -> None:
    code, out, err = command("overtime")
    assert (code, out) == (1, "")
    assert err.startswith("There is no query overtime. There are: ")
    assert {"numbers", "over_time", "batches"} <= set(
        err.removesuffix(".\n").split(": ")[1].split(", ")
    )
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("over_time",), "The query over_time needs --grain."),
        (("numbers", "--grain", "day"), "The query numbers takes no parameters, and not --grain."),
        (("over_time", "--grain", "eon"), "could not be run with these values"),
        (("batches", "--most", "many"), "--most takes a whole number."),
        (("batches", "--most=1", "--most=2"), "--most takes one value, and was given 2."),
        (("codes_rows", "--whole", "maybe"), "--whole takes yes or no."),
        (("since", "--since", "Monday"), "--since takes a day, such as 2026-11-23."),
        (
            ("to_check", "--imported_since", "Monday"),
            "--imported_since takes a day, such as 2026-11-23.",
        ),
        (("export_codes", "--file", "x.csv"), "There is no query export_codes."),
    ],
)
def test_a_query_that_cannot_be_run_is_one_sentence(
    command: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (1, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("numbers", "--from", "soon"),
        ("numbers", "--status", "x"),
        ("numbers", "--grain"),
        (),
        ("a", "b"),
    ],
)
def test_wrong_usage_ends_with_two(command: Command, arguments: tuple[str, ...]) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert "usage" in err


@pytest.mark.slow
def test_a_store_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = run_module("queries.run", tmp_path / "none.duckdb", "numbers")
    assert done.returncode == 1
    assert done.stderr.startswith("There is no store at ")


@pytest.mark.slow
def test_every_query_that_selects_can_be_run(command: Command) -> None:
    values = {
        "over_time": ("--grain", "day"),
        "over_time_split": ("--grain", "day", "--by", "site"),
        "cancellations": ("--by", "site"),
        "rate_within_days": ("--by", "batch"),
        "redemption_curve": ("--by", "month"),
        "too_young": ("--by", "folder"),
        "options_of_codes": ("--field", "group"),
        "options_of_transactions": ("--field", "site"),
        "batches_around": ("--search", "ACODE1"),
        "code_to_check": ("--code", "ACODE1", "--group_name", "Email"),
        "parent_to_check": ("--code", "ACODE1"),
        "compare_numbers": ("--compare", "choice"),
        "code_children": ("--code", "ACODE1"),
        "code_days": ("--code", "ACODE1"),
        "code_facts": ("--code", "ACODE1", "--group_name", "Email"),
        "code_groups": ("--code", "ACODE1"),
        "code_imports": ("--code", "ACODE1", "--group_name", "Email"),
        "code_story": ("--code", "ACODE1", "--group_name", "Email"),
        "code_without_file": ("--code", "ACODE1", "--group_name", "Email"),
        "file_columns": ("--kind", "codes"),
        "to_check_count": ("--check", "used_twice"),
        "to_check_rows": ("--check", "unknown_code"),
        "held_codes": ("--code", "ACODE1"),
        "held_transactions": ("--code", "ACODE1"),
        "prefix_counts": ("--texts", "BACK"),
        "held_changes": ("--import_id", "1", "--change", "gone", "--code", "ACODE1"),
        "import_changes": ("--import_id", "1"),
        "import_changes_rows": ("--import_id", "1", "--change", "new codes"),
        "import_warnings": ("--import_id", "1"),
        "pivot": ("--rows", "group", "--columns", "month", "--measure", "net"),
        "pivot_totals": ("--rows", "site", "--columns", "none", "--measure", "units"),
        "pivot_table": ("--rows", "group", "--measure", "net", "--per-day", "yes"),
        "since_rows": ("--change", "gone"),
        "table_since": ("--change", "gone"),
        "held_since": ("--change", "gone", "--code", "ACODE1"),
    }
    for name in names():
        code, _, err = command(name, *values.get(name, ()), "--format", "json")
        assert (code, err) == (0, ""), name


def test_the_running_app_runs_the_query_where_it_owns_the_store(server: Server) -> None:
    filters = ("--group", "Email", "--asof", "2016-02-10", "--format", "json")
    done = run_module("queries.run", server.store, "numbers", *filters)
    assert done.returncode == 0, done.stderr
    (numbers,) = json.loads(done.stdout)
    page = server.page("", [("group", "Email"), ("asof", "2016-02-10")])
    assert f"{numbers['codes_issued']:,}" in json.dumps(page["tree"], ensure_ascii=False)
    wrong = run_module("queries.run", server.store, "over_time")
    assert (wrong.returncode, wrong.stderr) == (1, "The query over_time needs --grain.\n")


def test_the_running_app_compares_where_it_owns_the_store(server: Server) -> None:
    choices = ("--group", "Email", "--b-group", "SMS", "--format", "json")
    done = run_module("queries.run", server.store, "compare_numbers", *choices)
    assert done.returncode == 0, done.stderr
    found = {row["number"]: row for row in json.loads(done.stdout)}
    for column, group in (("a", "Email"), ("b", "SMS")):
        alone = run_module("queries.run", server.store, "numbers", "--group", group, *choices[4:])
        assert found["net"][column] == json.loads(alone.stdout)[0]["net"]
