"""A pivot as a chart without a figure: its sentence, its table, its definition and its files."""

from collections.abc import Mapping

from pages.charts.chart import Chart
from pages.pivoting.choice import Choice, choice_of, title_of
from pages.pivoting.dimensions import NONE
from pages.pivoting.grid import file_table
from pages.pivoting.measures import MEASURES, definition_of, usual_columns
from pages.pivoting.reading import reading


def pivot_chart(choice: Choice) -> Chart:
    """The pivot with all rows and columns, as its file has it."""
    return Chart(
        of=choice.of.scope,
        title=title_of(choice),
        query="pivot_totals",
        name="pivot",
        values=choice.values,
        definition=definition_of(choice.measure),
        figure=lambda _: None,
        reading=lambda frame: reading(frame, choice),
        table=lambda frame: file_table(frame, choice),
        names_in_header=choice.columns if choice.columns != NONE else "",
    )


def typed_table(texts: Mapping[str, str]) -> Chart | None:
    """The pivot that the parameters of an address name, if there is one."""
    choice = choice_of(texts)
    return pivot_chart(choice) if choice else None


# Of each measure one, so that the address of each says which it is.
TABLE_FILES = [
    pivot_chart(Choice("group", usual_columns(measure, "group"), measure)) for measure in MEASURES
]
TYPED_TABLES = {"pivot": typed_table}
