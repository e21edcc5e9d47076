"""The alerts of the app's notebooks: what a background check knows of them, for each person."""

from data import owner
from pages.answers.fetch import service
from pages.cells import alert_sql
from pages.cells.alert_checks import AlertChecks, Looked
from pages.people.all_notebooks import notebooks
from pages.people.current import person

checks = AlertChecks(
    notebooks, lambda: owner.store(), sql_cells=alert_sql.sql_cells, is_busy=service.is_busy
)


def looked() -> Looked:
    """What is known for the person whose page runs."""
    return checks.of(person())


def close() -> None:
    """End the checks, when the app stops."""
    checks.stop()
    alert_sql.sandboxes.close()  # a cell that runs in it ends
    checks.close()
