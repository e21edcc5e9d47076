"""The app over rows that a cluster asks has the pages and the bytes of one over its store."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.database import Store
from data.store.lake import near
from data.store.moving import to_lake
from data.store.settings import rows_folder
from queries.engine import elsewhere
from queries.engine.cluster.cluster import Answer, Cluster
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.choices import fixture_choices, random_filters
from tests.support.clusters import servers
from tests.support.clusters.both import NO_SHRINKING, Odd
from tests.support.commands import run_module
from tests.support.effort import rounds
from tests.support.expected import EXPECTED, parameters_of
from tests.support.exports import export_file
from tests.support.lakes import held, on_lake
from tests.support.queries import FEBRUARY_10
from tests.support.rows import Code, Row, Transaction
from tests.support.server import Server, serving, tiles
from tests.support.stores import copied, import_rows, opened

CASES = EXPECTED["answers"]
NAMES = [" ".join(f"{name}={value}" for name, value in parameters_of(case)) for case in CASES]
PAGE = {"sort": "tie", "descending": False, "offset": 0, "of": None}
ASKED: dict[str, dict[str, Any]] = {
    "codes_rows": PAGE | {"search": None, "whole": False},
    "transactions_rows": PAGE,
    "codes_found": {"search": "a", "whole": False},
    "numbers": {},
    "maturity": {},
}


@pytest.fixture(scope="session")
def address(request: pytest.FixtureRequest, cluster: Cluster) -> str:
    """Where the cluster listens."""
    return cluster._connection._address


@pytest.fixture
def on_cluster(odd: Odd, address: str, tmp_path: Path) -> Iterator[Store]:
    """The odd store with its rows on a lake that the cluster asks."""
    path = copied_open(odd.store, tmp_path)
    to_lake(path)
    elsewhere.ask_at(address, rows_folder(path))
    near.use(near.Cluster(elsewhere.write, elsewhere.interrupt))
    try:
        with on_lake(path) as store:
            yield store
    finally:
        near.use(None)
        elsewhere.stop_asking()


def copied_open(store: Store, folder: Path) -> Path:
    """A copy of a store that is open."""
    with store.cursor() as cursor:
        cursor.execute("checkpoint vouchers")
    return copied(store.path, folder)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the queries that the cluster is asked."""
    asked: list[str] = []
    ask = Cluster.ask

    def noted(self: Cluster, name: str, *rest: Any) -> Answer:  # noqa: ANN401 - as ask() has them
        asked.append(name)
        return ask(self, name, *rest)

    monkeypatch.setattr(Cluster, "ask", noted)
    return asked


def rows(store: Store, name: str, filters: Filters) -> list[list[object]]:
    with store.cursor() as cursor:
        frame = run(cursor, name, filters, FEBRUARY_10, **ASKED[name])
    return [list(row) for row in frame.astype(object).where(frame.notna(), None).to_numpy()]


def test_queries_and_files_are_the_same_by_way_of_the_cluster(
    on_cluster: Store, odd: Odd, questions: list[str]
) -> None:
    @settings(max_examples=rounds(2, torture=20), phases=NO_SHRINKING)
    @given(seed=st.integers(0, 2**32))
    def agree(seed: int) -> None:
        filters, _ = Filters.from_query(random_filters(Random(seed), fixture_choices(odd.store)))
        for name in ASKED:
            assert rows(on_cluster, name, filters) == rows(odd.store, name, filters), name
        for kind in ("codes", "codes_more", "transactions"):
            for form in ("csv", "parquet", "xlsx"):
                files = [
                    export_file(store, kind, form, filters, FEBRUARY_10).read_bytes()
                    for store in (on_cluster, odd.store)
                ]
                assert files[0] == files[1], (kind, form)

    agree()
    assert {"codes_rows", "transactions_rows", "table_codes", "table_transactions"} <= {*questions}


def test_what_was_just_imported_is_in_the_next_answer(
    on_cluster: Store, tmp_path: Path, questions: list[str]
) -> None:
    before = rows(on_cluster, "codes_found", Filters())
    import_rows(on_cluster, tmp_path / "more.csv", Code("another a"), Code("a new one"))
    after = rows(on_cluster, "codes_found", Filters())
    assert int(str(after[0][0])) == int(str(before[0][0])) + 2
    assert questions.count("codes_found") == 2


FILES: tuple[list[Row], ...] = (
    [Code("A${x}", expiry="01/03/2017 00:00"), Code("b🍺 BEER"), Code("0777"), Code("new")],
    [
        Transaction(1, "A1", cancelled="Yes"),
        Transaction(900, "A🍺 beer"),
        Transaction(901, "b=1+1"),
    ],
    [Code("NEW"), Code("AO'Brien", "SMS"), Code("É%_")],
)


