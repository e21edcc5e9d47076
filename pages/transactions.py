"""Transactions: redemptions one by one, cancellations in the foreground."""

import streamlit as st

from pages.parts import charts, readings, tables
from pages.parts.alone import drawn_alone
from pages.parts.card import card, panel
from pages.parts.clicks import narrow, narrow_period
from pages.parts.columns import TRANSACTIONS
from pages.parts.download import download_button
from pages.parts.fetch import fetch
from pages.parts.frame import nothing_chosen, page_head
from pages.parts.grain import over_time_controls
from pages.parts.paging import pages, sort_controls
from pages.parts.state import chosen
from pages.parts.tiles import tiles
from pages.parts.words import DEFINITIONS

SORTS = {
    "time": "Time",
    "code": "Code",
    "group_name": "Group",
    "site_ref": "Site",
    "campaign_id": "Campaign",
    "cancelled": "Cancelled",
}
HOW = DEFINITIONS["Cancelled"] + " " + DEFINITIONS["Cancellation rate"]


def the_redemptions() -> None:
    """The rows, and how they are sorted."""
    count = int(fetch("numbers", chosen())["redemptions"][0])
    column, descending = sort_controls("transactions", SORTS, "time", down=True)

    def rows(offset: int) -> None:
        shown = fetch(
            "transactions_rows",
            chosen(),
            sort=column,
            descending=descending,
            offset=offset,
            of=count,
        )
        st.dataframe(
            shown.assign(
                cancelled=shown["cancelled"].map({True: "Yes", False: "No"}),
                code_deleted=shown["code_deleted"].map({True: "Yes", False: "No"}),
            ),
            hide_index=True,
            column_config=TRANSACTIONS,
            placeholder="",
            alt="The chosen redemptions, one per row",
            key="rows_transactions",
        )

    pages("transactions_page", count, rows, column, descending)


page_head("Transactions")
numbers = tiles(("Net redemptions", "Cancelled", "Cancellation rate"))
if not numbers["redemptions"]:
    nothing_chosen(int(numbers["codes_issued"]))
download_button("transactions")

left, right = st.columns(2, gap="small")
with panel("Cancellation rate over time", left):
    grain, shows_rate = over_time_controls(rate_first=True)
    periods = fetch("over_time", chosen(), grain=grain)
    card(
        "Cancellation rate over time",
        "over_time",
        charts.rate_over_time(periods, grain) if shows_rate else charts.over_time(periods, grain),
        readings.rate_over_time(periods, grain)
        if shows_rate
        else readings.over_time(periods, grain),
        tables.over_time(periods),
        HOW,
        on_click=narrow_period(grain),
        grain=grain,
    )
for place, by, column, label in (
    (right, "site", "site", "Site"),
    (left, "group", "group_name", "Group"),
    (right, "campaign", "campaign", "Campaign"),
):
    with panel(f"Cancellations by {by}", place):
        rates = fetch(f"cancellations_by_{by}", chosen())
        card(
            f"Cancellations by {by}",
            f"cancellations_by_{by}",
            charts.rate_by_name(rates, column),
            readings.cancellations(rates, column, by),
            tables.cancellations(rates, column, label),
            f"The {charts.TOP} with the most cancelled redemptions, the highest rate on top; those "
            f"with fewer than {charts.ENOUGH} redemptions come last. {HOW}",
            on_click=narrow(by),
        )

with panel("The redemptions"):
    drawn_alone(the_redemptions)
