"""Rows with odd texts, nulls in each column and every status, and filters that choose by them."""

from hypothesis import strategies as st

from data.importing.scope import Scope
from data.store.database import Store
from queries.filters import Filters
from tests.support.model import TIMES, Model
from tests.support.rows import Code, Transaction, kind_of
from tests.support.stores import import_rows
from tests.support.strategies import CHOICES

# Of the files of odd_rows(), one after the other.
SCOPES = [Scope("it's May", "A", "7"), Scope(None, "${x}", "8"), Scope("May"), Scope()]
ODD = ["it's", "a\\b", "${x}", "two\nlines", "\U0001f355", "nb\u00a0sp", "=1+1", 'say "x"']


def odd_rows() -> list[list[Code] | list[Transaction]]:
    """Codes and transactions with odd texts, nulls in each column and every status."""
    groups = [*ODD, "Email", "SMS"]
    codes = [
        Code(
            f"{text}{number}",
            groups[(number + at) % len(groups)],
            start=TIMES[number % len(TIMES)],
            expiry=TIMES[(number + at) % len(TIMES)],
            type=["Item", "Discount", "", text][at % 4],
            quantity=["1", "6", ""][number % 3],
            item=["", text, "10000056168"][at % 3],
            parent=["", "A1", text][number % 3],
            redeemed=["", "", TIMES[at % 5]][number % 3],
        )
        for number in range(6)
        for at, text in enumerate([*ODD, "A", "ZZ", "1E"])
    ]
    transactions = [
        Transaction(
            number,
            code.code if number % 7 else f"unknown{number}",
            code.group if number % 5 else "",
            time=TIMES[number % 5],
            campaign=["", "C1", ODD[number % len(ODD)]][number % 3],
            campaign_name=["", ODD[number % len(ODD)]][number % 2],
            site=["Site001", "", ODD[number % len(ODD)]][number % 3],
            cancelled=["No", "Yes", "No"][number % 3],
            deleted=["No", "No", "No", "Yes"][number % 4],
        )
        for number, code in enumerate([*codes, *codes[:20]], 1)
    ]
    return [codes[:40], codes[30:], transactions[:50], transactions[45:]]


def fill(store: Store) -> None:
    for number, (rows, scope) in enumerate(zip(odd_rows(), SCOPES, strict=True)):
        import_rows(store, store.path.with_name(f"{number}.csv"), *rows, scope=scope)


def model_of_odd_rows() -> Model:
    """What a store that fill() has filled should hold."""
    model = Model()
    for rows, scope in zip(odd_rows(), SCOPES, strict=True):
        model.apply(kind_of(rows), rows, scope)
    return model


def odd_filters() -> st.SearchStrategy[Filters]:
    """Filters that choose by odd texts, and those that other tests use."""
    some = st.lists(st.sampled_from([*ODD, "Email", "(no group)"]), max_size=3).map(tuple)
    made = st.builds(
        Filters,
        group=st.none() | some,
        folder=st.none() | st.just(("it's May",)) | st.just(("May", "(no folder)")),
        prefix=st.none() | st.lists(st.sampled_from([*ODD, "A", "1e"]), max_size=2).map(tuple),
        site=st.none() | some,
        campaign=st.none() | some,
        status=st.none() | st.just(("redeemed", "expired")) | st.just(("active",)),
        cancelled=st.none() | st.booleans(),
        rest=st.booleans(),
    )
    return st.one_of(st.sampled_from(CHOICES), made)
