"""The app's log: failures by type and frames, never by their messages, which may quote codes."""

import logging
import threading
import traceback
from types import TracebackType

from data.store.settings import log_file, log_level

LOGGERS = ("app", "data", "pages", "queries")  # of the project

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
    """Log what the project's modules log, to the file and from the level that the settings name.

    Standard error gets only what is also `at_least` of that level: a command prints there too.
    """
    threading.excepthook = _log_thread
    file = log_file()
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler()
    handler.setFormatter(FramesOnly("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(log_level())
        if not file:
            logger.setLevel(max(logger.level, at_least))
        logger.propagate = False


def _log_thread(failed: threading.ExceptHookArgs) -> None:
    """Log a thread that ends by an exception, which Python would print with its message."""
    if failed.exc_type is not SystemExit:
        name = failed.thread.name if failed.thread else "unknown"
        error = failed.exc_value or failed.exc_type()
        _log.error(
            "The thread %s failed", name, exc_info=error.with_traceback(failed.exc_traceback)
        )
