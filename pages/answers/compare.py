"""The numbers of two choices beside each other, of one state of the data."""

import pandas as pd

from data import owner
from pages.answers import held
from pages.answers.fetch import seen
from queries.engine.execute import begin_snapshot
from queries.engine.totals import run
from queries.filters import Filters

NAME = "compare_numbers"


def compare(a: Filters, b: Filters) -> pd.DataFrame:
    """The result of compare_numbers: one row per number.

    In a cell that holds it, what is held. Raises StoreUnavailable.
    """
    first, second = seen(a), seen(b)
    cell, of = held.current(), (NAME, first, (("b", second),))
    if cell and of in cell.frames:
        return cell.frames[of]
    store = owner.store()
    version = store.version
    with store.cursor() as cursor:
        begin_snapshot(cursor)
        frame = run(cursor, NAME, first, None, b=second)
    if cell:
        cell.keep(of, frame, version)
    return frame
