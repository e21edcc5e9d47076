"""Who sees which notebooks, and who may change, rename, delete and share them."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from data.store.notebook_text import GONE, Conflict, NotSaved
from data.store.notebooks import Notebooks
from pages.people.notebooks import NotebooksOfPeople
from pages.people.person import THIS_COMPUTER, Person
from queries.access import Access

VERA = Person("vera", "Vera", "viewer")
ANNA = Person("anna", "Anna", "analyst", Access(masked=True))
EMIL = Person("emil", "Emil", "exporter")
INES = Person("ines", "Ines", "importer")
ADAM = Person("adam", "Adam", "admin")
LENA = Person("lena", "Lena", "exporter", Access(groups=("Email",)))
FRED = Person("fred", "Fred", "exporter", Access(folders=("Spring",)))
ALL = (VERA, ANNA, EMIL, INES, ADAM, LENA, FRED)

# What is done to a notebook called Ours, which is called so afterwards.
MANAGING: list[Callable[[NotebooksOfPeople, Person], object]] = [
    lambda notebooks, person: notebooks.rename(person, "Ours", " Ours "),
    lambda notebooks, person: notebooks.share(person, "Ours", for_everybody=True),
    lambda notebooks, person: notebooks.restore(person, notebooks.delete(person, "Ours")),
]


def filters_of(text: str) -> list[tuple[str, str]]:
    """The filters of texts in these tests: each line that begins with filter: has some."""
    lines = [line.removeprefix("filter: ") for line in text.splitlines() if "filter: " in line]
    return [pair for line in lines for pair in parse_qsl(line)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "notebooks"


@pytest.fixture
def kept(folder: Path) -> Notebooks:
    return Notebooks(lambda: folder)


@pytest.fixture
def notebooks(kept: Notebooks) -> NotebooksOfPeople:
    return NotebooksOfPeople(kept, filters_of)


def names(notebooks: NotebooksOfPeople, person: Person) -> list[str]:
    return [seen.listed.name for seen in notebooks.seen_by(person)]


def readers(notebooks: NotebooksOfPeople, name: str) -> set[str]:
    """Who has the notebook in the list; whoever has not cannot read it either."""
    for person in ALL:
        if name in names(notebooks, person):
            notebooks.text(person, name)
        else:
            for call in (
                lambda p=person: notebooks.text(p, name),
                lambda p=person: notebooks.save(p, name, "", ""),
                lambda p=person: notebooks.duplicate(p, name),
                lambda p=person: notebooks.versions(p, name),
                lambda p=person: notebooks.version(p, name, 1),
                lambda p=person: notebooks.rename(p, name, "Mine"),
                lambda p=person: notebooks.delete(p, name),
                lambda p=person: notebooks.share(p, name, for_everybody=True),
                lambda p=person: notebooks.save_draft(p, name, "cell", "typed"),
                lambda p=person: notebooks.drop_draft(p, name, "cell"),
            ):
                with pytest.raises(NotSaved):
                    call()
            assert notebooks.last_run(person, name) is None
            assert notebooks.drafts(person, name) == {}
    return {person.id for person in ALL if name in names(notebooks, person)}


def test_a_notebook_is_its_makers_until_it_is_shared(notebooks: NotebooksOfPeople) -> None:
    assert notebooks.create(EMIL, "Monday", "text") == "Monday"
    assert readers(notebooks, "Monday") == {"emil"}
    notebooks.share(EMIL, "Monday", for_everybody=True)
    assert readers(notebooks, "Monday") == {person.id for person in ALL}
    notebooks.share(EMIL, "Monday", for_everybody=False)
    assert readers(notebooks, "Monday") == {"emil"}
    notebooks.create(EMIL, "Ours", "", for_everybody=True)
    assert readers(notebooks, "Ours") == {person.id for person in ALL}
    assert names(notebooks, EMIL) == ["Monday", "Ours"]


def test_what_is_not_for_somebody_is_said_not_to_be_there(notebooks: NotebooksOfPeople) -> None:
    notebooks.create(EMIL, "Monday", "text")
    for name in ("Monday", "Nothing"):
        with pytest.raises(NotSaved) as refused:
            notebooks.text(LENA, name)
        assert str(refused.value) == GONE
        with pytest.raises(NotSaved) as refused:
            notebooks.delete(INES, name)
        assert str(refused.value) == GONE


def test_a_file_that_somebody_put_there_is_for_those_who_see_everything(
    notebooks: NotebooksOfPeople, folder: Path
) -> None:
    folder.mkdir()
    (folder / "Dropped.md").write_text("text")
    assert readers(notebooks, "Dropped") == {"vera", "emil", "ines", "adam"}
    with pytest.raises(NotSaved, match="Only whose notebook it is, or an admin"):
        notebooks.share(EMIL, "Dropped", for_everybody=True)
    notebooks.share(ADAM, "Dropped", for_everybody=True)
    assert readers(notebooks, "Dropped") == {person.id for person in ALL}
    assert [seen.entry.owner_name for seen in notebooks.seen_by(EMIL)] == ["Adam"]


@pytest.mark.parametrize(
    ("text", "hidden_from"),
    [
        ("filter: group=Email&folder=Spring&site=S1", set()),
        ("filter: group=SMS", {"lena"}),
        ("filter: group!=SMS", {"lena"}),
        ("filter: b.group=SMS", {"lena"}),
        ("filter: b.group!=SMS", {"lena"}),
        ("filter: group=Email\n\nfilter: group=SMS", {"lena"}),
        ("filter: folder=Winter", {"fred"}),
        ("filter: folder%21=Winter", {"fred"}),
        ("filter: prefix=JUNE", {"anna"}),
        ("filter: b.prefix!=JUNE", {"anna"}),
    ],
)
def test_a_shared_notebook_that_names_what_somebody_may_not_see_is_not_for_them(
    notebooks: NotebooksOfPeople, text: str, hidden_from: set[str]
) -> None:
    notebooks.create(EMIL, "Ours", text, for_everybody=True)
    assert readers(notebooks, "Ours") == {person.id for person in ALL} - hidden_from


def test_a_notebook_of_ones_own_stays_whatever_it_names(notebooks: NotebooksOfPeople) -> None:
    notebooks.create(LENA, "Mine", "filter: group=SMS")
    assert names(notebooks, LENA) == ["Mine"]
    assert notebooks.text(LENA, "Mine").text == "filter: group=SMS"
    assert notebooks.version(LENA, "Mine", 1) == "filter: group=SMS"


def test_a_viewer_reads_and_everybody_else_writes(notebooks: NotebooksOfPeople) -> None:
    notebooks.create(EMIL, "Ours", "0", for_everybody=True)
    may = {person.id for person in ALL if notebooks.may_change(person, "Ours")}
    assert may == {person.id for person in ALL} - {"vera"}
    assert {person.id for person in ALL if notebooks.may_create(person)} == may
    for person in ALL:
        (seen,) = notebooks.seen_by(person)
        assert seen.may_change is (person.id in may)
        base = notebooks.text(person, "Ours").digest
        if person.id in may:
            notebooks.save(person, "Ours", person.id, base)
            notebooks.save_draft(person, "Ours", "cell", "typed")
            assert list(notebooks.drafts(person, "Ours")) == ["cell"]
            notebooks.drop_draft(person, "Ours", "cell")
            assert notebooks.drafts(person, "Ours") == {}
    who = [version.who for version in notebooks.versions(EMIL, "Ours")]
    assert who == ["Fred", "Lena", "Adam", "Ines", "Emil", "Anna", "Emil"]
    calls: list[Callable[[], object]] = [
        lambda: notebooks.create(VERA, "Mine", ""),
        lambda: notebooks.save(VERA, "Ours", "", base),
        lambda: notebooks.duplicate(VERA, "Ours"),
        lambda: notebooks.versions(VERA, "Ours"),
        lambda: notebooks.save_draft(VERA, "Ours", "cell", "typed"),
    ]
    for call in calls:
        with pytest.raises(NotSaved, match="Your role, viewer, may not change notebooks"):
            call()


def test_its_owner_and_an_admin_rename_delete_and_share_a_notebook(
    notebooks: NotebooksOfPeople,
) -> None:
    notebooks.create(LENA, "Ours", "", for_everybody=True)
    may = {person.id for person in ALL if notebooks.may_manage(person, "Ours")}
    assert may == {"lena", "adam"}
    for person in ALL:
        (seen,) = notebooks.seen_by(person)
        assert (seen.may_manage, seen.is_own) == (person.id in may, person == LENA)
        for call in MANAGING:
            if person.id in may:
                call(notebooks, person)
            else:
                with pytest.raises(NotSaved):
                    call(notebooks, person)
    assert [seen.entry.owner for seen in notebooks.seen_by(ADAM)] == ["lena"]


def test_only_who_could_have_deleted_a_notebook_restores_it(notebooks: NotebooksOfPeople) -> None:
    notebooks.create(EMIL, "Mine", "")
    deleted = notebooks.delete(EMIL, "Mine")
    for person in (VERA, INES, LENA):
        with pytest.raises(NotSaved, match=GONE):
            notebooks.restore(person, deleted)
    assert notebooks.restore(EMIL, deleted) == "Mine"
    assert readers(notebooks, "Mine") == {"emil"}


def test_a_duplicate_is_its_makers_own(notebooks: NotebooksOfPeople) -> None:
    notebooks.create(EMIL, "Ours", "text", for_everybody=True)
    assert notebooks.duplicate(LENA, "Ours") == "Ours 2"
    assert readers(notebooks, "Ours 2") == {"lena"}
    assert notebooks.text(LENA, "Ours 2").text == "text"


def test_earlier_versions_that_name_what_is_hidden_are_not_for_somebody(
    notebooks: NotebooksOfPeople,
) -> None:
    notebooks.create(EMIL, "Ours", "filter: group=SMS", for_everybody=True)
    base = notebooks.text(EMIL, "Ours").digest
    notebooks.save(EMIL, "Ours", "filter: group=Email", base)
    assert [version.number for version in notebooks.versions(LENA, "Ours")] == [2]
    assert [version.number for version in notebooks.versions(FRED, "Ours")] == [2, 1]
    assert notebooks.version(LENA, "Ours", 2) == "filter: group=Email"
    with pytest.raises(NotSaved, match=GONE):
        notebooks.version(LENA, "Ours", 1)


def test_a_conflict_shows_nobody_what_is_hidden_from_them(
    notebooks: NotebooksOfPeople, kept: Notebooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebooks.create(EMIL, "Ours", "1", for_everybody=True)
    base = notebooks.text(LENA, "Ours").digest
    notebooks.save(EMIL, "Ours", "2", base)
    with pytest.raises(Conflict) as conflict:
        notebooks.save(LENA, "Ours", "mine", base)
    assert conflict.value.theirs.text == "2"
    save = kept.save

    def save_after_another(name: str, text: str, base: str, *, who: str = "") -> str:
        save(name, "filter: group=SMS", conflict.value.theirs.digest)
        return save(name, text, base, who=who)

    monkeypatch.setattr(kept, "save", save_after_another)
    with pytest.raises(NotSaved, match=GONE):
        notebooks.save(LENA, "Ours", "mine", conflict.value.theirs.digest)


def test_without_a_sign_in_everything_is_everybodys(
    notebooks: NotebooksOfPeople, folder: Path
) -> None:
    notebooks.create(EMIL, "Of Emil", "filter: group=SMS")
    (folder / "Dropped.md").write_text("")
    notebooks.create(THIS_COMPUTER, "Made here", "1")
    assert names(notebooks, THIS_COMPUTER) == ["Dropped", "Made here", "Of Emil"]
    for seen in notebooks.seen_by(THIS_COMPUTER):
        assert (seen.may_change, seen.may_manage) == (True, True)
        notebooks.restore(THIS_COMPUTER, notebooks.delete(THIS_COMPUTER, seen.listed.name))
    with pytest.raises(NotSaved, match="Without a sign-in every notebook is for everybody"):
        notebooks.share(THIS_COMPUTER, "Made here", for_everybody=False)
    assert names(notebooks, EMIL) == ["Dropped", "Made here", "Of Emil"]
    assert names(notebooks, INES) == ["Dropped", "Made here"]


@pytest.mark.parametrize(
    "noted",
    ["", "[]", '{"owner": "emil"}', '{"owner": 1, "owner_name": "", "for_everybody": true}',
     '{"owner": "emil", "owner_name": "", "for_everybody": 1}'],
)  # fmt: skip
def test_a_notebook_whose_owner_is_not_known_is_for_an_admin(
    notebooks: NotebooksOfPeople, folder: Path, noted: str
) -> None:
    notebooks.create(EMIL, "Ours", "", for_everybody=True)
    (folder / ".notebooks" / "beside" / "Ours" / "about.json").write_text(noted)
    assert readers(notebooks, "Ours") == {"adam"}
    assert names(notebooks, THIS_COMPUTER) == ["Ours"]
    notebooks.share(ADAM, "Ours", for_everybody=False)
    assert [seen.entry.owner for seen in notebooks.seen_by(ADAM)] == ["adam"]


def test_a_run_is_noted_by_those_who_may_change_a_notebook(notebooks: NotebooksOfPeople) -> None:
    notebooks.create(EMIL, "Ours", "", for_everybody=True)
    notebooks.note_run(EMIL, "Ours", {"digest": "1"})
    notebooks.note_run(VERA, "Ours", {"digest": "2"})
    assert notebooks.last_run(VERA, "Ours") == {"digest": "1"}


def test_a_notebook_that_cannot_be_opened_is_listed_for_those_who_see_everything(
    notebooks: NotebooksOfPeople, folder: Path
) -> None:
    notebooks.create(EMIL, "Ours", "", for_everybody=True)
    (folder / "Ours.md").write_bytes(b"\xff")
    assert {p.id for p in ALL if "Ours" in names(notebooks, p)} == {"vera", "emil", "ines", "adam"}
    assert [seen.listed.problem for seen in notebooks.seen_by(VERA)] == [
        "This notebook is no text in UTF-8."
    ]
    with pytest.raises(NotSaved, match="UTF-8"):
        notebooks.text(VERA, "Ours")


def test_a_file_whose_name_is_none_of_a_notebook_is_listed_for_an_admin(
    notebooks: NotebooksOfPeople, folder: Path
) -> None:
    folder.mkdir()
    (folder / "odd\nname.md").write_text("")
    listed = {person.id for person in ALL if names(notebooks, person) == ["odd\\x0aname"]}
    assert listed == {"adam"}
    assert names(notebooks, THIS_COMPUTER) == ["odd\\x0aname"]
