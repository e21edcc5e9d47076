"""The folder of notebooks: names, texts that stay byte for byte, deleting and what it refuses."""

import contextlib
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import notebook_trash
from data.store.notebook_text import GONE, LARGEST, Conflict, NotSaved
from data.store.notebook_trash import Deleted
from data.store.notebooks import Notebooks
from data.store.privacy import tighten_store
from data.store.settings import notebooks_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vouchers.notebooks"


@pytest.fixture
def notebooks(folder: Path) -> Notebooks:
    return Notebooks(lambda: folder)


def names(notebooks: Notebooks) -> list[str]:
    return [listed.name for listed in notebooks.names()]


def test_the_folder_is_a_setting_and_lies_beside_the_store_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_STORE", str(tmp_path / "v.duckdb"))
    monkeypatch.delenv("VOUCHERS_NOTEBOOKS", raising=False)
    assert notebooks_folder() == tmp_path.resolve() / "v.notebooks"
    monkeypatch.setenv("VOUCHERS_NOTEBOOKS", str(tmp_path / "reports"))
    assert notebooks_folder() == tmp_path / "reports"


def test_without_a_folder_there_are_no_notebooks_and_none_is_made(
    notebooks: Notebooks, folder: Path
) -> None:
    assert notebooks.names() == []
    with pytest.raises(NotSaved, match=GONE):
        notebooks.text("Monday report")
    assert not folder.exists()


def test_notebooks_are_listed_by_their_names_with_what_their_files_are(
    notebooks: Notebooks, folder: Path
) -> None:
    for name in ("leaks", "Monday report", "Ärger"):
        notebooks.create(name, "# Café\n")
    (folder / "notes.txt").write_text("mine")
    (folder / ".hidden.md").write_text("mine")
    (folder / "folder.md").mkdir()
    assert names(notebooks) == ["leaks", "Monday report", "Ärger"]
    listed = notebooks.names()[0]
    assert (listed.size, listed.problem) == (8, "")
    assert listed.digest == notebooks.text("leaks").digest
    os.utime(folder / "leaks.md", (0, 1_451_606_400))
    assert notebooks.names()[0].changed_at == datetime(2016, 1, 1, tzinfo=UTC)


def test_a_file_that_somebody_puts_into_the_folder_is_a_notebook(
    notebooks: Notebooks, folder: Path
) -> None:
    folder.mkdir()
    (folder / "What  now?.md").write_bytes(b"\xef\xbb\xbf# Now\r\n")
    assert names(notebooks) == ["What  now?"]
    kept = notebooks.text("What  now?")
    assert kept.text == "\ufeff# Now\r\n"
    notebooks.save("What  now?", "# Later", kept.digest)
    assert (folder / "What  now?.md").read_bytes() == b"# Later"


@pytest.mark.parametrize(
    "text", ["", "a", "a\n", "a\r\nb\rc\n\n", "\x00\x0b\u2028", "Zürich 日本 🎟"]
)
def test_a_text_comes_back_as_it_was_saved(notebooks: Notebooks, folder: Path, text: str) -> None:
    name = notebooks.create("Monday report", text)
    assert notebooks.text(name).text == text
    notebooks.save(name, text + "!", notebooks.text(name).digest)
    notebooks.save(name, text, notebooks.text(name).digest)
    assert (folder / f"{name}.md").read_bytes() == text.encode()


