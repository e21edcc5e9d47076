"""Show as SQL: a chart, the numbers or a pivot of a notebook as an SQL cell that shows the same."""

from collections.abc import Iterable

from queries.fields import NOT
from queries.filters import BY_NAME
from queries.notebooks.choice import pairs_of
from queries.notebooks.meaning import Meaning
from queries.notebooks.sql_of_charts import CHARTS
from queries.notebooks.sql_of_pivots import pivot
from queries.notebooks.sql_written import NoText, Written

NO_ROWS = "It rests on more than chosen_codes and chosen_transactions have: there is no SQL for it."
REASONS = {
    "sql": "The cell is SQL already.",
    "control": "A control is no query: SQL reads it by its name.",
    "compare": "SQL reads what one filter chooses, and a comparison is of two.",
    "bounceback": "A parent may be a code that the filter does not choose: SQL reads none such.",
    "exposure": "It rests on past batches, also those that the filter does not choose.",
    "cancellation_funnel": "The chance of a rate is no function of SQL.",
}


def as_sql(meaning: Meaning) -> str | None:
    """The body of an SQL cell that shows what the cell shows; None where there is none."""
    try:
        written = _written(meaning)
    except NoText:
        return None
    return _head(meaning, written) + written.text


def why_not(meaning: Meaning) -> str:
    """Why there is no SQL for a cell, as a sentence; empty where there is."""
    try:
        _written(meaning)
    except NoText as error:
        return str(error)
    return ""


def _written(meaning: Meaning) -> Written:
    kind, query = meaning.cell.kind, meaning.query
    if meaning.problems:
        raise NoText(" ".join(meaning.problems))
    if reason := REASONS.get(kind) or REASONS.get(query):
        raise NoText(reason)
    if kind == "pivot":
        return pivot(meaning.values)
    if query not in CHARTS:
        raise NoText(NO_ROWS)
    return CHARTS[query](meaning.values, meaning.keys.text("show") == "rate")


def _head(meaning: Meaning, written: Written) -> str:
    """The keys of the cell as comments: what was its own, and how the rows are drawn."""
    keys = [
        ("title", meaning.keys.text("title")),
        ("filter", meaning.keys.text("filter")),
        ("controls", _controls(meaning)),
        *(("alert", rule) for rule in meaning.keys.texts_of("alert")),
        *written.look._asdict().items(),
    ]
    lines = [f"-- {name}: {' '.join(text.split())}\n" for name, text in keys if text]
    return "".join([*lines, "\n"]) if lines else ""


def _controls(meaning: Meaning) -> str:
    """The controls that choose rows: those that give values of a query stand in the SQL."""
    pairs = pairs_of(meaning.keys.text("controls"))
    return "&".join(f"{name}={control}" for name, control in _of_filter(pairs))


def _of_filter(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if pair[0].removesuffix(NOT) in BY_NAME]
