"""Who uses the app, and what they may do."""

from dataclasses import dataclass
from enum import Enum

from queries.access import EVERYTHING, Access


class Right(Enum):
    """Something that not everybody may do."""

    FIND_CODES = "look up a whole code"
    DOWNLOAD_ROWS = "download rows of codes and transactions"
    SEE_CODES = "see codes unmasked"
    IMPORT = "import files"
    ADMINISTER = "take imports back, and read the audit log"


_FINDS = {Right.FIND_CODES, Right.DOWNLOAD_ROWS}
_SEES = _FINDS | {Right.SEE_CODES}
# From the least to the most.
ROLES: dict[str, frozenset[Right]] = {
    "viewer": frozenset(),
    "analyst": frozenset(_FINDS),  # their files are masked too
    "exporter": frozenset(_SEES),
    "importer": frozenset(_SEES | {Right.IMPORT}),
    "admin": frozenset(Right),
}

# By their paths; others need none. A list would undo that masked codes are looked up one by one.
RIGHTS_OF_PAGES = {"audit": Right.ADMINISTER, "check_list": Right.SEE_CODES}


@dataclass(frozen=True)
class Person:
    """Somebody who was let in: `id` is the same in all their sign-ins, `name` is to be read."""

    id: str
    name: str
    role: str
    access: Access = EVERYTHING

    def may_open(self, page: str) -> bool:
        """Whether a page, by its path, is for the person."""
        if page == "imports" and self.access.is_limited:
            return False  # it tells of files of all groups and folders
        return page not in RIGHTS_OF_PAGES or self.may(RIGHTS_OF_PAGES[page])

    def may_trace(self) -> bool:
        """Whether the person may look which downloads held a code: of anybody, by a whole code."""
        return self.may(Right.SEE_CODES) and not self.access.is_limited

    def may(self, right: Right) -> bool:
        """Whether the person's role has a right."""
        return right in ROLES[self.role]


# Without a sign-in the app is for whoever uses this computer.
THIS_COMPUTER = Person("this computer", "this computer", "admin")
