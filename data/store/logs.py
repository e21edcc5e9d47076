"""What the process logs: failures by type and frames, never by their messages.

A message may quote codes: the engine's quote rows, Python's quote values. So this holds for every
logger of the process, whoever wrote the library, and for all else that prints exceptions.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, TextIO

from data.store.names import shown
from data.store.settings import SettingError, log_file, log_level

LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
TIME = "%Y-%m-%dT%H:%M:%S%z"
LOGGERS = ("app", "data", "pages", "queries")  # of the project
EVENT_LOOP = "asyncio"  # its messages end with what failed as Python writes it, results included

_log = logging.getLogger(__name__)
_print_exception = traceback.print_exception

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Record(logging.LogRecord):
    """A record of any logger, without the message of any exception."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as LogRecord takes them
        super().__init__(*given, **named)
        error = self.exc_info[1] if self.exc_info else None
        self._is_ours = _is_ours(self.name)
        self._messages = {} if self._is_ours else dict(_messages(error, sys.exc_info()[1]))
        if error:
            self.exc_text = in_frames(error)
        self.exc_info = None  # a handler of its own would write the message
        self.msg = self._without_message(self.msg)
        if isinstance(self.args, Mapping):
            self.args = {name: self._without_message(arg) for name, arg in self.args.items()}
        elif self.args:
            self.args = tuple(map(self._without_message, self.args))

    def getMessage(self) -> str:
        """The text, with visible escapes; that of another's logger may have several lines."""
        text = super().getMessage()
        if self._is_ours:
            return shown(text)
        for message, kind in sorted(self._messages.items(), key=lambda pair: -len(pair[0])):
            text = text.replace(message, kind)
        if self.name == EVENT_LOOP:
            text = text.partition("\n")[0].partition("(")[0]
        return "\n".join(map(shown, text.split("\n")))

    def _without_message(self, value: Any) -> Any:  # noqa: ANN401 - whatever is logged
        """An exception's type in its place; a logger of ours may log a sentence of ours."""
        if isinstance(value, BaseException):
            has_our_sentence = self._is_ours and _is_ours(type(value).__module__)
            return str(value) if has_our_sentence else type(value).__name__
        return value


def in_frames(error: BaseException) -> str:
    """The type of an exception and one line per frame, the innermost last; then its causes."""
    return "\nbecause of ".join(map(_in_frames, _chain(error)))


def _in_frames(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([type(error).__name__, *lines])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, those it was raised from, and those of a group."""
    waiting, seen = [error], set[int]()
    while waiting:
        error = waiting.pop(0)
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting += getattr(error, "exceptions", ())
        waiting.append(
            error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        )


def _messages(*errors: BaseException | None) -> Iterator[tuple[str, str]]:
    """What the exceptions say, each with its type: a library may have put it into its text."""
    every = {id(one): one for given in errors for one in _chain(given)}.values()
    for error in (one for one in every if not isinstance(one, SettingError)):
        for text in (str(error), *error.args):
            if isinstance(text, str) and text.strip():
                yield text, type(error).__name__


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in LOGGERS


class FramesOnly(logging.Formatter):
    """Formats an exception as its type and frames, without its message."""

    def formatException(self, ei: ExceptionInfo) -> str:
        """One line per frame, the innermost last."""
        return in_frames(ei[1]) if ei[1] else "no exception"


def configure(at_least: int = logging.NOTSET) -> None:
    """Log what the project's modules log, to the file and from the level that the settings name.

    Standard error gets only what is also `at_least` of that level: a command prints there too.
    """
    hide_messages()
    file = log_file()
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
    handler.setFormatter(FramesOnly(LINE, TIME))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(log_level())
        if not file:
            logger.setLevel(max(logger.level, at_least))
        logger.propagate = False


def hide_messages() -> None:
    """Have no logger, hook or function of Python print what an exception says."""
    logging.setLogRecordFactory(Record)
    logging.raiseExceptions = False  # a call with wrong arguments would be printed with them
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_thread
    # Which take what those of Python take; mypy wants their arguments' names too.
    warnings.showwarning = _log_warning  # type: ignore[assignment]
    traceback.format_exc = _format_current
    traceback.print_exc = _print_current  # type: ignore[assignment]
    traceback.print_exception = _print_in_frames  # type: ignore[assignment]


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log what ends the process, but for a stop by the keyboard."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _log.critical("The process failed", exc_info=error)


def _log_unraisable(failed: Any) -> None:  # noqa: ANN401 - its type has no name at run time
    """Log an exception where none can be raised, as in __del__."""
    name = getattr(failed.object, "__qualname__", type(failed.object).__name__)
    _log.error("An error in %s could not be raised", name, exc_info=failed.exc_value)


def _log_thread(failed: threading.ExceptHookArgs) -> None:
    """Log a thread that ends by an exception, which Python would print with its message."""
    if failed.exc_type is not SystemExit:
        name = failed.thread.name if failed.thread else "unknown"
        error = failed.exc_value or failed.exc_type()
        _log.error(
            "The thread %s failed", name, exc_info=error.with_traceback(failed.exc_traceback)
        )


def _log_warning(
    _: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    *__: object,
    **___: object,
) -> None:
    """Log a warning by its type and place."""
    _log.warning("%s at %s:%d", category.__name__, filename, lineno)


def _format_current(*_: Any, **__: Any) -> str:  # noqa: ANN401
    """Instead of traceback.format_exc(), whose text a server logs when its app does not start."""
    error = sys.exc_info()[1]
    sentence = f"{error}\n" if isinstance(error, SettingError) else ""
    return sentence + (in_frames(error) if error else "no exception")


def _print_current(*_: Any, file: TextIO | None = None, **__: Any) -> None:  # noqa: ANN401
    """Instead of traceback.print_exc()."""
    _print_in_frames(sys.exc_info()[1], file=file)


def _print_in_frames(
    error: Any,  # noqa: ANN401 - as print_exception() takes it
    *given: Any,  # noqa: ANN401
    file: TextIO | None = None,
    **named: Any,  # noqa: ANN401
) -> None:
    """Instead of traceback.print_exception(): what goes to standard error goes to the log."""
    if file not in (None, sys.stderr):
        _print_exception(error, *given, file=file, **named)
        return
    value = given[0] if given else error
    _log.error("An exception was to be printed", exc_info=value if value else None)
