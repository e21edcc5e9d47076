"""What is wrong with a command's values is said in one sentence, and nothing of it is done."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from data.handover import HEADER
from pages.routes.command_values import LARGEST
from pages.routes.commands import COMMANDS, VALUES
from queries import run
from tests.support.imports_page import exported, password_file
from tests.support.rows import SECRET
from tests.support.server import Server, serving
from tests.support.stores import copied

RIGHT: dict[str, dict[str, object]] = {
    "import": {"path": "/nowhere.csv", "encoding": "utf-8", "scope": {}, "clear_sample": False},
    "propose_exported_at": {"paths": ["/nowhere.csv"], "encoding": "utf-8"},
    "backup": {"path": "/nowhere/copy.duckdb"},
    "query": {"name": "numbers", "filters": [], "values": {}},
    "check_list": {"path": "/nowhere.csv", "filters": []},
    "notebook": {"text": "", "overrides": [], "format": "json", "to": "standard output"},
}
NO_VALUES = [b"", b"{", b"\xff", b"[" * 100_000, b"null", b"[]", b'"text"', b"1", b"NaN"]
NO_PATHS: list[object] = [None, 1, "", "a\0b", "\ud800", ["a"]]
WRONG: dict[tuple[str, str], list[object]] = {
    ("import", "path"): NO_PATHS,
    ("import", "name"): [1, "\ud800"],
    ("import", "encoding"): [None, "utf-7", {}],
    ("import", "scope"): [None, [], {"batch": 1}, {"other": "x"}],
    ("import", "clear_sample"): [None, 0, "no"],
    ("import", "exported_at"): [1, "", "soon", "2018-01-02 08:15+01:00", "2018-02-30 08:15"],
    ("propose_exported_at", "paths"): [None, "a", {}, *([path] for path in NO_PATHS)],
    ("propose_exported_at", "encoding"): [None, "utf-7"],
    ("backup", "path"): NO_PATHS,
    ("query", "name"): [None, 1, {}],
    ("query", "filters"): [None, {}, ["group"], [["group"]], [["group", 1]], [["a", "b", "c"]]],
    ("query", "values"): [None, [], {"a": "b"}, {"a": [1]}, {"a": ["\ud800"]}],
    ("query", "compared"): [1, {}, ["b"], [["b.group"]], [["b.group", 1]], [["a", "b", "c"]]],
    ("check_list", "path"): NO_PATHS,
    ("check_list", "column"): [1, "\ud800", []],
    ("check_list", "filters"): [None, {}, ["group"], [["group"]], [["group", 1]]],
    ("notebook", "text"): [None, 1, "\ud800"],
    ("notebook", "overrides"): [None, {}, ["group"], [["group"]], [["group", 1]]],
    ("notebook", "format"): [None, "pdf", {}],
    ("notebook", "to"): [None, 1, "\ud800"],
}


@pytest.fixture(scope="module")
def commanded(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The running app, which these tests send wrong values to."""
    folder = tmp_path_factory.mktemp("commanded")
    store = copied(fixture_file, folder)
    with serving(store, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def post(server: Server, command: str, body: bytes) -> httpx.Response:
    """The response to a command with the right password."""
    password = json.loads(password_file(server).read_text("utf-8"))["password"]
    return httpx.post(
        f"{server.url}/control/{command}", content=body, headers={HEADER: password}, timeout=60
    )


def test_every_command_says_what_its_values_must_be() -> None:
    assert VALUES.keys() == COMMANDS.keys()
    assert {(command, name) for command in VALUES for name in VALUES[command]} == WRONG.keys()


def test_wrong_values_are_refused_in_one_sentence_and_change_nothing(commanded: Server) -> None:
    rows = exported(commanded)
    bodies = [(command, body) for command in COMMANDS for body in NO_VALUES]
    for (command, name), values in WRONG.items():
        for value in values:
            wrong = RIGHT[command] | {name: value}
            bodies.append((command, json.dumps(wrong).encode()))
    for command, body in bodies:
        response = post(commanded, command, body)
        assert response.status_code == 400, (command, body[:100])
        assert response.text.endswith(".")
        assert response.text.count("\n") == 0
    assert exported(commanded) == rows
    log = commanded.log.read_text("utf-8")
    assert "Error" not in log
    assert "entry" not in log


def test_a_body_that_is_far_too_large_is_refused(commanded: Server) -> None:
    values = RIGHT["query"] | {"more": "x" * LARGEST}
    response = post(commanded, "query", json.dumps(values).encode())
    assert response.status_code == 413
    assert response.text == "A command may send 1,048,576 bytes at most."


def test_a_command_shows_the_sentence_by_which_the_app_refuses_its_values(
    commanded: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    groups = [f"--group={number}{'x' * 1000}" for number in range(1200)]
    assert run.main(["numbers", "--store", str(commanded.store), *groups]) == 1
    assert capsys.readouterr().err == "A command may send 1,048,576 bytes at most.\n"


def test_a_path_that_names_no_file_is_refused_and_quotes_nothing(commanded: Server) -> None:
    for command in ("import", "backup"):
        values = RIGHT[command] | {"path": f"/nowhere/{SECRET}\n\x1b[31m/x" + "y" * 300}
        response = post(commanded, command, json.dumps(values).encode())
        assert response.status_code == 200
        assert response.json()["refused"].isprintable()
