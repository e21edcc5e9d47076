"""Stores that several tests of imports share."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.importing.scope import Scope
from data.store.database import Store
from tests.support.changes import OVERLAPPING
from tests.support.rows import Code, Transaction
from tests.support.stores import import_file, import_rows
from tests.support.wrong_files import A


@pytest.fixture
def overlapping(store: Store) -> Store:
    """A store with five imports that change each other's rows."""
    for file in OVERLAPPING:
        import_file(store, file)
    return store


@pytest.fixture(scope="session")
def yesterdays_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with a few rows, as it was yesterday."""
    folder = tmp_path_factory.mktemp("yesterday")
    with closing(Store(folder / "vouchers.duckdb")) as opened:
        import_rows(opened, folder / "codes.csv", Code("OLD1"), A, scope=Scope("May"))
        import_rows(opened, folder / "sold.csv", Transaction(1, "OLD1"))
    return opened.path


@pytest.fixture(scope="session")
def unchanged(yesterdays_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with yesterday's rows, for files that are refused: none of them changes it."""
    folder = tmp_path_factory.mktemp("unchanged")
    with closing(Store(Path(shutil.copy(yesterdays_file, folder)))) as opened:
        yield opened


@pytest.fixture
def yesterday(yesterdays_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with yesterday's rows."""
    with closing(Store(Path(shutil.copy(yesterdays_file, tmp_path)))) as opened:
        yield opened
