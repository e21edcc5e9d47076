"""The app's log: failures by their kind and place, never by their words, which may quote codes."""

import logging
import threading
import traceback
from types import TracebackType

from data.store.settings import log_file, log_level

ROOMS = ("app", "data", "pages", "queries")  # the loggers of the project

_log = logging.getLogger(__name__)

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class FramesOnly(logging.Formatter):
    """Formats an exception as its type and frames, without its message."""

    def formatException(self, ei: ExceptionInfo) -> str:
        """One line per frame, the innermost last."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)
        lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([kind.__name__ if kind else "no exception", *lines])


def configure(at_least: int = logging.NOTSET) -> None:
    """Log what our own modules say, to the file and from the level that the settings name.

    To standard error goes only what is `at_least` of that level: a command prints there too.
    """
    threading.excepthook = _log_thread
    file = log_file()
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
    handler.setFormatter(FramesOnly("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for room in ROOMS:
        logger = logging.getLogger(room)
        logger.handlers = [handler]
        logger.setLevel(log_level())
        if not file:
            logger.setLevel(max(logger.level, at_least))
        logger.propagate = False


def _log_thread(failed: threading.ExceptHookArgs) -> None:
    """What Python would print of a thread that ends by an exception, with its message."""
    if failed.exc_type is not SystemExit:
        name = failed.thread.name if failed.thread else "unknown"
        error = failed.exc_value or failed.exc_type()
        _log.error(
            "The thread %s failed", name, exc_info=error.with_traceback(failed.exc_traceback)
        )
