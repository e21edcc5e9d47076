"""What Datasette and Apache Superset are sent by `make bench`, and how their responses are read.

The servers themselves are not started: a function answers in their place.
"""

import json
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.bench.peers.dashboards import Dashboard, named
from tests.bench.peers.datasette import Datasette
from tests.bench.peers.statements import Statement
from tests.bench.peers.superset import Superset, literal, written_out

NO_GROUP = 0  # nothing runs
DAY = datetime(2025, 9, 1)
BY_GROUP = "select count(*) as codes from codes where group_name = $group_0"


def of_group(group: str) -> Statement:
    return Statement("issued", BY_GROUP, {"group_0": group})


def client(respond: Callable[[httpx.Request], httpx.Response]) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(respond), base_url="http://peer")


class SupersetOnPaper:
    """The requests that Superset would have got, and a response to each."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, dict[str, Any]]] = []
        self.sql: dict[int, str] = {}

    def respond(self, request: httpx.Request) -> httpx.Response:
        path, body = request.url.path.removeprefix("/api/v1/"), json.loads(request.content)
        self.got.append((request.method, path, body))
        if path == "security/login":
            return httpx.Response(200, json={"access_token": "signed-in"})
        assert request.headers["Authorization"] == "Bearer signed-in"
        if path == "database/":
            return httpx.Response(201, json={"id": 7})
        if path == "chart/data":
            rows = [{"codes": 3, "sql": self.sql[body["datasource"]["id"]]}]
            return httpx.Response(200, json={"result": [{"data": rows}]})
        number = len(self.sql) + 1 if path == "dataset/" else int(path.removeprefix("dataset/"))
        self.sql[number] = body["sql"]
        columns = [{"column_name": "codes"}, {"column_name": "sql"}]
        return httpx.Response(201, json={"id": number, "data": {"columns": columns}})

    def sent(self) -> list[tuple[str, str]]:
        """The requests since the last look."""
        found = [(method, path) for method, path, _ in self.got]
        self.got = []
        return found


@pytest.fixture
def paper() -> SupersetOnPaper:
    return SupersetOnPaper()


@pytest.fixture
def superset(paper: SupersetOnPaper) -> Superset:
    return Superset(client(paper.respond), NO_GROUP, Path("/raw.duckdb"), "secret")


def test_datasette_is_sent_the_sql_with_its_parameters_and_its_rows_keep_their_order() -> None:
    sent = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.path, dict(request.url.params)))
        group = request.url.params["group_0"]
        return httpx.Response(200, json={"rows": [[len(group), group]], "truncated": False})

    datasette = Datasette(client(respond), NO_GROUP, "tables")
    _, rows = datasette.run([of_group("SMS"), of_group("Email")])
    assert rows == [[(3, "SMS")], [(5, "Email")]]
    common = {"sql": BY_GROUP, "_shape": "arrays"}
    assert sorted(sent, key=lambda each: each[1]["group_0"]) == [
        ("/tables.json", common | {"group_0": "Email"}),
        ("/tables.json", common | {"group_0": "SMS"}),
    ]


def test_datasette_gets_times_as_sqlite_compares_them_and_numbers_as_texts() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        values = [[request.url.params[name] for name in ("asof", "offset")]]
        return httpx.Response(200, json={"rows": values, "truncated": False})

    statement = Statement("x", "select $asof, $offset", {"asof": DAY, "offset": 50})
    assert Datasette(client(respond), NO_GROUP, "tables").run([statement])[1] == [
        [("2025-09-01 00:00:00", "50")]
    ]


def test_rows_that_datasette_has_cut_off_are_not_measured() -> None:
    cut = {"rows": [], "truncated": True}
    cuts_off = client(lambda _: httpx.Response(200, json=cut))
    with pytest.raises(AssertionError):
        Datasette(cuts_off, NO_GROUP, "tables").run([of_group("SMS")])


def test_what_a_server_says_instead_of_a_result_is_raised() -> None:
    refuses = client(lambda _: httpx.Response(400, text="no such table: codes"))
    with pytest.raises(AssertionError, match="no such table: codes"):
        Datasette(refuses, NO_GROUP, "tables").run([of_group("SMS")])


def test_superset_gets_a_dataset_for_each_statement_and_then_only_its_new_sql(
    superset: Superset, paper: SupersetOnPaper
) -> None:
    assert paper.sent() == [("POST", "security/login"), ("POST", "database/")]
    chart = ("POST", "chart/data")
    assert shown(superset, "SMS", "Email") == [
        [(3, BY_GROUP.replace("$group_0", "'SMS'"))],
        [(3, BY_GROUP.replace("$group_0", "'Email'"))],
    ]
    assert paper.sent() == [("POST", "dataset/"), ("POST", "dataset/"), chart, chart]
    assert shown(superset, "SMS", "Social")[1] == [(3, BY_GROUP.replace("$group_0", "'Social'"))]
    assert paper.sent() == [("PUT", "dataset/2"), chart, chart]


def shown(dashboard: Dashboard, *groups: str) -> list[list[tuple[Any, ...]]]:
    return dashboard.run(map(of_group, groups))[1]


def test_superset_passes_its_cache_by_unless_it_is_to_be_used(
    superset: Superset, paper: SupersetOnPaper
) -> None:
    superset.run([of_group("SMS")])
    superset.run([of_group("SMS")], from_cache=True)
    charts = [body for _, path, body in paper.got if path == "chart/data"]
    assert [chart["force"] for chart in charts] == [True, False]
    assert charts[0]["queries"] == [{"columns": ["codes", "sql"], "row_limit": 50_000}]


def test_sql_with_its_values_written_out_means_the_same() -> None:
    values = {"name": "O'Neil $day", "day": DAY, "number": 50, "number_2": 7}
    statement = Statement("x", "select $name, $day, $number, $number_2", values)
    with duckdb.connect() as db:
        bound = db.execute(statement.sql, statement.parameters).fetchall()
        assert db.execute(written_out(statement)).fetchall() == bound
    assert literal(DAY) == "timestamp '2025-09-01 00:00:00'"


def test_a_peer_that_there_is_not_is_refused_in_a_sentence() -> None:
    assert named("datasette,superset") == ("datasette", "superset")
    with pytest.raises(ArgumentTypeError, match="there is no peer 'metabase': the peers are"):
        named("superset,metabase")
