"""The fixtures of Voucher Manager, ready for queries."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from data.store.database import Store
from tests.support.odd_rows import fill
from tests.support.stores import copied, opened
from tests.support.vouchers import Vouchers


@pytest.fixture(scope="session")
def fixture_vouchers(
    fixture_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Vouchers]:
    """A store with the fixtures in it, for tests that only read."""
    folder = tmp_path_factory.mktemp("fixture_vouchers")
    with closing(Store(copied(fixture_file, folder))) as store:
        yield Vouchers(store, folder)


@pytest.fixture(scope="session")
def odd_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with odd texts, nulls and every status in it, for tests that only read."""
    with opened(tmp_path_factory.mktemp("odd_store") / "vouchers.duckdb") as store:
        fill(store)
        yield store
