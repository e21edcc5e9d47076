"""What the sign-in costs: the same views in turns, with it and without it."""

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile

from queries.filters import Filters
from tests.bench.measuring import interleaved
from tests.bench.report import Row, times
from tests.bench.views import Sides
from tests.support.people import provider, serving_people, signed_in
from tests.support.tab import Tab

VIEWS = {"": "Overview", "codes": "Codes", "transactions": "Transactions"}


def sign_in_costs(sides: Sides) -> list[Row]:
    """One row per page: as of another day with a sign-in, and how much longer that is."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        store = Path(copyfile(sides.ours.store, folder / "vouchers.duckdb"))
        people = stack.enter_context(serving_people(store, folder, stack.enter_context(provider())))
        cookies = dict(signed_in(people, "adam").cookies)
        return [_costs(sides, people.url, cookies, page) for page in VIEWS]


def _costs(sides: Sides, url: str, cookies: dict[str, str], page: str) -> Row:
    with Tab(sides.ours.url, page) as open_, Tab(url, page, cookies) as known:
        for tab in (open_, known):
            tab.look(Filters())
            tab.look(Filters(asof=next(sides.days)))
        without, with_ = interleaved(
            lambda: open_.look(Filters(asof=next(sides.days))),
            lambda: known.look(Filters(asof=next(sides.days))),
        )
    pairs = [(b - a) * 1000 for a, b in zip(without, with_, strict=True)]
    what = f"{VIEWS[page]}, as of another day, with a sign-in"
    return Row(f"{what} ({statistics.median(pairs):+.0f} ms)", times(with_))
