"""Alerts on the pages: in the sidebar, in the list of notebooks, and on the page of imports."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import run_load
from tests.support.rows import Code, Transaction, codes_file, transactions_file
from tests.support.server import Server, elements, serving

MONDAY = "```numbers week\nalert: net > 1\n```\n"
SENTENCE = ":material/warning: week: net is 2, above 1"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The app over an empty store, with a notebook that has an alert, and one that has none."""
    (tmp_path / "vouchers.notebooks").mkdir()
    (tmp_path / "vouchers.notebooks" / "Monday.md").write_text(MONDAY)
    (tmp_path / "vouchers.notebooks" / "Quiet.md").write_text("# Nothing\n")
    store = tmp_path / "vouchers.duckdb"
    with serving(store, tmp_path / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def load(server: Server, *rows: Code | Transaction) -> None:
    """Import a file with rows through the running app."""
    write = codes_file if isinstance(rows[0], Code) else transactions_file
    file = write(server.store.with_name("new.csv"), *rows)
    assert run_load(server.store, file).returncode == 0


def checked(server: Server, path: str) -> dict[str, Any]:
    """The page once the alerts have been checked; a browser has it drawn again by itself."""
    page = server.page(path)
    while PENDING in captions(server.page("imports")):
        pass
    return server.again(page)


PENDING = "The alerts of notebooks are being checked."


def captions(page: dict[str, Any]) -> list[str]:
    return [str(one["props"]["body"]) for one in elements(page, "caption")]


def labels(page: dict[str, Any]) -> list[str]:
    return [str(link["props"]["label"]) for link in elements(page, "page_link")]


def test_an_alert_is_shown_wherever_it_is_looked_for_once_an_import_crosses_its_limit(
    server: Server,
) -> None:
    load(server, Code("A1", "Email"), Code("B1", "SMS"))
    load(server, Transaction(1, "A1", "Email"))
    for path in ("", "notebooks", "imports"):
        page = checked(server, path)
        assert "Notebooks" in labels(page)
        assert not [label for label in labels(page) if "alert" in label]
        assert not [one for one in captions(page) if "above" in one]
    load(server, Transaction(2, "B1", "SMS", time="02/01/2016 12:00"))
    assert "Notebooks :orange-badge[1 alert]" in labels(checked(server, ""))
    assert captions(checked(server, "notebooks")).count(SENTENCE) == 1
    imports = checked(server, "imports")
    assert "1 alert in Monday" in labels(imports)
    assert SENTENCE in captions(imports)


def test_an_alert_that_cannot_be_checked_is_said_and_counts_as_none(server: Server) -> None:
    file = server.store.with_name("vouchers.notebooks") / "Monday.md"
    file.write_text(MONDAY.replace("net > 1", "nett > 1"))
    load(server, Code("A1", "Email"))
    assert "Notebooks :gray-badge[1 not checked]" in labels(checked(server, ""))
    imports = checked(server, "imports")
    assert "1 alert not checked in Monday" in labels(imports)
    (sentence,) = [one for one in captions(imports) if "nett" in one]
    assert sentence.startswith(":material/help: The alert of week cannot be checked")


def test_the_page_of_imports_names_a_few_notebooks_and_links_to_the_others(
    server: Server,
) -> None:
    for number in range(9):
        text = MONDAY.replace("net > 1", "codes_issued > 0")
        (server.store.with_name("vouchers.notebooks") / f"N{number}.md").write_text(text)
    load(server, Code("A1", "Email"))
    shown = labels(checked(server, "imports"))
    assert [label for label in shown if " alert in " in label] == [
        f"1 alert in N{number}" for number in range(6)
    ]
    assert "3 other notebooks have alerts" in shown
    assert "Notebooks :orange-badge[9 alerts]" in shown


def test_sql_with_an_alert_runs_in_the_sandbox(server: Server) -> None:
    file = server.store.with_name("vouchers.notebooks") / "Monday.md"
    file.write_text(
        "```sql s\n-- alert: codes > 1\nselect count(*) as codes from chosen_codes\n```\n"
    )
    load(server, Code("A1", "Email"), Code("B1", "SMS"))
    assert ":material/warning: s: codes is 2, above 1" in captions(checked(server, "imports"))