@given(texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=4))
def test_any_texts_come_back_byte_for_byte_and_so_do_their_versions(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("notebooks")
    notebooks = Notebooks(lambda: folder)
    name = notebooks.create("N", texts[0])
    different = texts[:1]
    for text in texts[1:]:
        notebooks.save(name, text, notebooks.text(name).digest)
        different += [text] if text != different[-1] else []
        assert (folder / "N.md").read_bytes() == text.encode()
    versions = [notebooks.version(name, one.number) for one in notebooks.versions(name)]
    assert versions == different[::-1]


def test_a_new_notebook_gets_a_number_where_its_name_is_taken(notebooks: Notebooks) -> None:
    given = [notebooks.create(name, name) for name in ("Monday", " monday ", "MONDAY", "Café")]
    assert given == ["Monday", "monday 2", "MONDAY 3", "Café"]
    assert notebooks.create("Cafe\u0301", "") == "Café 2"
    assert notebooks.text("monday 2").text == " monday "
    long = "x" * 80
    assert [notebooks.create(long, "") for _ in range(2)] == [long, "x" * 78 + " 2"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give the notebook a name"),
        (" \t ", "Give the notebook a name"),
        ("a/b", "cannot have a /"),
        ("..\\b", r"cannot have a \\"),
        ("/etc/passwd", "cannot have a /"),
        ("who?", r"cannot have a \?"),
        ("..", "neither begins nor ends with a dot"),
        (".hidden", "neither begins nor ends with a dot"),
        ("report.", "neither begins nor ends with a dot"),
        ("a\x00b", "cannot be shown"),
        ("a\x1b[31mb", "cannot be shown"),
        ("a\u202eb", "cannot be shown"),
        ("a\ud800", "cannot be shown"),
        ("con", "take this name for a device"),
        ("Com1.report", "take this name for a device"),
        ("x" * 81, "at most 80 letters"),
        ("𠮷" * 51, "too long for one of a file"),  # 204 bytes
    ],
)
def test_a_name_that_is_none_of_a_file_is_refused_with_a_sentence(
    notebooks: Notebooks, folder: Path, name: str, sentence: str
) -> None:
    notebooks.create("Monday", "text")
    calls: list[Callable[[], object]] = [
        lambda: notebooks.create(name, ""),
        lambda: notebooks.rename("Monday", name),
    ]
    for call in calls:
        with pytest.raises(NotSaved, match=sentence):
            call()
    assert sorted(path.name for path in folder.iterdir()) == [".notebooks", "Monday.md"]


