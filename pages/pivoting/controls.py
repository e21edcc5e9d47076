"""The controls of a pivot, kept in the address: measure, rows, columns, mean per day, colours."""

import streamlit as st

from pages.charts.cohort_controls import days_control
from pages.frame.view_state import keep
from pages.pivoting.choice import Choice
from pages.pivoting.dimensions import DIMENSIONS, NONE
from pages.pivoting.measures import MEASURES, NO_PLACE, dimensions_of, usual_columns

NO_COLUMNS = "None: totals only"


def pivot_controls() -> tuple[Choice, bool]:
    """Draw the controls; returns what is chosen, and whether cells are coloured."""
    left, middle, right = st.columns(3, gap="small")
    measure = left.selectbox(
        "Measure",
        list(MEASURES),
        format_func=lambda name: MEASURES[name].label,
        key=keep("measure", "net", list(MEASURES)),
    )
    offered = dimensions_of(measure)
    rows = middle.selectbox(
        "Rows",
        list(offered),
        format_func=DIMENSIONS.__getitem__,
        key=keep("rows", "group", list(offered), elsewhere=list(DIMENSIONS)),
    )
    others = [NONE, *(name for name in offered if name != rows)]
    columns = right.selectbox(
        "Columns",
        others,
        format_func=lambda name: DIMENSIONS.get(name, NO_COLUMNS),
        key=keep("columns", usual_columns(measure, rows), others, elsewhere=[NONE, *DIMENSIONS]),
    )
    if offered is not DIMENSIONS:
        st.caption(NO_PLACE)
    days = days_control() if measure == "within" else None
    with st.container(horizontal=True, gap="medium"):
        per_day = _mean_control() if MEASURES[measure].has_mean else False
        has_colours = st.toggle("Colour the cells", key=keep("heat", True, [True, False]))
    return Choice(rows, columns, measure, days or Choice.days, per_day), has_colours


def _mean_control() -> bool:
    return st.toggle(
        "Mean per day",
        key=keep("per_day", False, [True, False]),
        help="Divided by the number of days of the period that are of the row and the column, "
        "days without redemptions too",
    )
