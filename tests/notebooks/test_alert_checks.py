"""Alerts in the app: after imports and edits, for each person, and no page waits for them."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pandas as pd
import pytest

from data.replay import undo
from data.store.database import Store
from data.store.notebooks import Notebooks
from pages.cells.alert_checks import AlertChecks, Looked, SqlCells
from pages.people.notebooks import NotebooksOfPeople
from pages.people.person import THIS_COMPUTER, Person
from queries.access import Access
from queries.engine.execute import Cursor
from queries.notebooks.alerts import Checked
from queries.notebooks.named_in_text import filters_in
from queries.notebooks.sql import Earlier, Sql, SqlResult, SqlText
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

EMIL = Person("emil", "Emil", "exporter")
ADAM = Person("adam", "Adam", "admin")
LENA = Person("lena", "Lena", "exporter", Access(groups=("Email",)))
ABOVE_ONE = "```numbers week\nalert: net > 1\n```\n"
SQL = "```sql s\n-- alert: rows > 0\nselect 1\n```\n"
FIRED = Checked(("week: net is 2, above 1",))
QUIET = Checked()


@pytest.fixture
def kept(tmp_path: Path) -> Notebooks:
    return Notebooks(lambda: tmp_path / "notebooks")


@pytest.fixture
def notebooks(kept: Notebooks) -> NotebooksOfPeople:
    return NotebooksOfPeople(kept, filters_in)


@pytest.fixture
def checks(notebooks: NotebooksOfPeople, store: Store) -> Iterator[AlertChecks]:
    with closing(AlertChecks(notebooks, lambda: store)) as made:
        yield made


@pytest.fixture
def one(vouchers: Vouchers) -> Vouchers:
    """Two codes, and one redemption of Email."""
    vouchers.load(Code("A1", "Email"), Code("B1", "SMS"))
    vouchers.load(Transaction(1, "A1", "Email"))
    return vouchers


@contextmanager
def closing(checks: AlertChecks) -> Iterator[AlertChecks]:
    try:
        yield checks
    finally:
        checks.close()


def import_more(vouchers: Vouchers) -> int:
    """One more redemption, of SMS; the import's number."""
    return vouchers.load(Transaction(2, "B1", "SMS", time="02/01/2016 12:00")).import_id


def of(checks: AlertChecks, person: Person = THIS_COMPUTER) -> dict[str, Checked]:
    """What is known once nothing is left to check."""
    while not (looked := checks.of(person)).is_done:
        time.sleep(0.01)
    return dict(looked.notebooks)


def always(sql: Sql) -> SqlCells:
    """Run SQL by this."""
    return lambda: nullcontext(sql)


class Counting:
    """The store, with a count of the cursors that are taken from it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.path, self.scratch = store.path, store.scratch
        self.taken = 0

    @property
    def version(self) -> int:
        return self._store.version

    def cursor(self) -> Cursor:
        self.taken += 1
        return self._store.cursor()


class Blocked(Counting):
    """The store, whose cursors come only once somebody opens the gate."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.gate, self.is_waited_for = threading.Event(), threading.Event()

    def cursor(self) -> Cursor:
        self.is_waited_for.set()
        self.gate.wait()
        return super().cursor()


def test_an_alert_fires_after_the_import_that_crosses_its_limit_and_ends_with_its_undo(
    one: Vouchers, notebooks: NotebooksOfPeople, checks: AlertChecks
) -> None:
    notebooks.create(THIS_COMPUTER, "Monday", ABOVE_ONE)
    assert of(checks) == {"Monday": QUIET}
    number = import_more(one)
    assert of(checks) == {"Monday": FIRED}
    undo.undo(one.store, {number})
    assert of(checks) == {"Monday": QUIET}


