"""The app on a lake: pages, files, imports and SQL cells, as with a store of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from data.store.settings import PARQUET
from tests.support.commands import run_module
from tests.support.expected import EXPECTED, import_fixtures, parameters_of
from tests.support.lakes import names_of, names_there, on_lake
from tests.support.pages import WITH_FILTERS
from tests.support.rows import Code, codes_file
from tests.support.server import Server, serving, tiles

CASES = EXPECTED["answers"]
NAMES = [" ".join(f"{name}={value}" for name, value in parameters_of(case)) for case in CASES]
SQL = """```sql by_group
select group_name, count(*) as codes from chosen_codes group by all order by all
```
"""


@pytest.fixture(scope="module")
def lake_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over the fixtures, whose rows lie on a lake."""
    folder = tmp_path_factory.mktemp("lake")
    with on_lake(folder / "vouchers.duckdb") as store:
        import_fixtures(store)
    with serving(
        folder / "vouchers.duckdb", folder / "log", VOUCHERS_ENGINE=PARQUET, VOUCHERS_SAMPLE="0"
    ) as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_tiles_and_files_are_those_of_a_store_of_its_own(
    lake_server: Server, server: Server, case: dict[str, Any]
) -> None:
    query = parameters_of(case)
    assert tiles(lake_server.page(query=query)) == tiles(server.page(query=query))
    for kind in ("codes", "transactions"):
        address = f"/export/{kind}.csv?{urlencode(query)}"
        files = [httpx.get(running.url + address).content for running in (lake_server, server)]
        assert files[0] == files[1]
        assert len(files[0].splitlines()) == case[f"{kind}_rows"] + 1


@pytest.mark.parametrize("path", WITH_FILTERS)
def test_every_page_opens(lake_server: Server, path: str) -> None:
    page = lake_server.page(path, [("group", "Email"), ("asof", "2016-02-10")])
    assert "could not" not in json.dumps(page["tree"])


def test_an_import_through_the_app_is_on_the_lake_and_an_sql_cell_counts_it(
    lake_server: Server, tmp_path: Path
) -> None:
    file = codes_file(tmp_path / "more.csv", Code("LAKE1", "Lake"), Code("LAKE2", "Lake"))
    done = run_module("data.load", lake_server.store, file)
    assert (done.returncode, "2 new" in done.stdout) == (0, True), done.stderr
    notebook = tmp_path / "lake.md"
    notebook.write_text(SQL, "utf-8")
    ran = run_module("queries.notebook", lake_server.store, "run", notebook, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    (cell,) = json.loads(ran.stdout)["cells"]
    assert ["Lake", 2] in cell["rows"]


def test_when_the_app_has_stopped_only_the_files_of_the_store_are_there(tmp_path: Path) -> None:
    path = tmp_path / "vouchers.duckdb"
    with on_lake(path) as store:
        import_fixtures(store)
    file = codes_file(tmp_path / "more.csv", Code("LAKE1", "Lake"))
    with serving(path, tmp_path / "log", VOUCHERS_ENGINE=PARQUET, VOUCHERS_SAMPLE="0") as running:
        assert run_module("data.load", running.store, file).returncode == 0
        running.page()
    with on_lake(path) as store:
        assert names_there(path) == names_of(store)
