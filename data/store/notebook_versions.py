"""The last versions of one notebook: a file for each text, and a list of them."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from data.store.json_file import read_json, write_json
from data.store.notebook_text import Kept, NotSaved, encoded, read
from data.store.privacy import replace_file

NOT_KEPT = "This version is not kept any more."
MOST = 50  # before the current one


class Version(NamedTuple):
    """One text that a notebook had: its number, when it was kept, and who saved it.

    `who` is empty where the app did not write the text.
    """

    number: int
    moment: datetime
    who: str
    digest: str


class Versions:
    """The versions in a folder. Whoever calls has the notebooks' lock, but for reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._list = folder / "versions.json"

    def listed(self) -> list[Version]:
        """All versions, the latest first. Raises NotSaved."""
        try:
            return [
                Version(int(number), datetime.fromisoformat(moment), str(who), str(digest))
                for number, moment, who, digest in read_json(self._list) or []
            ]
        except (ValueError, TypeError):
            raise NotSaved("The list of this notebook's versions cannot be read.") from None

    def text(self, number: int) -> str:
        """The text of a version. Raises NotSaved."""
        if all(version.number != number for version in self.listed()):
            raise NotSaved(NOT_KEPT)
        try:
            return read(self._file(number)).text
        except NotSaved:  # a save has swept it a moment ago
            raise NotSaved(NOT_KEPT) from None

    def keep(self, kept: Kept, who: str) -> None:
        """Keep a text, unless it is that of the latest version. Raises OSError and NotSaved."""
        versions = self.listed()
        if versions and versions[0].digest == kept.digest:
            return
        number = versions[0].number + 1 if versions else 1
        self._folder.mkdir(parents=True, exist_ok=True)
        replace_file(self._file(number), encoded(kept.text))
        added = [Version(number, datetime.now(UTC), who, kept.digest), *versions]
        self._write(added[: MOST + 1])
        for version in added[MOST + 1 :]:
            self._file(version.number).unlink(missing_ok=True)

    def forget_latest(self, digest: str) -> None:
        """Take back that a text was kept, which could not be saved after all."""
        with contextlib.suppress(OSError, NotSaved):  # then one is listed that nobody saved
            versions = self.listed()
            if versions and versions[0].digest == digest:
                self._write(versions[1:])

    def _write(self, versions: list[Version]) -> None:
        write_json(self._list, [(v.number, v.moment.isoformat(), *v[2:]) for v in versions])

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.md"
