"""The file that gives roles to the people who sign in, named by VOUCHERS_ROLES."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

from data.store.names import shown
from data.store.settings import roles_file
from pages.people.person import ROLES, Person, Right
from queries.access import Access

Names = tuple[str, ...] | None
TOP = {"claim", "roles", "required", "not_before"}
ENTRY = {"value", "role", "provider", "groups", "folders"}
EXAMPLE = 'claim = "groups" and a [[roles]] with value = "…" and role = "viewer"'


class RolesError(Exception):
    """The file cannot be used; the text is a sentence that says why."""


@dataclass(frozen=True)
class Entry:
    """Whoever has `value` in the claim has the role, for these groups and folders only.

    Where there are several providers of sign-ins, an entry is about one of them: another one's
    people may choose what they are called there.
    """

    value: str
    role: str
    provider: str | None
    groups: Names
    folders: Names

    def is_about(self, claims: Mapping[str, Any], claim: str) -> bool:
        """Whether somebody with these claims has the role."""
        by_provider = self.provider in (None, claims.get("provider"))
        return by_provider and self.value in _values(claims, claim)


@dataclass(frozen=True)
class Roles:
    """The content of the file. A sign-in before `not_before` is void.

    `required` are claims of which everybody must have one of the values: how they signed in.
    """

    claim: str
    entries: tuple[Entry, ...]
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_before: datetime | None = None
    not_before_of: Mapping[str, datetime] = field(default_factory=dict)  # by the person's name

    def person(self, claims: Mapping[str, Any]) -> Person | None:
        """The person with these claims; None where no entry gives them a role.

        Of several roles the highest counts, with the limits of its own entries.
        """
        if any(not set(_values(claims, c)) & set(some) for c, some in self.required.items()):
            return None
        found = [entry for entry in self.entries if entry.is_about(claims, self.claim)]
        if not found:
            return None
        role = max((entry.role for entry in found), key=list(ROLES).index)
        groups, folders = _limits([entry for entry in found if entry.role == role])
        access = Access(groups, folders, masked=Right.SEE_CODES not in ROLES[role])
        return Person(_id(claims), name_of(claims), role, access)

    def is_void(self, claims: Mapping[str, Any], at: datetime) -> bool:
        """Whether a sign-in at that moment does not count any more."""
        names = (name_of(claims), str(claims.get("email")))  # also an address not verified
        moments = (self.not_before, *map(self.not_before_of.get, names))
        return any(moment is not None and at < moment for moment in moments)


def name_of(claims: Mapping[str, Any]) -> str:
    """How somebody is called in the audit log and on the pages: by no email of somebody else."""
    for claim in ("email", "preferred_username", "name", "sub"):
        if name := next((text.strip() for text in _values(claims, claim) if text.strip()), ""):
            return shown(name)[:200]
    return "nobody"


def roles() -> Roles:
    """What the file says now. Raises RolesError."""
    path = roles_file()
    if path is None:
        raise RolesError(
            f"VOUCHERS_ROLES names no file with roles, so nobody could be let in. Write {EXAMPLE}."
        )
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        raise RolesError(f"There is no file with roles at {shown(str(path))}.") from None
    return _read(path, changed)


@lru_cache(1)
def _read(path: Path, _changed: int) -> Roles:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise RolesError(f"{shown(str(path))} cannot be read as TOML.") from None
    try:
        return _roles(content)
    except RolesError as error:
        raise RolesError(f"{shown(str(path))}: {error}") from None


def _roles(content: dict[str, Any]) -> Roles:
    claim, rows = content.get("claim"), content.get("roles")
    if set(content) - TOP or not isinstance(claim, str) or not isinstance(rows, list) or not rows:
        raise RolesError(f"it takes {EXAMPLE}, required and not_before.")
    not_before = content.get("not_before")
    of_people = not_before if isinstance(not_before, dict) else {}
    return Roles(
        claim,
        tuple(_entry(row, number) for number, row in enumerate(rows, start=1)),
        _required(content.get("required", {})),
        None if not_before is None or of_people else _moment(not_before),
        {name: _moment(moment) for name, moment in of_people.items()},
    )


def _required(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not all(map(_are_texts, value.values())):
        raise RolesError('required takes claims with lists of values, as amr = ["mfa"].')
    return {name: tuple(some) for name, some in value.items()}


def _are_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _entry(row: object, number: int) -> Entry:
    if not isinstance(row, dict) or set(row) - ENTRY or not isinstance(row.get("value"), str):
        raise RolesError(f"role {number} takes value, role, provider, groups and folders.")
    role = row.get("role")
    if role not in ROLES:
        raise RolesError(f"role {number} is none of {', '.join(ROLES)}.")
    provider = row.get("provider")
    if not isinstance(provider, str | None):
        raise RolesError(f"the provider of role {number} is a name.")
    groups, folders = (_names(row.get(name), number) for name in ("groups", "folders"))
    if (groups or folders) and {Right.IMPORT, Right.ADMINISTER} & ROLES[role]:
        raise RolesError(
            f"role {number} cannot be limited: an {role} sees all groups and folders. "
            "Limits are for viewer, analyst and exporter."
        )
    return Entry(row["value"], role, provider, groups, folders)


def _names(value: object, number: int) -> Names:
    if value is None:
        return None
    if not value or not _are_texts(value):
        raise RolesError(f"groups and folders of role {number} are lists of names.")
    return tuple(value)


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise RolesError("not_before takes a moment like 2026-11-26T12:00:00Z.")
    return value.astimezone(UTC)


def _limits(entries: list[Entry]) -> tuple[Names, Names]:
    """The groups and folders of somebody with these entries, which have the same role.

    Entries that limit groups only, or folders only, add up. Others do not: a group of one with a
    folder of another would be rows that neither gives. Then the first one counts.
    """
    if any(entry.groups is None and entry.folders is None for entry in entries):
        return None, None
    if all(entry.folders is None for entry in entries):
        return _all_of([entry.groups for entry in entries]), None
    if all(entry.groups is None for entry in entries):
        return None, _all_of([entry.folders for entry in entries])
    return entries[0].groups, entries[0].folders


def _all_of(lists: list[Names]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names or ()))


def _values(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The texts of a claim; none of an email that the provider has not verified."""
    if claim == "email" and claims.get("email_verified", True) is not True:
        return []
    value = claims.get(claim)
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _id(claims: Mapping[str, Any]) -> str:
    return f"{claims.get('provider')}:{claims.get('sub')}"
