"""The servers that tests start do not outlive them."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.clusters import servers
from tests.support.clusters.servers import Process
from tests.support.paths import ROOT

# Tests that start a server, which has a child, and says their numbers.
TESTS = """
import sys, time
from pathlib import Path
from tests.support.clusters.servers import Process
started = Process(["/bin/sh", "-c", "sleep 600 & echo $$ $!; wait"], Path(sys.argv[1]))
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_server_and_its_children_end_with_the_tests(tmp_path: Path, how: signal.Signals) -> None:
    log = tmp_path / "log"
    log.touch()
    tests = subprocess.Popen([sys.executable, "-c", TESTS, log], cwd=ROOT)
    wait_until(lambda: log.read_text("ascii").endswith("\n"))
    started = [Path("/proc") / number for number in log.read_text("ascii").split()]
    assert len(started) == 2
    assert all(server.exists() for server in started)
    tests.send_signal(how)
    tests.wait(20)
    wait_until(lambda: not any(server.exists() for server in started))


def test_a_server_that_has_ended_is_known_to_have(tmp_path: Path) -> None:
    process = Process(["/bin/sh", "-c", "exit 0"], tmp_path / "log")
    wait_until(lambda: not process.is_running)
    process.kill()


def test_servers_that_are_not_installed_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert servers.missing() is None
    monkeypatch.setattr(servers, "ENVIRONMENT", tmp_path)
    assert servers.missing() == f"{servers.MISSING}Spark, Java, Sail."


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)
