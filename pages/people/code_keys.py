"""Random keys that stand for codes in addresses, in the memory of the server.

An address is kept in the browser's history, in bookmarks and in logs on the way: none has a code.
"""

import secrets
import threading
from collections import OrderedDict
from typing import NamedTuple

MOST = 10_000  # keys of all persons; the least recently used go first
NO_GROUP = "(no group)"  # the group of redemptions that name none


class CodeName(NamedTuple):
    """What tells a code from all others. Its group may be NO_GROUP."""

    group: str
    code: str


class CodeKeys:
    """Which code each key stands for, by the person whom it was made for. For any threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._keys: OrderedDict[tuple[str, CodeName], str] = OrderedDict()
        self._names: dict[tuple[str, str], CodeName] = {}

    def key_of(self, person_id: str, name: CodeName) -> str:
        """The key of a code, made where the person has none of it."""
        with self._lock:
            key = self._keys.setdefault((person_id, name), secrets.token_urlsafe(16))
            self._names[person_id, key] = name
            self._keys.move_to_end((person_id, name))
            while len(self._keys) > self._most:
                (owner, _), oldest = self._keys.popitem(last=False)
                del self._names[owner, oldest]
            return key

    def name_of(self, person_id: str, key: str) -> CodeName | None:
        """The code of a key, None where the person has no such key."""
        with self._lock:
            name = self._names.get((person_id, key))
            if name is not None:
                self._keys.move_to_end((person_id, name))
            return name


code_keys = CodeKeys()  # of all sessions: a person may have several tabs
