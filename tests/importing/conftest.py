"""Stores that several tests of imports share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from tests.support.changes import OVERLAPPING
from tests.support.rows import TRANSACTIONS, Code, Transaction, codes_file, lines
from tests.support.stores import import_file
from tests.support.wrong_files import A


@pytest.fixture
def overlapping(store: Store) -> Store:
    """A store with five imports that touch each other's rows."""
    for file in OVERLAPPING:
        import_file(store, file)
    return store


@pytest.fixture(scope="session")
def yesterdays_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with a few rows, as it was yesterday."""
    folder = tmp_path_factory.mktemp("yesterday")
    opened = Store(folder / "vouchers.duckdb")
    load(opened, codes_file(folder / "codes.csv", Code("OLD1"), A), Scope("May"))
    (folder / "sold.csv").write_bytes(lines(TRANSACTIONS, Transaction(1, "OLD1")))
    load(opened, folder / "sold.csv")
    opened.close()
    return opened.path


@pytest.fixture
def yesterday(yesterdays_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with yesterday's rows."""
    opened = Store(Path(shutil.copy(yesterdays_file, tmp_path / "vouchers.duckdb")))
    yield opened
    opened.close()
