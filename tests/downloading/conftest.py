"""Servers and stores for tests of downloads."""

import shutil
from pathlib import Path

import pytest

from queries import export
from queries.downloading.receipts import History
from tests.support.tracing import Downloads
from tests.support.vouchers import Vouchers


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "vouchers.downloads.jsonl")  # beside the fixture's store


@pytest.fixture
def downloads(vouchers: Vouchers, history: History) -> Downloads:
    return Downloads(vouchers, history)


@pytest.fixture
def exported_file(fixture_file: Path, tmp_path: Path) -> Path:
    """A file that the command has written, with its receipt beside it."""
    file = tmp_path / "out.csv"
    store = shutil.copy(fixture_file, tmp_path / "vouchers.duckdb")
    assert export.main(["codes", "--store", str(store), "-o", str(file)]) == 0
    return file
