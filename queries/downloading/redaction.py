"""Keeps codes out of receipts and file names: whatever lasts passes through here first.

A value that would give a code away is replaced by HIDDEN, and its digest under the store's key
is noted, by which a leak can be traced and nothing can be guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from queries.access import EVERYTHING, Access
from queries.downloading.keys import Key
from queries.downloading.likeness import Verdict, stored_names, verdicts
from queries.engine.execute import Cursor
from queries.engine.totals import run
from queries.fields import base_of
from queries.filters import BY_NAME, TEXTS, Filters
from queries.text import normalized

HIDDEN = "(a code)"
FORMERLY_HIDDEN = "(a whole code)"  # in receipts of the first versions
# The filters whose values somebody types, or a file brings; those of a status are ours.
TYPED = tuple(name for name in TEXTS if not BY_NAME[name].words)
SCOPE = ("folder", "prefix", "batch")
WORDS = re.compile(r"[^\s_.,;()\-]+")
RUNS = re.compile(r"[^\W_]+")
LIST_NOT_KEPT = "not-kept"  # in place of a list's key: shorter than any, so that none is meant
SHORTEST = 4  # characters of a part that may be a code: shorter ones are like too many words

Hidden = dict[str, list[str]]


@dataclass(frozen=True)
class Redaction:
    """Hides what gives codes of a store away, in one state of its data."""

    cursor: Cursor
    key: Callable[[], Key]  # which is created when the first value is to be hidden

    def filters(self, filters: Filters) -> "Shown":
        """The filters as a receipt and a file's name may show them.

        Of a person who does not see all codes, every text is hidden that is no name that the
        person sees: which of them are hidden would tell what begins a code.
        """
        values = {name: filters.texts(name) for name in TYPED}
        hidden = self._to_hide(values, filters.access)
        shown, digests = filters, {}
        for name, found in hidden.items():
            texts = (HIDDEN if text in found else text for text in values[name])
            shown = shown.with_(name, tuple(dict.fromkeys(texts)))
            digests[name] = sorted(map(self.key().digest, found))
        if filters.list_:
            shown = replace(shown, list_=LIST_NOT_KEPT)
        return Shown(shown, digests, self.key().id if digests else None)

    def values(self, values: Mapping[str, object]) -> dict[str, object]:
        """A query's own parameters, of which each text may be a code."""
        texts = {
            name: [text for text in (value if isinstance(value, list) else [value])
                   if isinstance(text, str)]
            for name, value in values.items()
        }  # fmt: skip
        hidden = self._to_hide(texts)
        return {
            name: _covered(value, hidden[name]) if name in hidden else value
            for name, value in values.items()
        }

    def file_name(self, name: str) -> str:
        """A file's name that somebody else has given; HIDDEN where a word of it says too much."""
        return name if not self._in_names([name]) else f"{HIDDEN}{Path(name).suffix[:8]}"

    def imports(self) -> tuple[list[dict[str, Any]], str | None]:
        """The imports in force, one dictionary each, and the ID of the key where it hides a name.

        A hidden name stands as its digest, so that what is the same stays the same.
        """
        frame = run(self.cursor, "state_imports", Filters()).astype(object)
        rows = frame.where(frame.notna(), None).to_dict("records")
        scopes = {row[name] for row in rows for name in SCOPE} - {None}
        found = self._alike(scopes, [])
        told = {text for text in scopes if _says_too_much(found[text], is_name=True)}
        files = self._in_names([row["file"] for row in rows])
        if not told and not files:
            return [{str(k): v for k, v in row.items()} for row in rows], None
        key = self.key()
        return [
            {str(k): v for k, v in row.items()}
            | {name: covered(key.digest(row[name])) for name in SCOPE if row[name] in told}
            | ({"file": covered(key.digest(row["file"]))} if row["file"] in files else {})
            for row in rows
        ], key.id

    def _to_hide(
        self, values: Mapping[str, Sequence[str]], access: Access = EVERYTHING
    ) -> dict[str, set[str]]:
        """The values that say too much, by their fields.

        Where `access` is not to everything, all do that are no names which it shows.
        """
        texts = {text for of_field in values.values() for text in of_field}
        if not texts:
            return {}
        names_only = access.masked or access.is_limited
        known = stored_names(self.cursor, texts, access)
        pairs = [(name, text) for name, of_field in values.items() for text in of_field]
        names = [text for name, text in pairs if (base_of(name), text) in known]
        typed = [text for name, text in pairs if (base_of(name), text) not in known]
        found = self._alike(names, typed)
        in_part = self._in_part(texts)
        hidden: dict[str, set[str]] = {}
        for name, text in pairs:
            field = base_of(name)
            is_name = (field, text) in known or text == f"(no {field})"
            says_too_much = text in in_part or _says_too_much(found[text], is_name=is_name)
            if says_too_much or (names_only and not is_name):
                hidden.setdefault(name, set()).add(text)
        return hidden

    def _in_part(self, texts: Collection[str]) -> set[str]:
        """The texts of which a part says too much: a code in quotes, or behind another word."""
        parts = {text: parts_of(text) for text in texts}
        found = self._alike(set().union(*parts.values()), [])
        return {
            text
            for text, own in parts.items()
            if any(_says_too_much(found[part], is_name=True) for part in own)
        }

    def _in_names(self, names: Sequence[str]) -> set[str]:
        """The names of files of which the whole stem, or a part of it, says too much."""
        told = self._in_part({Path(name).stem for name in names})
        return {name for name in names if Path(name).stem in told}

    def _alike(self, names: Any, typed: Sequence[str]) -> dict[str, Verdict]:  # noqa: ANN401
        if not names and not typed:
            return {}
        state = str(run(self.cursor, "state", Filters())["digest"][0])
        return verdicts(self.cursor, state, names, typed)


@dataclass(frozen=True)
class Shown:
    """Redacted filters, and the digests of the values that are hidden, by their filters."""

    filters: Filters
    hidden: Hidden = field(default_factory=dict)
    key: str | None = None  # its ID


def covered(digest: str) -> str:
    """A hidden name by its digest, as it stands among the imports of a receipt."""
    return f"(a code {digest})"


def parts_of(text: str) -> set[str]:
    """The text as it is read, its words, its runs of letters and digits, and these put together."""
    plain = normalized(unicodedata.normalize("NFKC", text))
    runs = RUNS.findall(plain)
    words = {*WORDS.findall(plain), *runs, "".join(runs)}
    return {text, plain} | {word for word in words if len(word) >= SHORTEST}


def _says_too_much(verdict: Verdict, *, is_name: bool) -> bool:
    """A name that the store has may begin some codes, if it leaves enough of them open."""
    return verdict.is_whole or (verdict.is_almost if is_name else verdict.begins_few)


def _covered(value: object, hidden: set[str]) -> object:
    if isinstance(value, list):
        return [HIDDEN if text in hidden else text for text in value]
    return HIDDEN
