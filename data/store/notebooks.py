"""The folder of notebooks: a file of Markdown each, and what belongs to it in a hidden folder.

    Monday report.md
    .notebooks/beside/Monday report/    versions/, drafts/, run.json, about.json
    .notebooks/trash/                   what was deleted
    .notebooks/lock                     whoever writes has it

A file's text is the notebook: somebody may edit it, add one or take one away by other means.
"""

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.store.json_file import read_json, write_json
from data.store.locking import exclusive
from data.store.names import shown
from data.store.notebook_drafts import Draft, Drafts
from data.store.notebook_names import ENDING, checked, free, key_of, of_a_file, problem_of
from data.store.notebook_text import GONE, Conflict, Kept, NotSaved, digest_of, encoded, read
from data.store.notebook_trash import Deleted, Trash
from data.store.notebook_versions import Version, Versions
from data.store.privacy import replace_file
from data.store.reasons import why

HIDDEN = ".notebooks"
Stamp = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Listed:
    """A notebook of the folder; `problem` says in a sentence why it cannot be opened."""

    name: str
    changed_at: datetime
    size: int  # bytes
    digest: str
    problem: str = ""


class Notebooks:
    """The notebooks of a folder. Safe for threads and processes; raises NotSaved with a sentence.

    Wherever a name is given that no file has, the sentence is GONE.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        """`folder` returns the path of the folder, which need not exist yet."""
        self._folder = folder
        self._lock = threading.Lock()  # on Windows the file keeps nobody out

    def names(self) -> list[Listed]:
        """The notebooks, by their names."""
        try:
            with os.scandir(self._folder()) as entries:
                found = [_listed(Path(entry.path)) for entry in entries if _is_notebook(entry)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise NotSaved(f"The notebooks cannot be listed: {why(error)}.") from None
        present = (one for one in found if one)
        return sorted(present, key=lambda one: (key_of(one.name), one.name))

    def stamps(self) -> dict[str, Stamp]:
        """Of each notebook a value that is another after each change, also of whose it is.

        It reads no file: fifty notebooks take about a millisecond.
        """
        try:
            with os.scandir(self._folder()) as entries:
                paths = [Path(entry.path) for entry in entries if _is_notebook(entry)]
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise NotSaved(f"The notebooks cannot be listed: {why(error)}.") from None
        beside = self._hidden / "beside"
        return {
            shown(name): (*_stamp(path), *_stamp(beside / name / "about.json"))
            for path in paths
            for name in [path.name.removesuffix(ENDING)]
        }

    def has(self, name: str) -> bool:
        """Whether there is a notebook of that name, also one that cannot be opened."""
        return not problem_of(name) and os.path.lexists(self._file(name))

    def text(self, name: str) -> Kept:
        """A notebook's text and its digest."""
        return read(self._file(name))

    def create(
        self, name: str, text: str, *, who: str = "", about: Mapping[str, Any] | None = None
    ) -> str:
        """Add a notebook; returns its name, which has a number behind it where another has it."""
        name, content = checked(name), encoded(text)
        with self._writing():
            name = free(name, self._taken())
            self._clear(name)
            if about is not None:  # before the file: no moment at which it is nobody's
                write_json(self._beside(name) / "about.json", dict(about))
            self._versions(name).keep(Kept(text, digest_of(content)), who)
            replace_file(self._file(name), content)
        return name

    def save(self, name: str, text: str, base: str, *, who: str = "") -> str:
        """Replace a text that had the digest `base`; returns the new digest. Raises Conflict.

        What the file had is among its versions, also where it was edited by other means.
        """
        content = encoded(text)
        new = Kept(text, digest_of(content))
        with self._writing():
            current = self.text(name)
            if current.digest != base:
                raise Conflict(current)
            if new.digest == base:
                return base
            versions = self._versions(name)
            versions.keep(current, "")
            versions.keep(new, who)
            try:
                replace_file(self._file(name), content)
            except OSError:
                versions.forget_latest(new.digest)
                raise
        return new.digest

    def rename(self, name: str, to: str) -> str:
        """Give a notebook another name; returns it with single blanks."""
        to = checked(to)
        with self._writing():
            self._present(name)
            if to == name:
                return to
            if key_of(to) in {key_of(other) for other in self._taken() if other != name}:
                raise NotSaved("There is another notebook of that name.")
            self._move(name, to)
        return to

    def duplicate(self, name: str, *, who: str = "", about: Mapping[str, Any] | None = None) -> str:
        """Add a notebook with the same text and no other versions; returns its name."""
        return self.create(name, self.text(name).text, who=who, about=about)

    def delete(self, name: str) -> Deleted:
        """Take a notebook away; returns it, for restore()."""
        with self._writing():
            self._present(name)
            about = self.about(name)
            return Deleted(self._trash.take(self._file(name), self._beside(name)), name, about)

    def restore(self, deleted: Deleted) -> str:
        """Take back that a notebook was deleted; returns its name, another where it is taken."""
        with self._writing():
            name = free(of_a_file(deleted.name), self._taken())
            self._clear(name)
            self._beside(name).parent.mkdir(parents=True, exist_ok=True)
            self._trash.give_back(deleted, self._file(name), self._beside(name))
        return name

    def versions(self, name: str) -> list[Version]:
        """What a notebook's text was, the latest first: the current one and 50 before it.

        None of a file that the app has not written yet.
        """
        self._present(name)
        return self._versions(name).listed()

    def version(self, name: str, number: int) -> str:
        """The text of a version."""
        self._present(name)
        return self._versions(name).text(number)

    def drafts(self, name: str, who: str) -> dict[str, Draft]:
        """What somebody is typing into a notebook, by the cells."""
        return self._drafts(name).of(who)

    def draft(self, name: str, cell: str, who: str) -> Draft | None:
        """What somebody is typing into a cell."""
        return self._drafts(name).one(cell, who)

    def save_draft(self, name: str, cell: str, who: str, text: str, *, base: str = "") -> None:
        """Keep what somebody is typing into a cell whose text had the digest `base`."""
        with self._writing():
            self._present(name)
            self._drafts(name).save(cell, who, text, base)

    def drop_draft(self, name: str, cell: str, who: str) -> None:
        """Forget what somebody was typing into a cell."""
        with self._writing():
            self._drafts(name).drop(cell, who)

    def note_run(self, name: str, state: Mapping[str, Any]) -> None:
        """Note on which data a notebook has run; `state` is what JSON can hold."""
        self._note(name, "run.json", state)

    def last_run(self, name: str) -> dict[str, Any] | None:
        """On which data a notebook has run last; None where nothing was noted, or is readable."""
        try:
            return _noted(self._beside(of_a_file(name)) / "run.json")
        except ValueError:
            return None

    def about(self, name: str) -> dict[str, Any]:
        """What was noted about a notebook, nothing about a file that somebody put there."""
        try:
            return _noted(self._beside(of_a_file(name)) / "about.json") or {}
        except ValueError:
            raise NotSaved("What is known about this notebook cannot be read.") from None

    def note_about(self, name: str, about: Mapping[str, Any]) -> None:
        """Note something about a notebook, in place of what was noted before."""
        self._note(name, "about.json", about)

    def _note(self, name: str, file: str, content: Mapping[str, Any]) -> None:
        with self._writing():
            self._present(name)
            write_json(self._beside(name) / file, dict(content))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """The lock of the folder, which is made where there is none."""
        try:
            self._folder().mkdir(parents=True, exist_ok=True, mode=0o700)
            self._hidden.mkdir(exist_ok=True, mode=0o700)
            with self._lock, exclusive(self._hidden / "lock"):
                yield
        except OSError as error:
            raise NotSaved(f"The notebook cannot be kept: {why(error)}.") from None

    def _move(self, name: str, to: str) -> None:
        """Rename the file and what lies beside it, which is under both names meanwhile.

        A computer that stops in between would else leave a file without its owner.
        """
        old, new = self._beside(name), self._beside(to)
        is_same = old.exists() and new.exists() and old.samefile(new)  # but for capitals
        if is_same:
            old.rename(new)
        else:
            self._clear(to)
            if old.exists():
                shutil.copytree(old, new)
        self._file(name).rename(self._file(to))
        if not is_same:
            shutil.rmtree(old, ignore_errors=True)

    def _clear(self, name: str) -> None:
        """Take away what lies beside a name that no file has: another notebook's, now gone."""
        if self._beside(name).exists():
            self._trash.take(self._file(name), self._beside(name))

    def _taken(self) -> list[str]:
        """The names that files have; on some file systems .MD is the same ending."""
        files = (path.name for path in self._folder().iterdir())
        return [file[: -len(ENDING)] for file in files if file.casefold().endswith(ENDING)]

    def _present(self, name: str) -> None:
        if not self.has(name):
            raise NotSaved(GONE)

    def _file(self, name: str) -> Path:
        return self._folder() / f"{of_a_file(name)}{ENDING}"

    def _beside(self, name: str) -> Path:
        return self._hidden / "beside" / of_a_file(name)

    def _versions(self, name: str) -> Versions:
        return Versions(self._beside(name) / "versions")

    def _drafts(self, name: str) -> Drafts:
        return Drafts(self._beside(name) / "drafts")

    @property
    def _trash(self) -> Trash:
        return Trash(self._hidden / "trash")

    @property
    def _hidden(self) -> Path:
        return self._folder() / HIDDEN


