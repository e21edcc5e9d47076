"""The audit log in the running app: its page, and what pages and commands write into it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from data.store import audit
from data.store.audit import Event
from data.store.audit_file import Entry, log_of
from pages.auditing import check, log
from pages.people import current
from pages.people.current import NotAllowed
from pages.people.person import Person
from queries.downloading.keys import key_for
from tests.support.commands import run_module
from tests.support.imports_page import make_store
from tests.support.rows import SECRET, Code, codes_file
from tests.support.server import Server, elements, serving

CODE = f"{SECRET}0000003"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over ten codes, with sixty entries in its log."""
    folder = tmp_path_factory.mktemp("audit")
    store = make_store(folder / "vouchers.duckdb", 10)
    for number in range(60):
        audit.record(store, Event.SIGN_IN, "Ann" if number else "Bob", role="analyst")
    with serving(store, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def rows(page: dict[str, Any]) -> list[list[Any]]:
    """What the list of the page shows."""
    found: list[list[Any]] = listed(page)["data"]["preview"]["rows"]
    return found


def listed(page: dict[str, Any]) -> dict[str, Any]:
    (table,) = [e for e in elements(page, "dataframe") if "rows_audit" in e.get("key", "")]
    return table


def latest(app: Server) -> Entry:
    assert audit.problem(app.store) is None
    assert SECRET not in log_of(app.store).read_text("utf-8")
    return next(iter(audit.entries(app.store)))


def test_the_page_lists_the_entries_and_filters_them(app: Server) -> None:
    page = app.page("audit", None, {"audit_who": "bob"})
    ((time, event, who, what, number),) = rows(page)
    assert str(time).startswith(date.today().isoformat())
    assert (event, who, what, number) == ("Sign-in", "Bob", "role: analyst", 1)
    assert listed(app.page("audit"))["data"]["row_count"] == 50
    page = app.page("audit", None, {"audit_events": ["Backup"], "audit_text": "nothing"})
    assert "No entry matches" in str(page["tree"])


@pytest.mark.parametrize("role", ["viewer", "analyst", "exporter", "importer"])
def test_nobody_but_an_admin_reads_or_checks_the_log(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "person", lambda: Person("1", "Vera", role))
    for read in (log.log, check.check_log):
        with pytest.raises(NotAllowed):
            read()


def test_the_page_checks_that_the_log_is_whole(app: Server) -> None:
    page = app.press(app.page("audit"), "check_log")
    assert "No line of " in str(page["tree"])
    whole = log_of(app.store).read_bytes()
    log_of(app.store).write_bytes(whole.replace(b"Bob", b"Eve"))
    page = app.press(page, "check_log")
    log_of(app.store).write_bytes(whole)
    assert "The log is not whole" in str(page["tree"])
    assert "Entry 1, before line 2, has been altered." in str(page["tree"])


def test_a_search_for_a_code_is_recorded_once_and_without_the_code(app: Server) -> None:
    before = latest(app)["number"]
    app.page("codes", None, {"code_search": CODE}, {"codes_descending": False})
    entry = latest(app)
    assert entry["number"] == before + 1
    assert (entry["event"], entry["who"]) == ("code searched", "this computer")
    assert (entry["facts"]["where"], entry["facts"]["whole"]) == ("Codes", True)
    assert entry["facts"]["code"] == key_for(app.store.with_name("vouchers.key")).digest(CODE)
    same = app.page("codes", None, {"code_search": f" {CODE} "})
    assert latest(app)["facts"]["code"] == entry["facts"]["code"], same["status"]
    found = app.page("audit", None, {"audit_text": CODE})
    assert {row[1] for row in rows(found)} == {"Code searched"}


def test_a_search_for_a_leak_is_recorded(app: Server) -> None:
    assert httpx.get(f"{app.url}/export/codes.csv").status_code == 200
    app.page("downloads", None, {"traced_code": CODE})
    assert latest(app)["event"] == "code searched"
    assert latest(app)["facts"]["where"] == "Downloads"


def test_a_search_that_cannot_be_recorded_shows_nothing(app: Server) -> None:
    log = log_of(app.store)
    log.rename(log.with_suffix(".away"))
    log.mkdir()
    page = app.page("codes", None, {"code_search": f"{SECRET}0000004"})
    log.rmdir()
    log.with_suffix(".away").rename(log)
    assert "Nothing was searched: the audit log cannot be written" in str(page["tree"])
    assert [e for e in elements(page, "dataframe") if e.get("key") == "rows_codes"] == []


def test_what_commands_do_through_the_app_is_recorded_with_their_user(
    app: Server, tmp_path: Path
) -> None:
    file = codes_file(tmp_path / "a.csv", Code(f"{SECRET}A"))
    for event, module, *given in (
        ("imported", "data.load", file),
        ("backup", "data.backup", tmp_path / "copy.duckdb"),
        ("query run", "queries.run", "numbers", "--prefix", SECRET),
    ):
        done = run_module(str(module), app.store, *given)
        assert done.returncode == 0, done.stderr
        assert (latest(app)["event"], latest(app)["who"]) == (event, audit.command_user()), event