def test_what_was_true_of_other_data_is_not_shown_while_it_is_checked_again(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    notebooks.create(THIS_COMPUTER, "Monday", "```numbers week\nalert: net = 1\n```\n")
    source = Blocked(one.store)
    source.gate.set()
    with closing(AlertChecks(notebooks, lambda: source)) as checks:
        assert len(of(checks)["Monday"].fired) == 1
        source.gate.clear()
        import_more(one)
        assert checks.of(THIS_COMPUTER) == Looked({}, is_done=False)
        source.gate.set()
        assert of(checks) == {"Monday": QUIET}


def test_a_changed_notebook_is_checked_at_its_saved_text_and_the_others_stay(
    one: Vouchers, notebooks: NotebooksOfPeople, kept: Notebooks
) -> None:
    notebooks.create(THIS_COMPUTER, "Monday", ABOVE_ONE)
    notebooks.create(THIS_COMPUTER, "Tuesday", ABOVE_ONE)
    source = Blocked(one.store)
    source.gate.set()
    with closing(AlertChecks(notebooks, lambda: source)) as checks:
        assert of(checks) == {"Monday": QUIET, "Tuesday": QUIET}
        source.gate.clear()
        text = kept.text("Monday")
        notebooks.save_draft(THIS_COMPUTER, "Monday", "week", "alert: net < 5")
        assert checks.of(THIS_COMPUTER).is_done
        lower = ABOVE_ONE.replace("> 1", "> 0")
        notebooks.save(THIS_COMPUTER, "Monday", lower, text.digest)
        assert checks.of(THIS_COMPUTER) == Looked({"Tuesday": QUIET}, is_done=False)
        source.gate.set()
        assert of(checks)["Monday"] == Checked(("week: net is 1, above 0",))


def test_a_notebook_that_comes_goes_or_gets_another_name_is_noticed(
    one: Vouchers, notebooks: NotebooksOfPeople, checks: AlertChecks, tmp_path: Path
) -> None:
    assert checks.of(THIS_COMPUTER) == Looked({}, is_done=True)
    notebooks.create(THIS_COMPUTER, "Monday", ABOVE_ONE)
    assert of(checks) == {"Monday": QUIET}
    notebooks.rename(THIS_COMPUTER, "Monday", "Tuesday")
    assert of(checks) == {"Tuesday": QUIET}
    (tmp_path / "notebooks" / "Dropped.md").write_text(ABOVE_ONE)
    assert of(checks) == {"Tuesday": QUIET, "Dropped": QUIET}
    notebooks.delete(THIS_COMPUTER, "Tuesday")
    assert of(checks) == {"Dropped": QUIET}


def test_a_notebook_without_alerts_is_not_listed(
    one: Vouchers, notebooks: NotebooksOfPeople, checks: AlertChecks
) -> None:
    notebooks.create(THIS_COMPUTER, "Text", "# Nothing\n```numbers n\n```\n")
    assert of(checks) == {}


def test_somebody_limited_has_alerts_of_their_groups_only(
    one: Vouchers, notebooks: NotebooksOfPeople, checks: AlertChecks
) -> None:
    notebooks.create(ADAM, "Ours", ABOVE_ONE, for_everybody=True)
    import_more(one)
    assert of(checks, EMIL) == {"Ours": FIRED}
    assert of(checks, LENA) == {"Ours": QUIET}
    one.load(Transaction(3, "A1", "Email", time="03/01/2016 12:00", campaign="9"))
    assert of(checks, LENA) == {"Ours": FIRED}


def test_a_notebook_that_somebody_cannot_see_is_not_checked_for_them(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    source = Counting(one.store)
    with closing(AlertChecks(notebooks, lambda: source)) as checks:
        notebooks.create(ADAM, "Private", ABOVE_ONE)
        assert of(checks, EMIL) == {}
        assert source.taken == 0
        assert of(checks, ADAM) == {"Private": QUIET}
        assert source.taken == 1
        notebooks.share(ADAM, "Private", for_everybody=True)
        assert of(checks, EMIL) == {"Private": QUIET}
        notebooks.share(ADAM, "Private", for_everybody=False)
        assert of(checks, EMIL) == {}


def test_a_broken_notebook_does_not_keep_the_others_from_being_checked(
    one: Vouchers, notebooks: NotebooksOfPeople, checks: AlertChecks, tmp_path: Path
) -> None:
    notebooks.create(THIS_COMPUTER, "A broken one", "```chart nothing\nalert: rows > 0\n```\n")
    notebooks.create(THIS_COMPUTER, "Monday", ABOVE_ONE)
    (tmp_path / "notebooks" / "Bytes.md").write_bytes(b"\xff\xfe")
    found = of(checks)
    assert found["Monday"] == QUIET
    assert found["A broken one"].fired == ()
    assert "There is no query nothing" in found["A broken one"].not_checked[0]
    assert set(found) == {"Monday", "A broken one"}


def test_what_nobody_foresaw_is_said_of_its_notebook_alone(
    one: Vouchers, notebooks: NotebooksOfPeople, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> AbstractContextManager[Sql | None]:
        raise RuntimeError("NOV26SECRET")

    notebooks.create(THIS_COMPUTER, "Monday", SQL)
    notebooks.create(THIS_COMPUTER, "Tuesday", ABOVE_ONE.replace("> 1", "> 0"))
    caplog.set_level(logging.DEBUG)
    with closing(AlertChecks(notebooks, lambda: one.store, sql_cells=fails)) as checks:
        found = of(checks)
    assert found["Monday"] == Checked((), ("The notebook could not be run.",))
    assert found["Tuesday"] == Checked(("week: net is 1, above 0",))
    assert "NOV26SECRET" not in caplog.text


def test_the_log_has_counts_and_neither_names_nor_numbers(
    one: Vouchers,
    notebooks: NotebooksOfPeople,
    checks: AlertChecks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    notebooks.create(THIS_COMPUTER, "NOV26SECRET", ABOVE_ONE.replace("> 1", "> 0"))
    assert of(checks)["NOV26SECRET"].fired
    assert "Looked for alerts in 1 notebooks, 0 not wholly" in caplog.text
    assert "SECRET" not in caplog.text
    assert "above" not in caplog.text


def test_a_page_does_not_wait_for_fifty_notebooks(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    for number in range(50):
        notebooks.create(THIS_COMPUTER, f"Notebook {number}", f"{ABOVE_ONE}{number}")
    source = Blocked(one.store)
    with closing(AlertChecks(notebooks, lambda: source)) as checks:
        assert checks.of(THIS_COMPUTER) == Looked({}, is_done=False)
        source.is_waited_for.wait()
        for _ in range(20):  # the worker stands still, and nobody waits for it
            assert checks.of(THIS_COMPUTER) == Looked({}, is_done=False)
            assert checks.of(ADAM) == Looked({}, is_done=False)
        assert source.taken == 0
        source.gate.set()
        assert len(of(checks)) == 50


def test_a_result_is_shared_by_who_sees_the_same_and_kept_for_data_that_come_back(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    ran: list[None] = []

    @contextmanager
    def noted() -> Iterator[Sql | None]:
        ran.append(None)
        yield None

    notebooks.create(ADAM, "Ours", f"{ABOVE_ONE}{SQL}", for_everybody=True)
    with closing(AlertChecks(notebooks, lambda: one.store, sql_cells=noted)) as checks:
        of(checks, ADAM)
        of(checks, EMIL)
        assert len(ran) == 1
        of(checks, LENA)
        assert len(ran) == 2
        number = import_more(one)
        assert of(checks, ADAM)["Ours"].fired == FIRED.fired
        assert len(ran) == 3
        undo.undo(one.store, {number})
        assert of(checks, ADAM)["Ours"].fired == ()
        assert len(ran) == 3


def test_sql_with_an_alert_is_checked_by_what_runs_the_notebooks_sql(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    class Sandboxed:
        def is_current(self) -> bool:
            return True

        def names(self, sql: str) -> list[str]:
            return []

        def run(self, cell: SqlText, earlier: Sequence[Earlier]) -> SqlResult:
            return SqlResult(pd.DataFrame({"code": ["QZ7A"]}), 1)

        def compiled(self, cell: SqlText, earlier: Sequence[Earlier]) -> str:
            return ""

    notebooks.create(THIS_COMPUTER, "Leaks", SQL)
    sandboxed: Sql = Sandboxed()
    with closing(AlertChecks(notebooks, lambda: one.store, sql_cells=always(sandboxed))) as checks:
        assert of(checks) == {"Leaks": Checked(("s: 1 row, above 0",))}
    with closing(AlertChecks(notebooks, lambda: one.store)) as checks:
        assert of(checks) == {"Leaks": Checked((), ("s: SQL cells are turned off here.",))}


def test_where_no_sql_carries_an_alert_nothing_is_opened_for_sql(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    def opens() -> AbstractContextManager[Sql | None]:
        pytest.fail("It was opened.")

    text = f"{ABOVE_ONE}```sql s\nselect 1\n```\n"
    notebooks.create(THIS_COMPUTER, "Monday", text)
    with closing(AlertChecks(notebooks, lambda: one.store, sql_cells=opens)) as checks:
        assert of(checks) == {"Monday": QUIET}


def test_pages_go_first(one: Vouchers, notebooks: NotebooksOfPeople) -> None:
    busy = [True, True, True]
    source = Counting(one.store)
    taken: list[int] = []

    def is_busy() -> bool:
        taken.append(source.taken)
        return bool(busy and busy.pop())

    notebooks.create(THIS_COMPUTER, "Monday", ABOVE_ONE)
    with closing(AlertChecks(notebooks, lambda: source, is_busy=is_busy)) as checks:
        assert of(checks) == {"Monday": QUIET}
    assert taken[:4] == [0, 0, 0, 0]


def test_closing_ends_a_check_that_runs_and_no_other_begins(
    one: Vouchers, notebooks: NotebooksOfPeople
) -> None:
    began, may_end = threading.Event(), threading.Event()

    @contextmanager
    def waits() -> Iterator[Sql | None]:
        began.set()
        may_end.wait()
        yield None

    notebooks.create(THIS_COMPUTER, "Monday", SQL)
    notebooks.create(THIS_COMPUTER, "Tuesday", ABOVE_ONE)
    checks = AlertChecks(notebooks, lambda: one.store, sql_cells=waits)
    checks.of(THIS_COMPUTER)
    began.wait()
    closer = threading.Thread(target=checks.close)
    closer.start()
    may_end.set()
    closer.join()
    assert checks.of(THIS_COMPUTER) == Looked({}, is_done=False)
    while [one for one in threading.enumerate() if one.name.startswith("alerts")]:
        time.sleep(0.01)
