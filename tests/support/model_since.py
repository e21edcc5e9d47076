"""What changed since an import in plain Python: each code under one heading."""

from collections import Counter
from copy import deepcopy

from data.importing.scope import Scope
from queries.filters import Filters
from tests.support.model import File, Held, Key, Model, is_chosen_code, status
from tests.support.queries import NOW
from tests.support.since import Summary


class SinceModel:
    """Imports in their order, and what each of them did to which code."""

    def __init__(self) -> None:
        self.model = Model()
        self.files: list[File] = []
        self.events: list[set[tuple[Key, str]]] = []  # of each import

    def apply(self, file: File) -> None:
        """Import a file."""
        before = deepcopy(self.model)
        previous = _previous(self.files, file)
        self.model.apply(file.kind, file.rows, file.scope)
        events: set[tuple[Key, str]] = set()
        if file.kind == "codes":
            events |= _changes_of_codes(before, self.model)
            held = _keys(file)
            gone = _keys(previous) - held if previous else set()
            events |= {(key, "gone") for key in gone}
            events |= {(key, "back") for key in held & self._gone()}
        else:
            events |= _changes_of_transactions(before, self.model)
        was_live, is_live = _live(before), _live(self.model)
        events |= {(key, "redeemed") for key in is_live - was_live if key in before.codes}
        self.files.append(file)
        self.events.append(events)

    def summary(self, filters: Filters, first: int) -> Summary:
        """The chosen codes by heading, group and batch since the import of this place."""
        found: Summary = Counter()
        uses = self.model.uses()
        for key, held in self.model.codes.items():
            heading = self._heading(key, first)
            if heading and is_chosen_code(filters, held, status(held, uses, NOW)):
                found[heading, held.row[1], held.scope.batch or "(no batch)"] += 1
        return found

    def _heading(self, key: Key, first: int) -> str | None:
        happened = {event for events in self.events[first:] for of, event in events if of == key}
        happened |= {
            "cancelled" if held.row[7] == "Yes" else "used"
            for transaction, held in self.model.transactions.items()
            if _code_of(held) == key and self._brought("transactions", transaction) >= first
        }
        live = key in _live(self.model)
        headings = {
            "gone": self._is_gone_since(key, first),
            "new codes": self._brought("codes", key) >= first,
            "newly cancelled": "cancelled" in happened and not live,
            "newly redeemed": "redeemed" in happened and live,
            "changed dates": "dates" in happened,
            "changed otherwise": bool(happened),
        }
        return next((heading for heading, applies in headings.items() if applies), None)

    def _is_gone_since(self, key: Key, first: int) -> bool:
        presence = [
            event
            for events in self.events[first:]
            for of, event in events
            if of == key and event in ("gone", "back")
        ]
        return presence[-1:] == ["gone"]

    def _gone(self) -> set[Key]:
        return {key for events in self.events for key, _ in events if self._is_gone_since(key, 0)}

    def _brought(self, kind: str, key: Key) -> int:
        """The place of the import that came first with a code or a transaction."""
        return next(
            place
            for place, file in enumerate(self.files)
            if file.kind == kind and key in _keys(file)
        )


def _keys(file: File) -> set[Key]:
    """The codes of a file of codes, the IDs of one of transactions."""
    return {(row[1], row[0]) if file.kind == "codes" else row[0] for row in file.rows}


def _changes_of_codes(before: Model, after: Model) -> set[tuple[Key, str]]:
    return {
        (key, "dates" if held.row[2:4] != after.codes[key].row[2:4] else "otherwise")
        for key, held in before.codes.items()
        if after.codes[key] != held
    }


def _changes_of_transactions(before: Model, after: Model) -> set[tuple[Key, str]]:
    events: set[tuple[Key, str]] = set()
    for transaction, was in before.transactions.items():
        now = after.transactions[transaction]
        if now != was:
            is_cancelled = (was.row[7], now.row[7]) == ("No", "Yes")
            events.add((_code_of(now), "cancelled" if is_cancelled else "otherwise"))
    return events


def _code_of(transaction: Held) -> Key:
    return transaction.row[3], transaction.row[2]


def _live(model: Model) -> set[Key]:
    """The codes with a redemption that is not cancelled."""
    return {(use.group, use.code) for use in model.uses() if use.of and not use.cancelled}


def _previous(files: list[File], file: File) -> File | None:
    """The last file of the same scope; without one, of the same name and the same one group."""
    for other in reversed(files):
        same = other.kind == "codes" and other.scope == file.scope
        if same and (file.scope != Scope() or _is_of_same_group(other, file)):
            return other
    return None


def _is_of_same_group(other: File, file: File) -> bool:
    groups = {row[1] for row in (*other.rows, *file.rows)}
    return other.name == file.name and len(groups) == 1
