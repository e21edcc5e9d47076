"""Imports that tests kill, stop or starve."""

import pytest

from tests.support.weeks import Week, make_week


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """An import of about half a second, in a command that takes as long again to start."""
    return make_week(tmp_path_factory.mktemp("large"), known=20_000, changed=10_000, new=45_000)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """A store of some row groups, and a short import."""
    return make_week(tmp_path_factory.mktemp("small"), known=150_000, changed=1_000, new=5_000)
