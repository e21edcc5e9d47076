"""The alerts of the app's notebooks: what is known of them for a person, checked in the background.

No function waits for a check; each that finds something changed has it begun.
"""

from data import owner
from pages.answers.fetch import service
from pages.cells import alert_sql
from pages.cells.alert_checks import AlertChecks, Looked
from pages.cells.notebooks import notebooks
from pages.people.current import person
from pages.people.person import Person
from queries.notebooks.alerts import Checked

checks = AlertChecks(
    notebooks, lambda: owner.store(), sql_cells=alert_sql.sql_cells, is_busy=service.is_busy
)


def looked() -> Looked:
    """What is known for the person whose page runs."""
    return checks.of(person())


def checked_of(somebody: Person, name: str) -> Checked | None:
    """What became of a notebook's alerts; None where it has none, or they are being checked."""
    return checks.of(somebody).notebooks.get(name)


def fired_of(somebody: Person, name: str) -> tuple[str, ...] | None:
    """A sentence per alert of a notebook that has fired; None where nothing is known of them."""
    checked = checked_of(somebody, name)
    return None if checked is None else checked.fired


def close() -> None:
    """End the checks, when the app stops."""
    checks.stop()
    alert_sql.sandboxes.close()  # a cell that runs in it ends
    checks.close()
