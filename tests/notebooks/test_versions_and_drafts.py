"""What a notebook's text was, and what is being typed into it: kept, bounded, never mixed up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.store import notebook_drafts
from data.store.notebook_text import GONE, NotSaved
from data.store.notebooks import Notebooks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "notebooks"


@pytest.fixture
def notebooks(folder: Path) -> Notebooks:
    return Notebooks(lambda: folder)


def save(notebooks: Notebooks, name: str, text: str, who: str = "") -> None:
    notebooks.save(name, text, notebooks.text(name).digest, who=who)


def texts(notebooks: Notebooks, name: str) -> list[str]:
    return [notebooks.version(name, version.number) for version in notebooks.versions(name)]


def test_each_saved_text_is_a_version_with_its_moment_and_who_saved_it(
    notebooks: Notebooks,
) -> None:
    before = datetime.now(UTC)
    notebooks.create("Monday", "1", who="vera")
    save(notebooks, "Monday", "2\r\n", "emil")
    latest, first = notebooks.versions("Monday")
    assert [(v.number, v.who) for v in (latest, first)] == [(2, "emil"), (1, "vera")]
    assert before <= first.moment <= latest.moment <= datetime.now(UTC)
    assert latest.digest == notebooks.text("Monday").digest
    assert texts(notebooks, "Monday") == ["2\r\n", "1"]


def test_the_same_text_is_no_new_version(notebooks: Notebooks, folder: Path) -> None:
    notebooks.create("Monday", "1")
    changed = (folder / "Monday.md").stat().st_mtime_ns
    save(notebooks, "Monday", "1")
    assert len(notebooks.versions("Monday")) == 1
    assert (folder / "Monday.md").stat().st_mtime_ns == changed


def test_what_was_edited_by_other_means_is_a_version_of_nobody(
    notebooks: Notebooks, folder: Path
) -> None:
    notebooks.create("Monday", "1", who="vera")
    (folder / "Monday.md").write_text("by other means")
    save(notebooks, "Monday", "2", "emil")
    assert texts(notebooks, "Monday") == ["2", "by other means", "1"]
    assert [version.who for version in notebooks.versions("Monday")] == ["emil", "", "vera"]


def test_a_file_that_somebody_put_there_has_versions_from_its_first_save_on(
    notebooks: Notebooks, folder: Path
) -> None:
    folder.mkdir()
    (folder / "Monday.md").write_text("theirs")
    assert notebooks.versions("Monday") == []
    save(notebooks, "Monday", "mine", "vera")
    assert texts(notebooks, "Monday") == ["mine", "theirs"]


def test_fifty_versions_before_the_current_one_are_kept(notebooks: Notebooks, folder: Path) -> None:
    notebooks.create("Monday", "0")
    for number in range(1, 60):
        save(notebooks, "Monday", f"{number}")
    assert texts(notebooks, "Monday") == [f"{number}" for number in range(59, 8, -1)]
    with pytest.raises(NotSaved, match="not kept any more"):
        notebooks.version("Monday", 9)
    files = list((folder / ".notebooks" / "beside" / "Monday" / "versions").glob("*.md"))
    assert len(files) == 51


def test_an_earlier_version_that_is_saved_again_is_the_latest(notebooks: Notebooks) -> None:
    notebooks.create("Monday", "1")
    save(notebooks, "Monday", "2")
    save(notebooks, "Monday", notebooks.version("Monday", 1))
    assert texts(notebooks, "Monday") == ["1", "2", "1"]


@pytest.mark.parametrize("content", ["", "{}1", "[1]", '[[1, "now", "", ""]]'])
def test_versions_that_cannot_be_read_are_said_and_not_replaced(
    notebooks: Notebooks, folder: Path, content: str
) -> None:
    notebooks.create("Monday", "1")
    file = folder / ".notebooks" / "beside" / "Monday" / "versions" / "versions.json"
    file.write_text(content)
    for call in (lambda: notebooks.versions("Monday"), lambda: save(notebooks, "Monday", "2")):
        with pytest.raises(NotSaved, match="list of this notebook's versions cannot be read"):
            call()
    assert (file.read_text(), notebooks.text("Monday").text) == (content, "1")


def test_a_notebook_that_is_not_there_has_no_versions(notebooks: Notebooks) -> None:
    for call in (lambda: notebooks.versions("Monday"), lambda: notebooks.version("Monday", 1)):
        with pytest.raises(NotSaved, match=GONE):
            call()


def test_what_is_typed_is_there_after_a_restart_for_whoever_typed_it(
    notebooks: Notebooks, folder: Path
) -> None:
    notebooks.create("Monday", "1")
    notebooks.save_draft("Monday", "week", "vera", "select\r\n1", base="digest")
    notebooks.save_draft("Monday", "week", "emil", "other")
    again = Notebooks(lambda: folder)
    draft = again.draft("Monday", "week", "vera")
    assert draft is not None
    assert (draft.text, draft.base) == ("select\r\n1", "digest")
    assert datetime.now(UTC) - draft.moment < timedelta(hours=1)
    assert {cell: draft.text for cell, draft in again.drafts("Monday", "emil").items()} == {
        "week": "other"
    }
    assert notebooks.text("Monday").text == "1"


def test_a_draft_is_replaced_and_dropped(notebooks: Notebooks) -> None:
    notebooks.create("Monday", "1")
    notebooks.drop_draft("Monday", "week", "vera")
    for text in ("s", "se"):
        notebooks.save_draft("Monday", "week", "vera", text)
    notebooks.save_draft("Monday", "year", "vera", "y")
    notebooks.drop_draft("Monday", "week", "vera")
    assert list(notebooks.drafts("Monday", "vera")) == ["year"]
    assert notebooks.draft("Monday", "week", "vera") is None


def test_cells_and_people_with_any_names_have_drafts_of_their_own(notebooks: Notebooks) -> None:
    notebooks.create("Monday", "1")
    pairs = [("a", "b, c"), ("a, b", "c"), ("../../x", "google:1"), ("\ud800", ""), ("", "")]
    for cell, who in pairs:
        notebooks.save_draft("Monday", cell, who, f"{(cell, who)}")
    for cell, who in pairs:
        draft = notebooks.draft("Monday", cell, who)
        assert draft is not None
        assert draft.text == f"{(cell, who)}"


def test_a_draft_of_a_notebook_that_is_gone_is_refused(notebooks: Notebooks) -> None:
    with pytest.raises(NotSaved, match=GONE):
        notebooks.save_draft("Monday", "week", "vera", "typed")


@pytest.mark.parametrize(("text", "sentence"), [("é" * 100_001, "200 kB"), ("\ud800", "UTF-8")])
def test_a_draft_that_is_too_long_or_no_text_is_refused(
    notebooks: Notebooks, text: str, sentence: str
) -> None:
    notebooks.create("Monday", "1")
    notebooks.save_draft("Monday", "week", "vera", "é" * 100_000)
    with pytest.raises(NotSaved, match=sentence):
        notebooks.save_draft("Monday", "week", "vera", text)
    draft = notebooks.draft("Monday", "week", "vera")
    assert draft is not None
    assert draft.text == "é" * 100_000


def test_of_too_many_drafts_the_persons_own_oldest_makes_room(notebooks: Notebooks) -> None:
    notebooks.create("Monday", "1")
    notebooks.save_draft("Monday", "first", "emil", "typed")
    own = [f"cell {n}" for n in range(notebook_drafts.MOST)]
    for cell in own:
        notebooks.save_draft("Monday", cell, "vera", cell)
    assert set(notebooks.drafts("Monday", "vera")) == set(own[1:])
    assert list(notebooks.drafts("Monday", "emil")) == ["first"]
    notebooks.save_draft("Monday", "cell 2", "vera", "again")  # takes no room
    assert set(notebooks.drafts("Monday", "vera")) == set(own[1:])
    notebooks.save_draft("Monday", "mine", "lena", "typed")  # has none to give up
    assert list(notebooks.drafts("Monday", "emil")) == []


@pytest.mark.parametrize("content", ["", "null", "[]", "{}", '{"moment": 1}', '{"moment": "x"}'])
def test_a_file_that_is_no_draft_is_as_good_as_none(
    notebooks: Notebooks, folder: Path, content: str
) -> None:
    notebooks.create("Monday", "1")
    notebooks.save_draft("Monday", "week", "vera", "typed")
    (file,) = (folder / ".notebooks" / "beside" / "Monday" / "drafts").iterdir()
    file.write_text(content)
    assert notebooks.draft("Monday", "week", "vera") is None
    notebooks.save_draft("Monday", "week", "vera", "typed")
    assert list(notebooks.drafts("Monday", "vera")) == ["week"]