def _is_notebook(entry: os.DirEntry[str]) -> bool:
    """Whether a file is to be listed: also a link, of which it is said that it is one."""
    is_hidden = entry.name.startswith(".") or not entry.name.endswith(ENDING)
    return not is_hidden and (entry.is_symlink() or entry.is_file(follow_symlinks=False))


def _listed(path: Path) -> Listed | None:
    """A file of the folder; None where it is gone by now."""
    try:
        known = path.lstat()
    except FileNotFoundError:
        return None
    name, digest = path.name.removesuffix(ENDING), ""
    problem = problem_of(name)
    try:
        digest = "" if problem else read(path).digest
    except NotSaved as error:
        problem = str(error)
    changed_at = datetime.fromtimestamp(known.st_mtime, UTC)
    return Listed(shown(name), changed_at, known.st_size, digest, problem)


def _stamp(file: Path) -> Stamp:
    """The inode, the size and the time of a file, each of which a change alters; none if gone."""
    try:
        known = file.lstat()
    except OSError:
        return ()
    return ((known.st_ino, known.st_size, known.st_mtime_ns),)


def _noted(file: Path) -> dict[str, Any] | None:
    """The object in a file. Raises ValueError and NotSaved."""
    try:
        content = read_json(file)
    except OSError as error:
        raise NotSaved(f"This notebook cannot be read: {why(error)}.") from None
    if not isinstance(content, dict | None):
        raise ValueError("The file holds no object.")
    return content
