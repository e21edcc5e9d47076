"""How the commands begin and what they print: neither can fail for the sake of a sign."""

import contextlib
import io
import json
import logging
import os
import sys
from collections.abc import Callable

from data.store import logs


def run(main: Callable[[], int]) -> None:
    """Run a command and end the process with its exit code."""
    never_fail()
    logs.configure(logging.WARNING)
    sys.exit(main())


def never_fail() -> None:
    """Let standard output and error print what their encoding lacks as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line, if somebody takes it: the work that it tells of is done."""
    _print(text, "stdout")


def warn(text: str) -> None:
    """Print a line to standard error, if somebody takes it."""
    _print(text, "stderr")


def as_json(value: object) -> str:
    """JSON in letters as far as standard output has them, else in JSON's own escapes."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _print(text: str, name: str) -> None:
    try:
        print(text, file=getattr(sys, name), flush=True)
    except UnicodeEncodeError:  # a stream that somebody put in place of ours
        _print(text.encode("ascii", "backslashreplace").decode(), name)
    except (OSError, ValueError):  # a closed pipe, a full disk
        # Python would complain at exit of what it still holds.
        with contextlib.suppress(OSError):
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
