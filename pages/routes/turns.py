"""Turns: how many of a kind may run at a time, per person and in all; others wait by event."""

import asyncio
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple


class Limit(NamedTuple):
    """How many turns of a kind there are."""

    per_person: int
    in_all: int


class Turn:
    """What one request holds, until it is released."""

    def __init__(self, turns: "Turns", person: str, kinds: Collection[str]) -> None:
        self._turns = turns
        self._loop = asyncio.get_running_loop()
        self.person = person
        self.kinds = set(kinds)

    def release(self, kind: str | None = None) -> None:
        """Release one kind, or all; what was released before stays so."""
        released = set(self.kinds) if kind is None else self.kinds & {kind}
        self.kinds -= released
        self._turns.free(self.person, released)

    def release_from_thread(self, kind: str | None = None) -> None:
        """The same from another thread; nothing where the app has stopped."""
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self.release, kind)


class Turns:
    """Gives turns on the event loop. Who holds the fewest comes first, then who came first."""

    def __init__(self, **limits: Limit) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()  # by kind
        self._held: Counter[tuple[str, str]] = Counter()  # by person and kind
        self._waiting: dict[asyncio.Future[Turn], tuple[str, frozenset[str]]] = {}

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def turn(self, person: str, *kinds: str) -> Turn:
        """Wait until the person may have one of each kind, and take them all at once."""
        future: asyncio.Future[Turn] = asyncio.get_running_loop().create_future()
        self._waiting[future] = (person, frozenset(kinds))
        self._give()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                future.result().release()
            raise
        finally:
            self._waiting.pop(future, None)

    def free(self, person: str, kinds: Collection[str]) -> None:
        """Take turns back. For Turn."""
        for kind in kinds:
            self._taken[kind] -= 1
            self._held[person, kind] -= 1
        self._held += Counter()  # forgets who holds none
        self._give()

    def _give(self) -> None:
        """Give all turns that are there."""
        while future := self._next():
            person, kinds = self._waiting.pop(future)
            self._taken.update(kinds)
            self._held.update((person, kind) for kind in kinds)
            future.set_result(Turn(self, person, kinds))

    def _next(self) -> asyncio.Future[Turn] | None:
        may = [future for future in self._waiting if not future.done() and self._is_free(future)]
        return min(may, key=self._holds, default=None)  # the first of those that are equal

    def _is_free(self, future: asyncio.Future[Turn]) -> bool:
        person, kinds = self._waiting[future]
        return all(
            self._taken[kind] < self._limits[kind].in_all
            and self._held[person, kind] < self._limits[kind].per_person
            for kind in kinds
        )

    def _holds(self, future: asyncio.Future[Turn]) -> int:
        """How many turns of these kinds the person has."""
        person, kinds = self._waiting[future]
        return sum(self._held[person, kind] for kind in kinds)
