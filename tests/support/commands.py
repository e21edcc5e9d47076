"""Runs the app's commands in processes of their own, as people do."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from queries import export
from tests.support.paths import ROOT

NO_LIMIT = resource.getrlimit(resource.RLIMIT_FSIZE)[1]


def run_module(
    module: str, store: Path, *arguments: object, disk: int = NO_LIMIT
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m MODULE` on a store; no file may grow beyond `disk` bytes."""
    return subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(store)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        preexec_fn=None if disk == NO_LIMIT else lambda: limit_file_size(disk),
    )


def run_load(
    store: Path, *arguments: object, disk: int = NO_LIMIT
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m data.load`."""
    return run_module("data.load", store, *arguments, disk=disk)


def run_export(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `python -m queries.export`, with its output as bytes."""
    return subprocess.run(
        [sys.executable, "-m", "queries.export", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        timeout=60,
        check=False,
    )


def export_main(
    capsysbinary: pytest.CaptureFixture[bytes], *arguments: object
) -> tuple[int, bytes, str]:
    """Run the export command in this process: exit code, standard output and error."""
    try:
        code = export.main([str(argument) for argument in arguments])
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    printed = capsysbinary.readouterr()
    return code, printed.out, printed.err.decode()


def limit_file_size(size: int) -> None:
    """Let every write beyond this size fail in this process, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, NO_LIMIT))
