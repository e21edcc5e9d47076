"""The card of the statuses, on the Overview and on the Codes page."""

from pages.parts import charts, readings, tables
from pages.parts.card import card
from pages.parts.clicks import narrow
from pages.parts.fetch import fetch
from pages.parts.state import chosen
from pages.parts.words import DEFINITIONS


def status_card() -> None:
    """How many of the chosen codes have which status."""
    statuses = fetch("status", chosen())
    named = tables.named_statuses(statuses)
    card(
        "Status of the codes",
        "status",
        charts.status(named),
        readings.status(named),
        tables.status(statuses),
        DEFINITIONS["Status"],
        on_click=narrow("status"),
    )
