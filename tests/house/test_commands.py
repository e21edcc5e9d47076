"""How a command starts and prints: a failure to print never undoes its work."""

import ast
from pathlib import Path

from tests.support.sources import MODULES, name_of

COMMANDS = [path for path in MODULES if '"__main__"' in path.read_text("utf-8")]
TERMINAL = "data/store/terminal.py"


def calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_there_are_commands_to_look_at() -> None:
    assert {"data/load.py", "data/backup.py", "data/audit.py", "queries/run.py"} <= set(
        map(name_of, COMMANDS)
    )


def test_a_command_is_run_by_the_terminal_that_can_print_every_character() -> None:
    for path in COMMANDS:
        last = ast.parse(path.read_text("utf-8")).body[-1]
        assert isinstance(last, ast.If), name_of(path)
        assert [ast.unparse(statement) for statement in last.body] == ["terminal.run(main)"], (
            name_of(path)
        )


def test_only_the_terminal_module_prints() -> None:
    for path in MODULES:
        if name_of(path) != TERMINAL:
            assert "print" not in calls(path), name_of(path)


def test_only_the_terminal_module_makes_a_parser_whose_errors_are_escaped() -> None:
    for path in MODULES:
        assert "argparse.ArgumentParser" not in calls(path), name_of(path)


def test_a_command_writes_json_by_the_terminal() -> None:
    for path in COMMANDS:
        printers = {"terminal.say", "terminal.warn"}
        tree = ast.parse(path.read_text("utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        printed = [ast.unparse(node) for node in nodes if ast.unparse(node.func) in printers]
        assert [call for call in printed if "json.dumps" in call] == [], name_of(path)
