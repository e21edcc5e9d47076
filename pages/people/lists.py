"""The lists of codes that people have brought: in memory, each for its person alone.

A list is named by an opaque key, which may stand in an address: it tells nothing of the codes, and
is of use to nobody else. No list is ever written to the disk; the app forgets all when it stops.
"""

import contextlib
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from data.store.errors import EngineError, StoreUnavailable
from pages.people.person import Person
from queries.checking.listing import Listing
from queries.checking.reading import read
from queries.engine import listed
from queries.engine.source import Source
from queries.listed import Listed

MOST_OF_PERSON = 4
MOST = 16  # of all: a list of a million codes takes some 50 MB
LARGEST = 32 * 1024 * 1024  # bytes of a file, or of what is pasted


@dataclass
class KeptList:
    """What somebody has brought, and the list that is read from it."""

    key: str
    owner: str  # the person's ID
    content: bytes = field(repr=False)
    column: str | None = None  # that somebody has chosen
    brought_at: datetime = field(default_factory=datetime.now)
    known: Listing | None = field(default=None, repr=False)  # once it has been read
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _table: str = field(default_factory=listed.new_table, repr=False)
    _in: tuple[Source, int] | None = field(default=None, repr=False)  # the store that has the table
    _is_forgotten: bool = field(default=False, repr=False)

    def listed(self) -> Listing:
        """The list, read once. Raises NotAList."""
        with self._lock:
            if self.known is None:
                self.known = read(self.content, self.column)
                if not self.known.columns:
                    self.content = b""  # nobody can choose another column
            return self.known

    def as_filter(self) -> Listed | None:
        """What filters need of the list, once it has been read."""
        return Listed(self._table, self.known.codes) if self.known else None

    def put_in(self, store: Source) -> None:
        """Let the store's queries choose by the list, which has been read.

        The store loses the table where it opens its file again, which is another data version.
        """
        version = store.version
        with self._lock:
            if self.known is None or self._is_forgotten or self._in == (store, version):
                return
            with store.cursor() as cursor:
                listed.create(cursor, self._table, self.known.lines)
            self._in = (store, version)

    def forget(self) -> None:
        """Take the list out of the store."""
        with self._lock:
            self._is_forgotten = True
            if self._in is None:
                return
            # A store that is closed has no table any more.
            with contextlib.suppress(StoreUnavailable, EngineError), self._in[0].cursor() as cursor:
                listed.drop(cursor, self._table)


class Lists:
    """The lists of all people; those that were not used for longest make room. Safe for threads."""

    def __init__(self) -> None:
        self._lists: OrderedDict[str, KeptList] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, person: Person, content: bytes, column: str | None = None) -> KeptList:
        """Keep what a person brings."""
        kept, forgotten = KeptList(secrets.token_urlsafe(9), person.id, content, column), []
        with self._lock:
            self._lists[kept.key] = kept
            own = [key for key, one in self._lists.items() if one.owner == person.id]
            for key in own[:-MOST_OF_PERSON]:
                forgotten.append(self._lists.pop(key))
            while len(self._lists) > MOST:
                forgotten.append(self._lists.popitem(last=False)[1])
        for one in forgotten:
            one.forget()
        return kept

    def of(self, person: Person, key: str) -> KeptList | None:
        """A person's own list of this key; None where there is none, whoever else has one."""
        with self._lock:
            kept = self._lists.get(key)
            if kept is None or kept.owner != person.id:
                return None
            self._lists.move_to_end(key)
            return kept

    def all_of(self, person: Person) -> list[KeptList]:
        """A person's lists, the latest first."""
        with self._lock:
            own = [kept for kept in self._lists.values() if kept.owner == person.id]
        return sorted(own, key=lambda kept: kept.brought_at, reverse=True)


lists = Lists()
