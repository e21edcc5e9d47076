"""Fixtures of all tests: stores, the running app, a real browser; and the markers of tests."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytest.register_assert_rewrite("tests.support")

from data.store.database import Store  # noqa: E402 - asserts of tests.support are to be rewritten
from tests.support.chromium import path_of_chromium  # noqa: E402
from tests.support.effort import QUICK  # noqa: E402
from tests.support.expected import import_fixtures  # noqa: E402
from tests.support.imports_page import make_store  # noqa: E402
from tests.support.macros import copy_macros  # noqa: E402
from tests.support.rows import Code  # noqa: E402
from tests.support.server import Server, serving  # noqa: E402
from tests.support.stores import copied  # noqa: E402
from tests.support.vouchers import Vouchers  # noqa: E402

TESTS = Path(__file__).parent
SERVERS = {"server", "start", "own_server", "large_server"}
STARTERS = {"serving", "serving_people"}  # a module that imports one of them needs a server
# The tests of such a server run in one worker, or each worker would start it.
SHARED = ("large_server", "own_server")
# A busy machine makes a browser miss its time, and nothing else.
RETRIED = pytest.mark.flaky(reruns=2, only_rerun=["TimeoutError", "Locator expected"])

# They need what requirements-cluster.txt and tests/requirements-cluster.txt list.
CLUSTER = bool(os.environ.get("CLUSTER"))
collect_ignore = [] if CLUSTER else ["cluster"]

CASES = 1  # of a parametrised test that writes files, in `make quick`
IN_MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3  # bytes that all temporary files need at most

# A busy machine makes any example slow.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

left_out: list[int] = []


def pytest_configure() -> None:
    """Spare imports the wait for the disk, where memory has room, and stores their macros."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    copy_macros()


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marker
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they need; the longest come first, so that both workers end together."""
    if QUICK:
        kept = few_cases(items)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]
    items.sort(key=lambda item: TESTS / "torture" not in item.path.parents)
    grouped = {item.path for item in items if shares_with_its_module(item)}
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if needs & SERVERS or STARTERS & vars(getattr(item, "module", None) or object).keys():
            item.add_marker("server")
        if "browser" in needs:
            item.add_marker("browser")
            item.add_marker(RETRIED)
        if TESTS / "torture" in item.path.parents:
            item.add_marker("torture")
        groups = [name for name in SHARED if name in needs]
        if not groups and item.path in grouped:
            groups = [str(item.path.relative_to(TESTS))]
        for name in groups:
            item.add_marker(pytest.mark.xdist_group(name))


def shares_with_its_module(item: pytest.Item) -> bool:
    """Whether a test needs what is made once for its module: each worker would make it."""
    fixtures: dict[str, Any] = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    return any(fixture.scope == "module" for found in fixtures.values() for fixture in found)


def few_cases(items: list[pytest.Item]) -> set[pytest.Item]:
    """Some cases of each test that writes files, evenly spread; all cases of the others."""
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return {
        case
        for cases in tests.values()
        for case in (
            cases[:: max(1, len(cases) // CASES)][:CASES] if writes_files(cases[0]) else cases
        )
    }


def writes_files(item: pytest.Item) -> bool:
    return not {"tmp_path", "tmp_path_factory"}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count what a selection by marker leaves out; with xdist, in each worker."""
    left_out.append(len(items))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = sum(left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a controller of xdist
    left_out[:] = [getattr(node, "workeroutput", {}).get("left_out", 0)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not CLUSTER:
        terminalreporter.line("The tests of clusters are left out; `make test-cluster` runs them.")
    if QUICK and (count := sum(left_out)):
        terminalreporter.line(f"{count:,} tests are left out; `make test` runs all.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store of the test's own."""
    with closing(Store(tmp_path / "vouchers.duckdb")) as opened:
        yield opened


@pytest.fixture
def vouchers(store: Store, tmp_path: Path) -> Vouchers:
    """An empty store of the test's own, to be filled with rows and queried."""
    return Vouchers(store, tmp_path)


@pytest.fixture(scope="session")
def fixture_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the fixtures in it. Copy it, do not change it."""
    path = tmp_path_factory.mktemp("fixtures") / "vouchers.duckdb"
    with closing(Store(path)) as opened:
        import_fixtures(opened)
    return path


@pytest.fixture
def loaded(fixture_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of the test's own with the fixtures in it."""
    with closing(Store(copied(fixture_file, tmp_path))) as opened:
        yield opened


@pytest.fixture
def ten_codes(tmp_path: Path) -> Path:
    """A closed store of ten codes, in a folder of its own."""
    (tmp_path / "store").mkdir()
    return make_store(tmp_path / "store" / "vouchers.duckdb", 10)


@pytest.fixture(scope="session")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over the fixtures. For tests that change nothing in the store."""
    folder = tmp_path_factory.mktemp("server")
    path = copied(fixture_file, folder)
    with serving(path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture(scope="session")
def own_server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over the fixtures, for tests that import something more."""
    folder = tmp_path_factory.mktemp("own_server")
    path = copied(fixture_file, folder)
    with serving(path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture(scope="session")
def large_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over 300,000 codes, a CSV of about 100 MB."""
    folder = tmp_path_factory.mktemp("large_server")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        Vouchers(store, folder).load(Code("C0", parent="x" * 300))
        with store.writing() as cursor:
            cursor.execute(
                "insert into vouchers.codes "
                "select codes.* replace (code_id + i as code_id, 'C' || i as code) "
                "from vouchers.codes, range(1, 300_000) as numbers(i)"
            )
    with serving(store.path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server of the test's own: start(store, VOUCHERS_SAMPLE="0")."""
    with ExitStack() as servers:

        def started(store: Path, **environment: str) -> Server:
            log = tmp_path / f"server{len(list(tmp_path.glob('server*.log')))}.log"
            return servers.enter_context(serving(store, log, **environment))

        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = path_of_chromium()
    expect.set_options(timeout=30_000)  # a busy machine takes longer than the usual five seconds
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window of the test's own."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of the test's own."""
    return context.new_page()
