"""Fixtures of the tests of notebooks: sandboxes for SQL cells."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from data.store.database import Store
from data.store.reading_copy import Copies
from queries.engine.sandbox.sandbox import Sandbox


@pytest.fixture(scope="session")
def copy_of_fixtures(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the closed store with the fixtures in it, alone in its folder."""
    return Path(shutil.copy(fixture_file, tmp_path_factory.mktemp("copy") / "copy.duckdb"))


@pytest.fixture(scope="session")
def sandbox(copy_of_fixtures: Path) -> Iterator[Sandbox]:
    """A sandbox over the fixtures, for tests that do not care which process answers."""
    with closing(Sandbox(copy_of_fixtures, seconds=60)) as opened:
        yield opened


@pytest.fixture
def sandbox_of() -> Iterator[Callable[[Store], Sandbox]]:
    """A sandbox over what a store holds now: sandbox_of(store)."""
    with ExitStack() as stack:

        def opened(store: Store) -> Sandbox:
            copy = Copies().of(store)
            stack.callback(copy.release)
            return stack.enter_context(closing(Sandbox(copy.path, seconds=60)))

        yield opened
