"""What somebody types, chooses or removes in a notebook is never lost, and overwrites nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pages.cells import drafts
from pages.cells.opened import Opened, draft_key
from pages.people.all_notebooks import notebooks
from pages.people.person import THIS_COMPUTER
from queries.notebooks.document import Cell
from queries.notebooks.keys import with_key

TEXT = "first\n\n```numbers all\n```\n\nsecond\n\n```sql some\nselect 1\n```\n"
FULL = "No space left on device"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOUCHERS_NOTEBOOKS", str(tmp_path))
    return tmp_path


@pytest.fixture
def tab(folder: Path) -> Opened:
    """A tab that has the notebook open."""
    notebooks.create(THIS_COMPUTER, "N", TEXT)
    return another_tab()


def another_tab() -> Opened:
    return Opened("N", notebooks.text(THIS_COMPUTER, "N"), may_change=True, filter="")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """full_disk(): from now on nothing can be written."""

    def refuse(*_: object) -> None:
        raise OSError(28, FULL)

    def fill() -> None:
        for module in ("notebooks", "notebook_versions", "json_file"):
            monkeypatch.setattr(f"data.store.{module}.replace_file", refuse)

    return fill


def cell(tab: Opened, name: str) -> tuple[Cell, int]:
    """A cell by its name or its text, and its place."""
    for place, one in enumerate(tab.document.cells):
        if name in (one.name, one.source.strip()):
            return one, place
    raise AssertionError(name)


def titled(tab: Opened, name: str, title: str) -> bool:
    return tab.edit(*cell(tab, name), lambda now: with_key(now, "title", title))


def file_text(folder: Path) -> str:
    return (folder / "N.md").read_text("utf-8")


def test_a_text_that_cannot_be_saved_waits_and_its_draft_stays(
    tab: Opened, folder: Path, full_disk: Callable[[], None]
) -> None:
    some, place = cell(tab, "some")
    drafts.keep_draft(tab, some, place, "select 2\n")
    full_disk()

    drafts.commit(tab, some, place, "select 2\n")

    assert file_text(folder) == TEXT
    assert [one.text for one in tab.refused] == [TEXT.replace("select 1", "select 2")]
    assert tab.refused[0].reason == "The notebook cannot be kept: the disk is full."
    assert drafts.typed_text(tab, some) == "select 2\n"


def test_what_no_disk_can_keep_stays_in_the_tab(tab: Opened, full_disk: Callable[[], None]) -> None:
    some, place = cell(tab, "some")
    full_disk()

    drafts.keep_draft(tab, some, place, "select 3\n")

    assert drafts.typed_text(tab, some) == "select 3\n"
    assert drafts.NOT_KEPT in tab.notice
    assert drafts.whole_text(tab) == TEXT.replace("select 1", "select 3")


def test_what_is_typed_never_replaces_what_somebody_has_saved_in_the_cell_meanwhile(
    tab: Opened, folder: Path
) -> None:
    some, place = cell(tab, "some")
    drafts.keep_draft(tab, some, place, "select 2\n")
    theirs = TEXT.replace("select 1", "select 9")
    another_tab().save(theirs)
    tab.reload()  # as any run of the page does

    drafts.commit(tab, *cell(tab, "some"), "select 2\n")

    assert file_text(folder) == theirs
    assert [one.text for one in tab.refused] == [TEXT.replace("select 1", "select 2")]
    assert drafts.typed_text(tab, some) == "select 2\n"


def test_what_others_change_elsewhere_is_no_reason_to_refuse(tab: Opened, folder: Path) -> None:
    some, place = cell(tab, "some")
    drafts.keep_draft(tab, some, place, "select 2\n")
    another_tab().save(TEXT.replace("first", "FIRST"))
    tab.reload()

    drafts.commit(tab, *cell(tab, "some"), "select 2\n")

    assert file_text(folder) == TEXT.replace("first", "FIRST").replace("select 1", "select 2")
    assert not tab.refused
    assert drafts.typed_text(tab, some) is None


def test_a_draft_of_a_text_follows_it_to_another_place(tab: Opened) -> None:
    second, place = cell(tab, "second")
    drafts.keep_draft(tab, second, place, "\nsecond, typed\n\n")
    another_tab().save(f"```numbers more\n```\n{TEXT}")
    tab.reload()

    again, now_at = cell(tab, "second")

    assert now_at == place + 1
    assert drafts.typed_text(tab, again) == "\nsecond, typed\n\n"


def test_a_second_refusal_leaves_the_first_one(tab: Opened, folder: Path) -> None:
    other = another_tab()
    titled(other, "some", "Theirs")
    titled(tab, "all", "Mine")
    titled(other, "some", "Theirs again")
    titled(tab, "all", "Mine again")

    assert ["Mine\n" in one.text for one in tab.refused] == [True, False]
    assert ["Mine again\n" in one.text for one in tab.refused] == [False, True]
    assert "Mine" not in file_text(folder)


def test_two_choices_of_one_run_are_both_saved(tab: Opened, folder: Path) -> None:
    drawn, place = cell(tab, "all")

    tab.edit(drawn, place, lambda now: with_key(now, "title", "A title"))
    tab.edit(drawn, place, lambda now: with_key(now, "tiles", "Net redemptions"))

    assert "```numbers all\ntitle: A title\ntiles: Net redemptions\n```" in file_text(folder)


def test_undo_brings_a_cell_back_and_leaves_what_was_changed_since(
    tab: Opened, folder: Path
) -> None:
    tab.remove(cell(tab, "all")[1])
    titled(tab, "some", "Changed since")

    tab.undo()

    assert "```numbers all\n```" in file_text(folder)
    assert "Changed since" in file_text(folder)
    assert not tab.removed


def test_undo_at_once_gives_the_very_text_again(tab: Opened, folder: Path) -> None:
    tab.remove(cell(tab, "all")[1])
    tab.remove(cell(tab, "some")[1])

    tab.undo()
    tab.undo()

    assert file_text(folder) == TEXT


def test_a_removal_that_cannot_be_undone_now_can_be_later(
    tab: Opened, full_disk: Callable[[], None]
) -> None:
    tab.remove(cell(tab, "all")[1])
    full_disk()

    tab.undo()

    assert len(tab.removed) == 1


def test_a_cell_that_was_edited_beyond_the_end_of_a_shorter_text_is_none(tab: Opened) -> None:
    tab.editing = cell(tab, "some")[1]
    tab.go_back("short\n")
    assert tab.editing is None
    tab.editing = 7  # of a text before
    another_tab().save("shorter\n")

    tab.reload()

    assert (tab.editing, tab.kept.text) == (None, "shorter\n")


def test_what_is_typed_into_a_cell_that_somebody_removes_is_refused_with_the_cell(
    tab: Opened, folder: Path
) -> None:
    some, place = cell(tab, "some")
    other = another_tab()
    other.remove(cell(other, "some")[1])
    tab.reload()

    drafts.commit(tab, some, place, "select 2\n")

    assert "```sql some\nselect 2\n```" in tab.refused[0].text
    assert "some" not in file_text(folder)


def test_names_and_texts_have_drafts_of_their_own(tab: Opened) -> None:
    keys = [draft_key(one) for one in tab.document.cells]

    assert len(set(keys)) == len(keys)
