"""Threads and processes that save at the same time: one wins, and no text is lost."""

import contextlib
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.store.notebook_text import Conflict, NotSaved
from data.store.notebooks import Notebooks
from tests.support.paths import ROOT

ROUNDS = 25
SAVES = """
import sys
from pathlib import Path
from data.store.notebooks import Notebooks
from data.store.notebook_text import Conflict
folder, mine, *bases = sys.argv[1:]
notebooks = Notebooks(lambda: Path(folder))
print("ready", flush=True)
sys.stdin.readline()
for number, base in enumerate(bases):
    try:
        notebooks.save(f"N{number}", mine, base)
        print("saved", flush=True)
    except Conflict as conflict:
        print(conflict.theirs.text, flush=True)
"""
ADDS = f"""
import sys
from pathlib import Path
from data.store.notebooks import Notebooks
from data.store.notebook_text import Conflict
folder, mine = sys.argv[1:]
notebooks = Notebooks(lambda: Path(folder))
print("ready", flush=True)
sys.stdin.readline()
for number in range({ROUNDS}):
    while True:
        kept = notebooks.text("N")
        try:
            notebooks.save("N", kept.text + f"{{mine}}{{number}}\\n", kept.digest)
            break
        except Conflict:
            pass
"""


@pytest.fixture
def notebooks(tmp_path: Path) -> Notebooks:
    return Notebooks(lambda: tmp_path)


def run_two(script: str, folder: Path, *arguments: str) -> list[list[str]]:
    """Run a script in two processes, which begin together; returns what each prints."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder), mine, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for mine in ("a", "b")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    printed = [process.communicate()[0].splitlines() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    return printed


def test_of_two_threads_that_save_at_once_one_wins_and_the_other_is_shown_its_text(
    notebooks: Notebooks,
) -> None:
    for number in range(ROUNDS):
        name = notebooks.create(f"N{number}", "start")
        base, together = notebooks.text(name).digest, threading.Barrier(2)

        def save(
            mine: str, name: str = name, base: str = base, together: threading.Barrier = together
        ) -> str:
            together.wait()
            try:
                notebooks.save(name, mine, base)
            except Conflict as conflict:
                return conflict.theirs.text
            return "saved"

        with ThreadPoolExecutor(2) as threads:
            results = list(threads.map(save, ("a", "b")))
        assert sorted(results) in (["a", "saved"], ["b", "saved"])
        assert notebooks.text(name).text == ("a" if results[0] == "saved" else "b")


def test_of_two_processes_that_save_at_once_one_wins_and_the_other_is_shown_its_text(
    notebooks: Notebooks, tmp_path: Path
) -> None:
    created = [notebooks.create(f"N{number}", "start") for number in range(ROUNDS)]
    bases = [notebooks.text(name).digest for name in created]
    of_a, of_b = run_two(SAVES, tmp_path, *bases)
    for name, a, b in zip(created, of_a, of_b, strict=True):
        assert (a, b) in (("saved", "a"), ("b", "saved"))
        assert notebooks.text(name).text == ("a" if a == "saved" else "b")


def test_two_processes_that_save_over_each_others_texts_lose_no_line(
    notebooks: Notebooks, tmp_path: Path
) -> None:
    notebooks.create("N", "")
    run_two(ADDS, tmp_path)
    lines = notebooks.text("N").text.splitlines()
    for mine in ("a", "b"):
        assert [line for line in lines if line[0] == mine] == [f"{mine}{n}" for n in range(ROUNDS)]
    versions = notebooks.versions("N")
    assert [version.number for version in versions] == list(range(2 * ROUNDS + 1, 0, -1))
    assert Counter(version.digest for version in versions).most_common(1)[0][1] == 1


def test_threads_that_create_at_once_get_names_of_their_own(notebooks: Notebooks) -> None:
    with ThreadPoolExecutor(8) as threads:
        created = list(threads.map(lambda n: notebooks.create("Monday", f"{n}"), range(24)))
    assert sorted(created) == sorted(["Monday", *(f"Monday {n}" for n in range(2, 25))])
    assert sorted(int(notebooks.text(name).text) for name in created) == list(range(24))


def test_threads_that_rename_delete_and_save_at_once_lose_no_text(notebooks: Notebooks) -> None:
    notebooks.create("A", "text")
    base = notebooks.text("A").digest

    def tries(number: int) -> None:
        calls = (
            lambda: notebooks.rename("A", "B"),
            lambda: notebooks.rename("B", "A"),
            lambda: notebooks.save("A", f"{number}", base),
            lambda: notebooks.restore(notebooks.delete("B")),
        )
        with contextlib.suppress(NotSaved):  # another thread has renamed or saved it meanwhile
            calls[number % 4]()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(tries, range(80)))
    (listed,) = notebooks.names()
    versions = notebooks.versions(listed.name)
    assert versions[0].digest == listed.digest
    assert notebooks.version(listed.name, 1) == "text"
