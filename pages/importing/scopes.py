"""The scopes of the offered files, as they stand in the table: proposed, then edited."""

from dataclasses import asdict, dataclass, field

import streamlit as st

from data.importing.proposals import Proposal
from data.importing.scope import Scope, normalized
from pages.importing.uploads import SCOPES, key_for_now

FIELDS = ("folder", "prefix", "batch")
Texts = dict[str, str]  # of each of the fields


@dataclass
class Scopes:
    """The scopes of the files that a tab offers, by the keys of the files."""

    proposals: dict[str, Proposal] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)  # the rows of the table
    basis: object = None  # what the proposals were made from
    version: int = 0  # of the table: another one forgets the edits of the one before
    _texts: dict[str, Texts] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of the table's widget."""
        return key_for_now(f"scopes_{self.version}")

    def show(self, proposals: dict[str, Proposal]) -> None:
        """Have a row for each of these files, with what is proposed where it is a new one."""
        self.take_edits()
        if list(proposals) != self.shown:
            self.version += 1
        for key, proposal in proposals.items():
            if key not in self._texts:
                proposed = {name: text or "" for name, text in asdict(proposal.scope).items()}
                self._texts[key] = proposed | _for_all_files()
        self.shown, self.proposals = list(proposals), proposals

    def take_edits(self) -> None:
        """Take over what has been typed into the table."""
        edited = st.session_state.get(self.key, {}).get("edited_rows", {})
        for row, cells in edited.items():
            texts = self._texts[self.shown[int(row)]]
            texts |= {name: normalized(text or "") for name, text in cells.items()}

    def column(self, name: str) -> list[str]:
        """What stands in a column of the table."""
        return [self._texts[key][name] for key in self.shown]

    def scope(self, key: str) -> Scope:
        """The scope of a file."""
        return Scope(**{name: text or None for name, text in self._texts[key].items()})

    def fill(self, name: str, texts: list[str]) -> None:
        """Put texts into a column of the table."""
        self.version += 1
        for key, text in zip(self.shown, texts, strict=True):
            self._texts[key][name] = text


def scopes() -> Scopes:
    """Those of this tab."""
    found: Scopes = st.session_state.setdefault(SCOPES, Scopes())
    return found


def key_for_all(name: str) -> str:
    """The key of the text that is to be the same for all files."""
    return key_for_now(f"all_{name}")


def same_for_all(name: str) -> None:
    """Put the text that was typed for all files into each row."""
    state = scopes()
    state.take_edits()
    if text := _for_all_files().get(name):
        state.fill(name, [text] * len(state.shown))


def fill_down(name: str) -> None:
    """Put into each blank cell of a column what stands above it."""
    state = scopes()
    state.take_edits()
    filled: list[str] = []
    for text in state.column(name):
        filled.append(text or (filled[-1] if filled else ""))
    state.fill(name, filled)


def _for_all_files() -> Texts:
    typed = {name: normalized(st.session_state.get(key_for_all(name)) or "") for name in FIELDS}
    return {name: text for name, text in typed.items() if text}
