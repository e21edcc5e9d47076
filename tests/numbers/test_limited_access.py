"""Who sees some groups or folders only gets what a store with those alone would give."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from queries.access import Access
from queries.engine.service import QueryService
from queries.filters import Filters
from tests.support.access import of_chosen_rows, of_imports, rows_of
from tests.support.effort import examples, rounds
from tests.support.exports import export_bytes
from tests.support.model import File, Model
from tests.support.queries import NOW
from tests.support.rows import Code, Row, Transaction
from tests.support.stores import import_file
from tests.support.strategies import CHOICES, FILES, SLOW
from tests.support.vouchers import Vouchers
from tests.support.walks import memory_folder, open_fast

pytestmark = pytest.mark.slow

ACCESSES = [
    Access(groups=("SMS",)),
    Access(groups=("Email", "nobody's")),
    Access(folders=("May",)),
    Access(groups=("Email",), folders=("May", "June")),
    Access(groups=()),
    Access(folders=()),
]
VIEWS = [
    *CHOICES,
    Filters(group=("(no group)", "SMS"), folder=("(no folder)", "May")),
    Filters(site=("Site001",), from_=date(2016, 1, 2)),
    Filters(status=("redeemed", "deleted"), cancelled=False),
]
# They tell what may be odd, and how the engine works, by more than the rows themselves.
ROUGH = {
    "plan",  # which totals answer: time, and no number
    "overlapping_prefixes",  # names some in vain, by first and last codes that once were
    "batches_around",
    "code_days",
    "code_to_check",  # as codes_file_silent, by when whole files were exported
    "to_check",  # each check by itself is compared
    # A code is gone where two exports are of the same groups, of which others may be unseen.
    "since",
    "since_rows",
    "table_since",
    "held_since",
}
# When a file was exported is proposed by all of its rows.
BY_WHOLE_FILES = {"check": "codes_file_silent"}
UNTOLD = {
    "to_check_rows": {"code_id"},
    "batches": {"imported"},
    "codes_rows": {"code_id"},
    "transactions_rows": {"code_id"},
    "code_facts": {"code_id"},
    "code_children": {"code_id"},
}


@contextmanager
def stores(files: list[File], access: Access) -> Iterator[tuple[Store, Store]]:
    """A store of all the files, and one of those of their rows that the access is to."""
    with memory_folder() as folder:
        whole, alone = (open_fast(folder / name / "vouchers.duckdb") for name in _made(folder))
        try:
            for file in files:
                import_file(whole, file)
            for file in _seen(files, access):
                import_file(alone, file)
            yield whole, alone
        finally:
            whole.close()
            alone.close()


def _made(folder: Any) -> Iterator[str]:  # noqa: ANN401 - a path
    for name in ("whole", "alone"):
        (folder / name).mkdir()
        yield name


def _seen(files: list[File], access: Access) -> Iterator[File]:
    """The files without the rows that end up in another group or folder."""
    model = Model()
    for file in files:
        model.apply(file.kind, file.rows, file.scope)
    for file in files:
        rows = [row for row in file.rows if _is_seen(access, model, file.kind, row)]
        if rows:
            yield replace(file, rows=rows)


def _is_seen(access: Access, model: Model, kind: str, row: Row) -> bool:
    if kind == "codes":
        held = model.codes[row[1], row[0]]
        group, folder = row[1], held.scope.folder
    else:
        held = model.transactions[row[0]]
        _, _, code, group, *_ = held.row
        known = model.codes.get((group, code))
        folder = (known or held).scope.folder
    return (access.groups is None or group in access.groups) and (
        access.folders is None or folder in access.folders
    )


def _held(store: Store, filters: Filters) -> tuple[int, int]:
    (held,) = rows_of(store, "held", filters, {})
    return held["codes"], held["transactions"]


def _rows(store: Store, name: str, filters: Filters, values: Any) -> list[dict[str, str]]:  # noqa: ANN401
    untold = UNTOLD.get(name, set())
    return [
        {column: str(value) for column, value in row.items() if column not in untold}
        for row in rows_of(store, name, filters, values)
    ]


@settings(SLOW, max_examples=examples(rounds(3, torture=100)))
@given(st.lists(FILES, min_size=1, max_size=4), st.sampled_from(ACCESSES), st.sampled_from(VIEWS))
def test_every_query_and_file_is_that_of_a_store_with_these_groups_and_folders_alone(
    files: list[File], access: Access, filters: Filters
) -> None:
    limited = replace(filters, access=access)
    with stores(files, access) as (whole, alone):
        for name, values in of_chosen_rows():
            if (
                name not in ROUGH
                and name != "held"
                and not values.items() >= BY_WHOLE_FILES.items()
            ):
                found = _rows(whole, name, limited, values)
                assert found == _rows(alone, name, filters, values), (name, values)
        held, wanted = _held(whole, limited), _held(alone, filters)
        assert held == wanted
        for kind in ("codes", "codes_more", "transactions"):
            lines = sorted(export_bytes(whole, kind, limited, NOW).splitlines())
            assert lines == sorted(export_bytes(alone, kind, filters, NOW).splitlines()), kind


@pytest.fixture
def two_groups(vouchers: Vouchers) -> Vouchers:
    """Two groups with a code of the same text, in two folders."""
    vouchers.load(Code("A1", "SMS"), Code("A2", "SMS"), folder="May", batch="7", prefix="A")
    vouchers.load(Code("A1", "Email", redeemed="08/01/2016 19:42"), folder="June", batch="8")
    vouchers.load(
        Transaction(1, "A1", "SMS", site="Site7"), Transaction(2, "X9", "Email", site="Site8"),
        Transaction(3, "X9", "", site="Site9"), folder="June",
    )  # fmt: skip
    return vouchers


def test_of_a_code_that_is_in_two_groups_only_the_seen_one_is_there(two_groups: Vouchers) -> None:
    limited = Filters(access=Access(groups=("SMS",)))
    values = {"search": "A1", "whole": True}
    assert rows_of(two_groups.store, "codes_found", limited, values) == [{"codes": 1}]
    assert rows_of(two_groups.store, "codes_found", Filters(), values) == [{"codes": 2}]


def test_a_row_without_a_group_is_not_seen_by_who_sees_some_groups(two_groups: Vouchers) -> None:
    for groups, redemptions in ((("SMS", "Email"), 3), (("SMS",), 1), ((), 0)):
        limited = Filters(access=Access(groups=groups))
        (numbers,) = rows_of(two_groups.store, "numbers", limited, {})
        assert numbers["redemptions"] == redemptions
        # Nor where it is asked for.
        without = replace(limited, group=("(no group)",))
        (numbers,) = rows_of(two_groups.store, "numbers", without, {})
        assert (numbers["redemptions"], numbers["codes_issued"]) == (0, 0)


def test_a_choice_of_another_group_gives_nothing_of_it(two_groups: Vouchers) -> None:
    limited = Filters(group=("Email",), access=Access(groups=("SMS",)))
    (numbers,) = rows_of(two_groups.store, "numbers", limited, {})
    assert (numbers["codes_issued"], numbers["redemptions"]) == (0, 0)
    assert export_bytes(two_groups.store, "codes", limited).count(b"\n") == 1


def test_what_is_excluded_takes_from_what_is_seen_and_shows_nothing_else(
    two_groups: Vouchers,
) -> None:
    for group, counts in (("Email", (2, 1)), ("SMS", (0, 0))):
        limited = Filters(excluded=(("group!", (group,)),), access=Access(groups=("SMS",)))
        (numbers,) = rows_of(two_groups.store, "numbers", limited, {})
        assert (numbers["codes_issued"], numbers["redemptions"]) == counts
        assert export_bytes(two_groups.store, "codes", limited).count(b"\n") == 1 + counts[0]


def test_what_other_groups_have_in_it_no_query_tells(two_groups: Vouchers) -> None:
    limited = Filters(access=Access(groups=("SMS",)))
    for name, values in (*of_chosen_rows(), *of_imports()):
        told = repr(rows_of(two_groups.store, name, limited, values))
        if name != "plan":
            assert not any(text in told for text in ("Email", "June", "Site8", "X9", "'8'")), name


def test_imports_are_for_those_who_see_all_rows(two_groups: Vouchers) -> None:
    for access in (Access(groups=("SMS",)), Access(folders=("May",))):
        for name, values in of_imports():
            rows = rows_of(two_groups.store, name, Filters(access=access), values)
            if name == "state":
                (state,) = rows
                assert [state[n] for n in ("imports", "last_import")] == [None, None]
            elif name == "data_until":
                assert len(rows) == 1  # on each page, for everybody
            elif name == "since_monday":
                assert [row["imports"] for row in rows] == [None]
            elif name == "held_changes":
                assert rows == [{"held": False}]
            else:
                assert rows == [], name
        (held,) = rows_of(two_groups.store, "held", Filters(access=access), {})
        assert (held["own_imports"], held["sample_imports"]) == (0, 0)


def test_two_persons_with_different_access_share_no_result(two_groups: Vouchers) -> None:
    service = QueryService(lambda: two_groups.store)
    accesses = (Access(), *ACCESSES, Access(masked=True), Access(groups=("SMS",), masked=True))
    requests = [service.request("numbers", Filters(access=a), ()) for a in accesses]
    assert len(set(requests)) == len(accesses)
    for filters in (Filters(), Filters(site=("Site7",)), Filters(prefix=("A",))):
        for access in accesses * 2:
            request = service.request("numbers", replace(filters, access=access), ())
            query = service.start(request)
            try:
                frame = query.future.result(30)
                (wanted,) = rows_of(two_groups.store, "numbers", request.view.filters, {})
                assert frame["codes_issued"][0] == wanted["codes_issued"]
                assert frame["redemptions"][0] == wanted["redemptions"]
            finally:
                service.finish(request, query)


def test_a_code_follows_its_folder_and_takes_its_redemptions_along(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), folder="May")
    vouchers.load(Transaction(1, "A1"), folder="June")
    for folder, redemptions in (("May", 1), ("June", 0)):
        limited = Filters(access=Access(folders=(folder,)))
        (numbers,) = rows_of(vouchers.store, "numbers", limited, {})
        assert numbers["redemptions"] == redemptions


def test_a_row_without_a_folder_is_not_seen_by_who_sees_some_folders(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"))
    vouchers.load(Code("A2"), folder="May")
    for folders, codes in ((None, 2), (("May",), 1), (("June",), 0)):
        limited = Filters(access=Access(folders=folders))
        assert rows_of(vouchers.store, "numbers", limited, {})[0]["codes_issued"] == codes
