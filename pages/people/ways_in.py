"""Every way into the app: what a request needs to pass. What is not here is refused."""

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pages.people.person import Right


class Need(Enum):
    """What a request needs beside any right."""

    NOTHING = "nothing"
    PERSON = "somebody who was let in"
    PASSWORD = "the password of the commands"
    NO_SIGN_IN = "an app without a sign-in"


@dataclass(frozen=True)
class WayIn:
    """Requests of these methods to paths of this pattern, below the base path."""

    methods: frozenset[str]
    pattern: re.Pattern[str]
    need: Need = Need.PERSON
    right: Right | None = None

    def leads(self, method: str, path: str) -> bool:
        """Whether a request takes this way."""
        return method in self.methods and self.pattern.fullmatch(path) is not None


GET, POST, SOCKET = frozenset({"GET", "HEAD"}), frozenset({"POST"}), frozenset({"WEBSOCKET"})
UPLOAD = frozenset({"PUT", "DELETE", "OPTIONS"})
PAGES = sorted(path.stem for path in Path(__file__).parents[1].glob("*.py"))
PAGE = "|".join(page for page in PAGES if page not in ("__init__", "navigation", "overview"))
# A page's path may stand in front of Streamlit's own paths: the browser tries it there first.
UNDER_PAGE = rf"/(?:(?:{PAGE})/)?"


def _way(
    methods: frozenset[str], pattern: str, need: Need = Need.PERSON, right: Right | None = None
) -> WayIn:
    return WayIn(methods, re.compile(pattern), need, right)


WAYS_IN = (
    _way(GET, rf"{UNDER_PAGE}_stcore/health", Need.NOTHING),
    _way(GET, r"/(?:auth/login|auth/logout|oauth2callback|sign-in)", Need.NOTHING),
    _way(GET | POST, r"/_stcore/agent/.*", Need.NO_SIGN_IN),
    _way(POST, r"/control/[a-z_]+", Need.PASSWORD),
    _way(GET, rf"/(?:{PAGE})?/?"),
    _way(GET, rf"{UNDER_PAGE}_stcore/host-config"),
    _way(GET, rf"{UNDER_PAGE}(?:static/.*|favicon\.png|manifest\.json|robots\.txt|index\.html)"),
    _way(GET, r"/(?:media|component|_stcore/bidi-components)/.*"),
    _way(SOCKET, r"/_stcore/stream"),
    _way(UPLOAD, r"/_stcore/upload_file/.*", right=Right.IMPORT),
    _way(GET, r"/export/(?:codes|transactions)\.[a-z]+", right=Right.DOWNLOAD_ROWS),
    _way(GET, r"/export/changes\.csv", right=Right.DOWNLOAD_ROWS),
    _way(GET, r"/export/since\.[a-z]+", right=Right.DOWNLOAD_ROWS),
    _way(GET, r"/export/checks/[^/]+", right=Right.DOWNLOAD_ROWS),
    _way(GET, r"/export/lists/[^/]+", right=Right.DOWNLOAD_ROWS),
    _way(GET, r"/export/tables/[^/]+"),
    _way(GET, r"/export/notebooks/[^/]+(?:/[^/]+)?"),
    _way(GET, r"/export/receipts/[^/]+"),
    _way(GET, r"/export/views\.json"),
)


def way_in(method: str, path: str) -> WayIn | None:
    """The way that a request takes; None where there is none."""
    return next((way for way in WAYS_IN if way.leads(method, path)), None)
