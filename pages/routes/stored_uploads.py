"""Which uploads lie on the disk, and for which session: they are gone with it."""

import asyncio
import logging
import threading
from pathlib import Path

from pages.routes.streamlit_sessions import known_sessions

BETWEEN_SWEEPS = 2.0  # seconds

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_paths: dict[tuple[str, str], Path] = {}  # by session and file, as the page calls them


def remember(session: str, file: str, path: Path) -> None:
    """Note that an upload lies at `path`."""
    with _lock:
        before = _paths.get((session, file))
        _paths[session, file] = path
    if before is not None:
        before.unlink(missing_ok=True)


def delete(session: str, file: str) -> None:
    """Delete an upload. An import that has begun has moved it away, and is not disturbed."""
    with _lock:
        path = _paths.pop((session, file), None)
    if path is not None:
        path.unlink(missing_ok=True)


def sweep() -> None:
    """Delete the uploads of sessions that have ended."""
    with _lock:
        sessions = {session for session, _ in _paths}
    if ended := sessions - known_sessions():
        with _lock:
            keys = [key for key in _paths if key[0] in ended]
        for key in keys:
            delete(*key)


async def sweep_always() -> None:
    """Delete what is left of sessions, again and again."""
    # Streamlit forgets a session that does not come back without telling anybody.
    while True:
        await asyncio.sleep(BETWEEN_SWEEPS)
        try:
            await asyncio.to_thread(sweep)
        except OSError as error:
            _log.error("Uploads of closed pages could not be deleted", exc_info=error)
