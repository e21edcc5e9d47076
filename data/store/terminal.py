"""Starts the commands and prints for them; none fails because its output cannot be printed."""

import argparse
import contextlib
import errno
import io
import json
import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from data.store import logs, privacy
from data.store.names import shown
from data.store.reasons import why
from data.store.settings import SettingError

STOPPED = 130  # the exit code of what the keyboard has interrupted


class Parser(argparse.ArgumentParser):
    """The options of a command. What is wrong with them is printed with visible escapes."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, in which a name may be quoted, and end with 2."""
        super().error(shown(message))


def run(main: Callable[[], int]) -> None:
    """Run a command and end the process with its exit code: 1 and a sentence where it fails."""
    privacy.keep_new_files_private()
    never_fail()
    try:
        logs.configure(logging.WARNING)
        code = main()
    except SettingError as error:
        warn(str(error))
        code = 1
    except Exception as error:
        warn(f"This could not be done: {why(error)}.")
        code = 1
    except KeyboardInterrupt:
        warn("Stopped.")
        code = STOPPED
    sys.exit(code)


def never_fail() -> None:
    """Let standard output and error print characters that their encoding lacks as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line, with visible escapes for what a terminal would obey.

    A closed pipe or a full disk is no error: the work that it reports is done.
    """
    _print(text, "stdout")


def warn(text: str) -> None:
    """Print a line to standard error, as say() does."""
    _print(text, "stderr")


def deliver(text: str, encoding: str | None = None) -> None:
    """Print what a command is there to print. Raises OSError where it does not get out.

    A reader that has seen enough is no error. `encoding`: whatever the terminal's is.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, "standard output is closed")
    try:
        if encoding:
            sys.stdout.buffer.write(text.encode(encoding))
        else:
            sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up("stdout")
    except OSError:
        _give_up("stdout")
        raise


def as_json(value: object) -> str:
    """JSON as text that standard output can print: with JSON's own escapes only if need be."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable():
        return json.dumps(value)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _print(text: str, name: str) -> None:
    try:
        print(shown(text), file=getattr(sys, name), flush=True)
    except UnicodeEncodeError:  # a stream that never_fail() has not configured
        _print(text.encode("ascii", "backslashreplace").decode(), name)
    except (OSError, ValueError):  # a closed pipe, a full disk
        _give_up(name)


def _give_up(name: str) -> None:
    """Print no more: Python would complain at exit of what is still in the buffer."""
    with contextlib.suppress(OSError):
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
