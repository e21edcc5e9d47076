"""Near misses looked for in the batches that may hold them are those that all batches have."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.scope import Scope
from queries.checking import check
from queries.checking.listing import listing
from queries.filters import Filters
from tests.support.effort import examples
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.stores import import_rows, temporary_store
from tests.support.strategies import SLOW

pytestmark = pytest.mark.slow

# Plain signs, zeros, a blank, an invisible one, and two of which looks() makes one.
SIGNS = st.sampled_from("ABab019E5 \u200bÄe\u0301")
TEXTS = st.text(SIGNS, min_size=1, max_size=6).filter(lambda text: bool(text.strip()))
STORED = st.builds(str.__add__, st.sampled_from(["", "00A", "AB", "be", "1E"]), TEXTS)
BATCHES = st.lists(
    st.tuples(st.sampled_from(["codes", "transactions"]), st.sets(STORED, min_size=1, max_size=4)),
    min_size=1,
    max_size=4,
)
# What becomes of a stored code in a list.
CHANGES = st.sampled_from(
    [
        *(str.lower, str.upper, str.title, lambda code: code.lstrip("0") or code),
        *(lambda code: f"0{code}", lambda code: f"{code[:2]} {code[2:]}"),
        *(lambda code: f"B{code[1:]}", lambda code: f"{code[:-1]}9", lambda code: f"{code}1"),
        *(lambda code: f"{code[:1]}\u200b{code[1:]}", lambda code: code[1:] or code),
    ]
)


@given(BATCHES, st.lists(st.tuples(st.integers(0, 15), CHANGES), min_size=1, max_size=20))
@settings(SLOW, max_examples=examples(30))
def test_a_few_batches_have_the_near_misses_of_all(
    batches: list[tuple[str, set[str]]], changes: list[tuple[int, Callable[[str], str]]]
) -> None:
    known = sorted(set[str]().union(*(stored for _, stored in batches)))
    codes = [change(known[place % len(known)]) for place, change in changes]
    listed = listing(enumerate(codes, 1))
    with temporary_store() as store, pytest.MonkeyPatch.context() as patch:
        for number, (kind, stored) in enumerate(batches):
            rows = (
                [Code(code) for code in sorted(stored)]
                if kind == "codes"
                else [Transaction(number * 10 + n, code) for n, code in enumerate(sorted(stored))]
            )
            scope = Scope(batch=str(number))
            import_rows(store, store.scratch / f"{kind}.csv", *rows, scope=scope)
        with store.cursor() as cursor:
            found = check.check(cursor, listed, Filters(), NOW)
            patch.setattr(check, "SHORT", 0)
            patch.setattr(check, "FEW_UNKNOWN", 0)
            assert check.check(cursor, listed, Filters(), NOW).rows.equals(found.rows)