def test_an_import_does_the_same_with_the_rows_that_the_cluster_hands_back(
    on_cluster: Store,
    odd: Odd,
    questions: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(near, "READ_HERE", -1)
    (tmp_path / "native").mkdir()
    with opened(copied_open(odd.store, tmp_path / "native")) as native:
        for rows_of_file in FILES:
            for store in (on_cluster, native):
                import_rows(store, tmp_path / "next.csv", *rows_of_file)
            assert held(on_cluster) == held(native)
    looked_at = ["near_codes", "near_transactions", "near_rows"]
    assert questions == [*looked_at, "near_transactions", *looked_at, *looked_at]


@pytest.fixture(scope="module")
def cluster_server(
    fixture_file: Path, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The real app over the fixtures, whose rows the cluster asks."""
    folder = tmp_path_factory.mktemp("app")
    path = copied(fixture_file, folder)
    to_lake(path)
    with serving(path, folder / "log", VOUCHERS_ENGINE=address, VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_tiles_and_files_of_the_fixtures_are_right_on_the_cluster(
    cluster_server: Server, server: Server, case: dict[str, Any]
) -> None:
    query = parameters_of(case)
    assert tiles(cluster_server.page(query=query)) == tiles(server.page(query=query))
    for kind in ("codes", "transactions"):
        address = f"/export/{kind}.csv?{urlencode(query)}"
        files = [
            httpx.get(running.url + address, timeout=60).content
            for running in (cluster_server, server)
        ]
        assert sorted(files[0].splitlines()) == sorted(files[1].splitlines())
        assert len(files[0].splitlines()) == case[f"{kind}_rows"] + 1


def test_without_the_cluster_totals_go_on_and_rows_say_so_until_it_is_back(
    fixture_file: Path, tmp_path: Path
) -> None:
    port = servers.free_port()
    path = copied(fixture_file, tmp_path)
    to_lake(path)
    away = f"sc://{servers.HOST}:{port}"
    with serving(path, tmp_path / "log", VOUCHERS_ENGINE=away, VOUCHERS_SAMPLE="0") as running:
        assert tiles(running.page())["Codes issued"] == "18"
        page = running.page("codes")
        assert tiles(page)["Codes issued"] == "18"
        assert "The cluster that holds the rows does not answer" in json.dumps(page["tree"])
        assert "Something went wrong" not in json.dumps(page["tree"])
        file = httpx.get(f"{running.url}/export/codes.csv", timeout=60)
        assert file.status_code == 503
        assert file.text.startswith("The cluster that holds the rows does not answer")
        with servers.sail(tmp_path, port):
            again = running.page("codes")
            assert "does not answer" not in json.dumps(again["tree"])
            assert httpx.get(f"{running.url}/export/codes.csv", timeout=60).status_code == 200
    assert "Traceback" not in (tmp_path / "log").read_text("utf-8")


NOTEBOOK = """\
# Codes
```chart maturity
```
"""


def printed(path: Path, folder: Path) -> list[tuple[int, str]]:
    """What the commands print of rows: their exit code, and all that they say."""
    notebook = folder / "notebook.md"
    notebook.write_text(NOTEBOOK, "utf-8")
    commands: list[tuple[object, ...]] = [
        ("queries.run", "table_codes", "--status", "active"),
        ("queries.export", "transactions", "--status", "redeemed"),
        ("queries.notebook", "run", notebook, "--format", "md"),
    ]
    done = [run_module(str(module), path, *arguments) for module, *arguments in commands]
    return [(one.returncode, one.stdout + one.stderr) for one in done]


def without_its_own(said: str) -> str:
    """What was said, without what is of one run alone."""
    return re.sub(r"Receipt: \w+|Run on: .*", "", said)


def test_commands_ask_the_cluster_through_the_app_and_the_files_without_it(
    fixture_file: Path, sail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copied(fixture_file, tmp_path)
    to_lake(path)
    environment = {"VOUCHERS_ENGINE": sail, "VOUCHERS_SAMPLE": "0"}
    with serving(path, tmp_path / "log", **environment):
        through = printed(path, tmp_path)
    away = f"sc://{servers.HOST}:{servers.free_port()}"
    with serving(path, tmp_path / "log", **environment | {"VOUCHERS_ENGINE": away}):
        for code, said in printed(path, tmp_path):
            assert code == 1
            assert "The cluster that holds the rows does not answer" in said
    monkeypatch.setenv("VOUCHERS_ENGINE", away)
    alone = printed(path, tmp_path)
    assert [code for code, _ in alone] == [0, 0, 0]
    assert [without_its_own(said) for _, said in alone] == [
        without_its_own(said) for _, said in through
    ]