@given(name=st.text(max_size=90) | st.sampled_from(["..", "../a", ".notebooks/lock", "a\\..\\b"]))
def test_no_name_leads_out_of_the_folder(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    outer = tmp_path_factory.mktemp("outer")
    (outer / "a.md").write_text("outside")
    notebooks = Notebooks(lambda: outer / "inner")
    try:
        created = notebooks.create(name, "inside")
    except NotSaved:
        with pytest.raises(NotSaved):
            notebooks.text(name)
    else:
        assert (outer / "inner" / f"{created}.md").parent == outer / "inner"
        assert names(notebooks) == [created]
        assert notebooks.text(created).text == "inside"
    assert [path.name for path in outer.iterdir() if path.name != "inner"] == ["a.md"]
    assert (outer / "a.md").read_text() == "outside"


def test_a_link_is_listed_and_not_followed(
    notebooks: Notebooks, folder: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    folder.mkdir()
    (folder / "link.md").symlink_to(secret)
    (folder / "nowhere.md").symlink_to(tmp_path / "nowhere")
    for listed in notebooks.names():
        assert "links are not followed" in listed.problem
        with pytest.raises(NotSaved, match="links are not followed"):
            notebooks.text(listed.name)
        with pytest.raises(NotSaved, match="links are not followed"):
            notebooks.save(listed.name, "mine", "")
        notebooks.delete(listed.name)
    assert (names(notebooks), secret.read_text()) == ([], "hidden")


def test_what_is_no_text_or_too_large_is_listed_with_the_reason(
    notebooks: Notebooks, folder: Path
) -> None:
    folder.mkdir()
    (folder / "large.md").write_bytes(b"x" * (LARGEST + 1))
    (folder / "latin.md").write_bytes(b"Caf\xe9")
    (folder / "odd\nname.md").write_bytes(b"")
    os.mkfifo(folder / "pipe.md")
    problems = {listed.name: listed.problem for listed in notebooks.names()}
    assert problems == {
        "large": "A notebook has at most 1 MB.",
        "latin": "This notebook is no text in UTF-8.",
        "odd\\x0aname": "The file's name has characters that no name of a notebook has.",
    }
    for name, sentence in (("large", "1 MB"), ("latin", "UTF-8"), ("pipe", "no file")):
        with pytest.raises(NotSaved, match=sentence):
            notebooks.text(name)


def test_a_text_that_cannot_be_written_is_refused_and_changes_nothing(
    notebooks: Notebooks,
) -> None:
    name = notebooks.create("Monday", "text")
    base = notebooks.text(name).digest
    for text, sentence in (("\ud800", "UTF-8"), ("é" * (LARGEST // 2 + 1), "1 MB")):
        with pytest.raises(NotSaved, match=sentence):
            notebooks.save(name, text, base)
        with pytest.raises(NotSaved, match=sentence):
            notebooks.create("Another", text)
    assert (names(notebooks), notebooks.text(name).text) == (["Monday"], "text")
    notebooks.save(name, "x" * LARGEST, base)


def test_a_save_over_a_text_that_somebody_else_saved_is_refused_with_theirs(
    notebooks: Notebooks,
) -> None:
    name = notebooks.create("Monday", "start")
    base = notebooks.text(name).digest
    notebooks.save(name, "theirs", base)
    with pytest.raises(Conflict) as conflict:
        notebooks.save(name, "mine", base)
    assert conflict.value.theirs == notebooks.text(name)
    assert notebooks.text(name).text == "theirs"
    assert "theirs" not in repr(conflict.value.theirs)
    notebooks.save(name, "both", conflict.value.theirs.digest)
    assert notebooks.text(name).text == "both"


def test_a_file_that_was_edited_by_other_means_is_not_overwritten(
    notebooks: Notebooks, folder: Path
) -> None:
    name = notebooks.create("Monday", "start\n")
    base = notebooks.text(name).digest
    (folder / "Monday.md").write_bytes(b"start\r\n")
    with pytest.raises(Conflict):
        notebooks.save(name, "mine", base)
    assert (folder / "Monday.md").read_bytes() == b"start\r\n"
    (folder / "Monday.md").unlink()
    with pytest.raises(NotSaved, match=GONE):
        notebooks.save(name, "mine", base)


def test_a_full_disk_leaves_the_text_as_it_was(
    notebooks: Notebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = notebooks.create("Monday", "start")
    kept, versions = notebooks.text(name), notebooks.versions(name)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("data.store.notebooks.replace_file", full)
    with pytest.raises(NotSaved, match="The notebook cannot be kept: the disk is full"):
        notebooks.save(name, "mine", kept.digest)
    assert (notebooks.text(name), notebooks.versions(name)) == (kept, versions)


def test_a_renamed_notebook_keeps_all_that_belongs_to_it(notebooks: Notebooks) -> None:
    name = notebooks.create("Monday", "1", about={"owner": "vera"})
    notebooks.save(name, "2", notebooks.text(name).digest)
    notebooks.save_draft(name, "week", "vera", "typed")
    notebooks.note_run(name, {"digest": "d"})
    versions = notebooks.versions(name)
    assert notebooks.rename("Monday", " Tuesday   report ") == "Tuesday report"
    assert names(notebooks) == ["Tuesday report"]
    assert notebooks.versions("Tuesday report") == versions
    assert notebooks.version("Tuesday report", 1) == "1"
    assert notebooks.about("Tuesday report") == {"owner": "vera"}
    assert notebooks.last_run("Tuesday report") == {"digest": "d"}
    assert notebooks.drafts("Tuesday report", "vera")["week"].text == "typed"
    assert (notebooks.about("Monday"), notebooks.drafts("Monday", "vera")) == ({}, {})


def test_a_name_can_change_its_capitals_and_is_not_given_twice(notebooks: Notebooks) -> None:
    notebooks.create("monday", "1", about={"owner": "vera"})
    notebooks.create("Tuesday", "2")
    assert notebooks.rename("monday", "Monday") == "Monday"
    assert notebooks.about("Monday") == {"owner": "vera"}
    assert notebooks.rename("Monday", "Monday") == "Monday"
    with pytest.raises(NotSaved, match="another notebook of that name"):
        notebooks.rename("Monday", "tuesday")
    with pytest.raises(NotSaved, match=GONE):
        notebooks.rename("Wednesday", "Friday")
    assert [notebooks.text(name).text for name in names(notebooks)] == ["1", "2"]


def test_a_duplicate_has_the_text_and_a_history_of_its_own(notebooks: Notebooks) -> None:
    notebooks.create("Monday", "1", who="vera", about={"owner": "vera"})
    notebooks.save("Monday", "2", notebooks.text("Monday").digest, who="vera")
    assert notebooks.duplicate("Monday", who="emil") == "Monday 2"
    assert notebooks.text("Monday 2").text == "2"
    assert [version.who for version in notebooks.versions("Monday 2")] == ["emil"]
    assert notebooks.about("Monday 2") == {}


def test_a_deleted_notebook_comes_back_with_its_versions_and_drafts(
    notebooks: Notebooks,
) -> None:
    notebooks.create("Monday", "1", about={"owner": "vera"})
    notebooks.save("Monday", "2", notebooks.text("Monday").digest)
    notebooks.save_draft("Monday", "week", "vera", "typed")
    versions = notebooks.versions("Monday")
    deleted = notebooks.delete("Monday")
    assert (names(notebooks), notebooks.about("Monday")) == ([], {})
    with pytest.raises(NotSaved, match=GONE):
        notebooks.delete("Monday")
    assert notebooks.restore(deleted) == "Monday"
    assert notebooks.versions("Monday") == versions
    assert notebooks.about("Monday") == {"owner": "vera"}
    assert notebooks.drafts("Monday", "vera")["week"].text == "typed"
    with pytest.raises(NotSaved, match="too long ago"):
        notebooks.restore(deleted)
    assert notebooks.text("Monday").text == "2"


def test_a_deleted_notebook_comes_back_beside_a_new_one_of_its_name(
    notebooks: Notebooks,
) -> None:
    notebooks.create("Monday", "old", about={"owner": "vera"})
    deleted = notebooks.delete("Monday")
    notebooks.create("monday", "new")
    assert notebooks.restore(deleted) == "Monday 2"
    assert (notebooks.text("monday").text, notebooks.text("Monday 2").text) == ("new", "old")
    assert (notebooks.about("monday"), notebooks.about("Monday 2")) == ({}, {"owner": "vera"})


def test_thirty_deleted_notebooks_are_kept(notebooks: Notebooks, folder: Path) -> None:
    first, *others = [
        notebooks.delete(notebooks.create(f"N{n}", f"{n}")) for n in range(notebook_trash.MOST + 1)
    ]
    with pytest.raises(NotSaved, match="too long ago"):
        notebooks.restore(first)
    assert [notebooks.restore(one) for one in others] == [f"N{n}" for n in range(1, 31)]


@pytest.mark.parametrize("id", ["", "..", "../../etc", "0" * 20 + "-00000000"])
def test_what_was_never_deleted_is_not_restored(notebooks: Notebooks, id: str) -> None:
    notebooks.create("Monday", "1")
    with pytest.raises(NotSaved, match="too long ago"):
        notebooks.restore(Deleted(id, "Monday"))
    assert names(notebooks) == ["Monday"]


@pytest.mark.parametrize(
    "comes",
    [
        lambda notebooks, _: notebooks.create("Monday", "other", who="emil"),
        lambda notebooks, _: notebooks.rename("Tuesday", "Monday"),
        lambda notebooks, deleted: notebooks.restore(deleted),
    ],
    ids=["made", "renamed", "restored"],
)
def test_a_notebook_inherits_nothing_of_one_whose_file_was_taken_away(
    notebooks: Notebooks, folder: Path, comes: Callable[[Notebooks, Deleted], object]
) -> None:
    deleted = notebooks.delete(notebooks.create("Monday", "other", who="emil"))
    notebooks.create("Tuesday", "other", who="emil")
    notebooks.create("Monday", "secret", about={"owner": "vera"})
    notebooks.save_draft("Monday", "cell", "emil", "typed")
    notebooks.note_run("Monday", {"digest": "d"})
    (folder / "Monday.md").unlink()
    comes(notebooks, deleted)
    assert notebooks.text("Monday").text == "other"
    assert (notebooks.about("Monday"), notebooks.last_run("Monday")) == ({}, None)
    assert notebooks.drafts("Monday", "emil") == {}
    assert [version.who for version in notebooks.versions("Monday")] == ["emil"]


@pytest.mark.parametrize("after", range(4))
def test_a_computer_that_stops_leaves_no_file_without_what_was_noted_about_it(
    notebooks: Notebooks, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Each change is cut off after a number of renames of files and folders."""
    name = notebooks.create("Monday", "1", about={"owner": "vera"})
    rename, left = Path.rename, after

    def stops(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return rename(path, target)

    calls: list[Callable[[], object]] = [
        lambda: notebooks.rename(name, "Tuesday"),
        lambda: notebooks.rename("Tuesday", "tuesday"),
        lambda: notebooks.restore(notebooks.delete(names(notebooks)[0])),
        lambda: notebooks.create("Friday", "2", about={"owner": "vera"}),
    ]
    monkeypatch.setattr(Path, "rename", stops)
    for call in calls:
        left = after
        with contextlib.suppress(KeyboardInterrupt, NotSaved, IndexError):
            call()
        for present in names(notebooks):
            assert notebooks.about(present) == {"owner": "vera"}, present


def test_what_is_noted_about_a_notebook_and_its_last_run_lasts(
    notebooks: Notebooks, folder: Path
) -> None:
    name = notebooks.create("Monday", "1")
    assert (notebooks.about(name), notebooks.last_run(name)) == ({}, None)
    notebooks.note_about(name, {"owner": "vera"})
    notebooks.note_run(name, {"digest": "d", "imports": [1, 2]})
    again = Notebooks(lambda: folder)
    assert again.about(name) == {"owner": "vera"}
    assert again.last_run(name) == {"digest": "d", "imports": [1, 2]}
    for call in (notebooks.note_about, notebooks.note_run):
        with pytest.raises(NotSaved, match=GONE):
            call("Tuesday", {})


@pytest.mark.parametrize("content", [b"", b"[]", b"1", b"[" * 100_000, b"\xff"])
def test_what_is_noted_and_cannot_be_read_is_not_taken_for_nothing(
    notebooks: Notebooks, folder: Path, content: bytes
) -> None:
    name = notebooks.create("Monday", "1", about={"owner": "vera"})
    notebooks.note_run(name, {})
    for file in ("about.json", "run.json"):
        (folder / ".notebooks" / "beside" / name / file).write_bytes(content)
    with pytest.raises(NotSaved, match="What is known about this notebook cannot be read"):
        notebooks.about(name)
    assert notebooks.last_run(name) is None


def test_every_file_and_folder_is_its_users_own(notebooks: Notebooks, folder: Path) -> None:
    before = os.umask(0o022)
    try:
        name = notebooks.create("Monday", "1", about={})
        notebooks.save(name, "2", notebooks.text(name).digest)
        notebooks.save_draft(name, "week", "vera", "typed")
        notebooks.note_run(name, {})
        notebooks.delete(notebooks.duplicate(name))
    finally:
        os.umask(before)
    for path in (folder, folder / ".notebooks"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len(files) >= 8


def test_a_folder_beside_the_store_is_tightened_when_the_store_opens(tmp_path: Path) -> None:
    folder = tmp_path / "v.notebooks"
    folder.mkdir(mode=0o755)
    (folder / "Monday.md").write_text("1")
    (folder / "Monday.md").chmod(0o644)
    tighten_store(tmp_path / "v.duckdb")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "Monday.md").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notebooks = Notebooks(lambda: tmp_path / "file" / "notebooks")
    for call in (notebooks.names, lambda: notebooks.create("Monday", "")):
        with pytest.raises(NotSaved, match=r"cannot be \w+: not a directory\."):
            call()


def test_a_stamp_is_another_one_after_each_change_of_a_notebook_and_of_whose_it_is(
    notebooks: Notebooks, folder: Path
) -> None:
    assert notebooks.stamps() == {}
    notebooks.create("Monday", "one")
    notebooks.create("Tuesday", "two")
    seen = [notebooks.stamps()]
    notebooks.save("Monday", "six", notebooks.text("Monday").digest)
    seen.append(notebooks.stamps())
    notebooks.note_about("Monday", {"owner": "emil"})
    seen.append(notebooks.stamps())
    (folder / "Monday.md").write_text("a longer text")
    seen.append(notebooks.stamps())
    assert len({stamps["Monday"] for stamps in seen}) == 4
    assert len({stamps["Tuesday"] for stamps in seen}) == 1
    notebooks.save_draft("Monday", "cell", "emil", "typed")
    notebooks.note_run("Monday", {"state": "x"})
    assert notebooks.stamps() == seen[-1]
    notebooks.delete("Tuesday")
    assert set(notebooks.stamps()) == {"Monday"}
