"""Clocks and memory for the benchmark and the load test."""

import math
import os
import re
from contextlib import suppress
from pathlib import Path

from tests.support.server import Server
from tests.support.tab import Seconds

RUNS = 5


def interleaved(*sides: Seconds, longest: float = math.inf) -> list[list[float]]:
    """Run the sides in turn, several times; the seconds that each of them says it took.

    A side that has taken the longest time in all runs no further round, and its runs are fewer.
    """
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(RUNS):
        for seconds, side in zip(taken, sides, strict=True):
            if sum(seconds) < longest:
                seconds.append(side())
    return taken


def held(process: int, what: str) -> int:
    """Bytes of memory, as Linux tells them: VmRSS now, VmHWM at most so far."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text("utf-8"))
    return int(found[1]) * 1024 if found else 0  # a process that has ended holds none


def held_by_group(group: int, what: str) -> int:
    """Bytes of memory of all processes in a group."""
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, FileNotFoundError):  # it has ended meanwhile
            if os.getpgid(int(folder.name)) == group:
                found += held(int(folder.name), what)
    return found


def memory(server: Server, what: str = "VmRSS") -> int:
    return held(server.process.pid, what)


def cpu_seconds(process: int) -> float:
    """The seconds of CPU that a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def forget_peak(server: Server) -> None:
    """Reset VmHWM to what the process holds now."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
