"""The words that the editor of a cell completes."""

from contextlib import suppress

from pages.cells.editor import Word
from pages.cells.running import Running
from queries.engine.sandbox.cells import OWN_TABLES
from queries.engine.sandbox.columns import columns
from queries.notebooks.document import Cell
from queries.notebooks.result import CellResult
from queries.notebooks.values import NoValue, names_of, value_of

SAYS = {
    "chosen_codes": "The chosen codes, one row per code",
    "chosen_transactions": "The chosen redemptions, one row per redemption",
}


def words_of(running: Running, cell: Cell) -> list[Word]:
    """In a text the live numbers of all cells; in SQL tables, columns and earlier cells."""
    if cell.is_text:
        return [word for result in running.done for word in live_numbers(result)]
    return _of_sql(running) if cell.kind == "sql" else []


def live_numbers(result: CellResult) -> list[Word]:
    """What a text can name of a cell, each with its value now and what it is of."""
    words = []
    for name in names_of(result):
        with suppress(NoValue):
            text = value_of(result, name).text
            word = f"{result.meaning.name}.{name}"
            words.append(Word(word, "number", f"{text} · {result.in_words}"))
    return words


def _of_sql(running: Running) -> list[Word]:
    words = [Word(table, "table", SAYS[table]) for table in OWN_TABLES]
    for table, described in columns().items():
        words += [
            Word(column.name.lower(), "column", f"{table}: {column.definition}")
            for column in described
        ]
    names = dict.fromkeys(name for name, _, _ in _columns(running))
    words += [Word(name, "cell", "A cell of this notebook") for name in names]
    words += [Word(column, "column", name) for name, column, _ in _columns(running)]
    return list({word.word.casefold(): word for word in reversed(words)}.values())


def _columns(running: Running) -> list[tuple[str, str, str]]:
    """The cells with results, their columns, and their filters in words."""
    return [
        (result.meaning.name, column, result.in_words)
        for result in running.done
        if result.frame is not None and result.is_ok
        for column in map(str, result.frame.columns)
    ]
