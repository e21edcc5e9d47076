"""Proposes the scope of files before they are imported.

What is known of them counts, or else what their names and their codes suggest.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum

from data.importing.preview import Preview
from data.importing.scope import Scope, guess_scope, known_scopes
from data.store.database import Store
from data.store.errors import refused_by_engine
from data.store.sql import Cursor, run_script

NOTHING = Scope()


class Known(Enum):
    """What of a file has been imported before."""

    CODES = "its codes"
    SOME_CODES = "some of its codes"
    NAME = "a file of the same name"


@dataclass(frozen=True)
class Proposal:
    """A scope that is proposed, and why."""

    scope: Scope
    known: Known | None = None
    since: datetime | None = None  # the first import of what is known
    from_name: bool = False  # what it has is guessed from the file's name,
    from_codes: bool = False  # or its prefix is what all the codes begin with


@dataclass(frozen=True)
class _Earlier:
    """What the store knows of a file."""

    scope: Scope
    since: datetime
    codes: int = 0


def propose(store: Store, files: Sequence[tuple[str, Preview]]) -> list[Proposal]:
    """A proposal for each file, given by its name and its preview, in their order."""
    with refused_by_engine(), store.cursor() as cursor:
        folders = [scope.folder for scope in known_scopes(cursor) if scope.folder]
        by_codes = _known_by_codes(cursor, files)
        by_name = _known_by_name(cursor, files)
    return [
        _proposal(found, by_codes.get(number), by_name.get(number), guess_scope(name, folders))
        for number, (name, found) in enumerate(files)
    ]


def _proposal(
    found: Preview, by_codes: _Earlier | None, by_name: _Earlier | None, guess: Scope
) -> Proposal:
    known = _known(found, by_codes, by_name)
    if known.scope != NOTHING:
        return known
    from_codes = bool(found.common_prefix) and guess.prefix is None
    scope = replace(guess, prefix=found.common_prefix) if from_codes else guess
    return replace(known, scope=scope, from_name=guess != NOTHING, from_codes=from_codes)


def _known(found: Preview, by_codes: _Earlier | None, by_name: _Earlier | None) -> Proposal:
    """What is known of a file.

    A file of transactions may hold some of a batch's redemptions, or those of several: what
    it was imported with the last time says more than its codes. A file of codes may have a
    name that every file has: its codes say more.
    """
    if by_name and _contradicts(found, by_codes, by_name.scope):
        by_name = None
    if by_name and not (by_codes and found.kind == "codes"):
        return Proposal(by_name.scope, Known.NAME, by_name.since)
    if by_codes:
        is_all = by_codes.codes == len(found.some_codes)
        known = Known.CODES if is_all else Known.SOME_CODES
        return Proposal(by_codes.scope, known, by_codes.since)
    return Proposal(NOTHING)


def _contradicts(found: Preview, by_codes: _Earlier | None, named: Scope) -> bool:
    """Whether the codes of a file are others than those of the file of its name."""
    codes = asdict(by_codes.scope) if by_codes else {}
    if any(text and codes.get(field) not in (None, text) for field, text in asdict(named).items()):
        return True
    prefix, common_prefix = named.prefix or "", found.common_prefix
    return not (common_prefix.startswith(prefix) or prefix.startswith(common_prefix))


def _known_by_codes(cursor: Cursor, files: Sequence[tuple[str, Preview]]) -> dict[int, _Earlier]:
    codes = [
        {"file": number, **code}
        for number, (_, found) in enumerate(files)
        for code in found.some_codes
    ]
    rows = run_script(cursor, "importing/known_codes", codes=codes)
    return {
        file: _Earlier(Scope(folder, prefix, batch), since, count)
        for file, count, folder, prefix, batch, since in rows
    }


def _known_by_name(cursor: Cursor, files: Sequence[tuple[str, Preview]]) -> dict[int, _Earlier]:
    names = [
        {
            "file": number,
            "kind": found.kind,
            "name": name,
            "only_group": found.groups[0] if found.group_count == 1 else None,
        }
        for number, (name, found) in enumerate(files)
    ]
    rows = run_script(cursor, "importing/known_names", files=names)
    return {
        file: _Earlier(Scope(folder, prefix, batch), since)
        for file, folder, prefix, batch, since in rows
    }
