"""Named views: whose they are, who may open them, and that no tab loses one of another."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pages.people.person import Person
from pages.people.view import Draft, View
from pages.people.views import LONGEST_NAME, MOST, NotSaved, Views
from pages.people.views_file import FORMAT, WRONG, as_file, views_in
from queries.access import Access

VERA, EMIL, ADAM = (
    Person(name, name, role)
    for name, role in (("vera", "viewer"), ("emil", "exporter"), ("adam", "admin"))
)
LENA = Person("lena", "lena", "exporter", Access(groups=("Email",)))
FRED = Person("fred", "fred", "exporter", Access(folders=("Spring",)))
MASKED = Person("mia", "mia", "viewer", Access(masked=True))


@pytest.fixture
def views(tmp_path: Path) -> Views:
    return Views(lambda: tmp_path / "vouchers.views.json")


def names(views: Views, person: Person) -> list[str]:
    return [view.name for view in views.seen_by(person)]


def one(views: Views, person: Person) -> View:
    (view,) = views.seen_by(person)
    return view


def test_a_view_is_the_persons_own_unless_it_is_for_everybody(views: Views) -> None:
    views.save(VERA, "Mine", "", "group=Email")
    views.save(VERA, "Ours", "batches", "", for_everybody=True)
    assert names(views, VERA) == ["Mine", "Ours"]
    assert names(views, EMIL) == ["Ours"]
    views.alter(VERA, views.seen_by(EMIL)[0].id, "Ours", for_everybody=False)
    assert names(views, EMIL) == []


def test_a_view_of_a_page_is_seen_by_those_who_may_open_it(views: Views) -> None:
    views.save(ADAM, "Log", "audit", "", for_everybody=True)
    views.save(ADAM, "History", "imports", "", for_everybody=True)
    assert names(views, ADAM) == ["History", "Log"]
    assert names(views, EMIL) == ["History"]
    assert names(views, LENA) == []


@pytest.mark.parametrize(
    ("query", "readers"),
    [
        ("group=Email&site=S1", {"lena", "fred", "mia"}),
        ("group=Email&group=SMS", {"fred", "mia"}),
        ("group!=SMS", {"fred", "mia"}),
        ("folder=Spring", {"lena", "fred", "mia"}),
        ("folder=Winter", {"lena", "mia"}),
        ("folder%21=Winter", {"lena", "mia"}),
        ("prefix=JUNE", {"lena", "fred"}),
        ("prefix!=JUNE", {"lena", "fred"}),
    ],
)
def test_a_view_that_names_what_a_person_may_not_see_is_not_shown_to_them(
    views: Views, query: str, readers: set[str]
) -> None:
    views.save(ADAM, "Ours", "", query, for_everybody=True)
    view = one(views, ADAM)
    for person in (LENA, FRED, MASKED):
        views.open_at_start(person, view.id)
        seen = person.id in readers
        assert names(views, person) == (["Ours"] if seen else [])
        assert (views.start_of(person) == view) is seen


def test_a_person_keeps_a_view_of_their_own_whatever_it_names(views: Views) -> None:
    views.save(LENA, "Mine", "", "group=SMS")
    views.save(MASKED, "Mine", "", "prefix=JUNE")
    assert (names(views, LENA), names(views, MASKED)) == (["Mine"], ["Mine"])


def test_nobody_changes_a_view_of_somebody_else(views: Views) -> None:
    views.save(VERA, "Ours", "", "", for_everybody=True)
    view = one(views, ADAM)
    with pytest.raises(NotSaved, match="not there any more"):
        views.alter(ADAM, view.id, "Theirs", for_everybody=True)
    with pytest.raises(NotSaved, match="not there any more"):
        views.delete(ADAM, view.id)
    views.save(ADAM, "Ours", "codes", "")  # adds one of the same name
    assert [(v.owner, v.page) for v in views.seen_by(VERA)] == [("vera", "")]


def test_saving_under_the_same_name_replaces_the_view(views: Views) -> None:
    views.save(VERA, "Mine", "", "group=Email")
    before = one(views, VERA)
    views.save(VERA, "  Mine ", "codes", "group=SMS&sort=code")
    after = one(views, VERA)
    assert (after.id, after.page) == (before.id, "codes")
    assert after.parameters == {"group": ["SMS"], "sort": ["code"]}


def test_a_replaced_view_comes_back(views: Views) -> None:
    assert views.save(VERA, "Mine", "", "group=Email", for_everybody=True) is None
    before = one(views, VERA)
    replaced = views.save(VERA, "Mine", "codes", "")
    assert (replaced, one(views, VERA).for_everybody) == (before, False)
    views.restore([before])
    assert one(views, VERA) == before


def test_views_of_a_file_are_saved_together_and_stay_for_everybody(views: Views) -> None:
    views.save(VERA, "Ours", "", "group=Email", for_everybody=True)
    ours = one(views, VERA)
    drafts = [Draft("Ours", "codes", ""), Draft(" Mine", "", "group=SMS")]
    assert views.save_all(VERA, drafts) == [ours]
    saved = {view.name: view for view in views.seen_by(VERA)}
    assert saved["Ours"] == View(ours.id, "Ours", "codes", "", "vera", for_everybody=True)
    assert (saved["Mine"].query, saved["Mine"].for_everybody) == ("group=SMS", False)


@pytest.mark.parametrize("name", ["", "x" * (LONGEST_NAME + 1), "v\ud800"])
def test_of_views_that_cannot_all_be_saved_none_is(views: Views, name: str) -> None:
    views.save(VERA, "Mine", "", "group=Email")
    before = views.seen_by(VERA)
    drafts = [Draft("Mine", "", "group=SMS"), Draft("B", "", ""), Draft(name, "", "")]
    with pytest.raises(NotSaved):
        views.save_all(VERA, drafts)
    with pytest.raises(NotSaved, match="Delete some first"):
        views.save_all(VERA, [Draft(f"{n}", "", "") for n in range(MOST)])
    assert views.seen_by(VERA) == before


def test_a_name_is_not_given_twice_nor_left_out(views: Views) -> None:
    views.save(VERA, "A", "", "")
    views.save(VERA, "B", "", "")
    view = views.seen_by(VERA)[1]
    for name, sentence in (
        ("A", "another view of that name"),
        (" ", "Give the view a name"),
        ("x" * (LONGEST_NAME + 1), "at most 80 letters"),
        ("v\ud800", "no text"),
    ):
        with pytest.raises(NotSaved, match=sentence):
            views.alter(VERA, view.id, name, for_everybody=False)
    assert names(views, VERA) == ["A", "B"]


def test_a_deleted_view_comes_back_with_its_place_at_the_start(views: Views) -> None:
    views.save(VERA, "Mine", "", "group=Email")
    view = one(views, VERA)
    views.open_at_start(VERA, view.id)
    deleted = views.delete(VERA, view.id)
    assert (views.seen_by(VERA), views.start_of(VERA)) == ([], None)
    views.restore([deleted])
    assert (one(views, VERA), views.start_of(VERA)) == (view, view)


def test_each_person_has_a_start_of_their_own(views: Views) -> None:
    views.save(VERA, "Ours", "", "", for_everybody=True)
    view = one(views, VERA)
    views.open_at_start(EMIL, view.id)
    assert (views.start_of(VERA), views.start_of(EMIL)) == (None, view)
    views.alter(VERA, view.id, "Mine", for_everybody=False)
    assert views.start_of(EMIL) is None
    views.open_at_start(EMIL, None)
    views.alter(VERA, view.id, "Ours", for_everybody=True)
    assert views.start_of(EMIL) is None


def test_tabs_that_save_at_a_time_lose_no_view(views: Views) -> None:
    with ThreadPoolExecutor(16) as tabs:
        list(tabs.map(lambda n: views.save(VERA, f"View {n}", "", f"group={n}"), range(60)))
    assert len(names(views, VERA)) == 60


def test_nobody_fills_the_disk_with_views(views: Views, tmp_path: Path) -> None:
    saved = [View(f"{n}", f"{n}", "", "", "vera").__dict__ for n in range(MOST)]
    file = tmp_path / "vouchers.views.json"
    file.write_text(json.dumps({"views": saved, "start": {}}), "utf-8")
    with pytest.raises(NotSaved, match="200 views already"):
        views.save(VERA, "One more", "", "")
    views.save(VERA, "7", "codes", "")
    views.save(EMIL, "One more", "", "")


def test_the_file_is_for_its_user_alone(views: Views, tmp_path: Path) -> None:
    views.save(VERA, "Mine", "", "")
    assert stat.S_IMODE((tmp_path / "vouchers.views.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "[]", '{"views": 1}', '{"views": [{}], "start": {}}'])
def test_a_file_that_cannot_be_read_is_said_and_not_replaced(
    views: Views, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "vouchers.views.json"
    file.write_text(text, "utf-8")
    for do in (lambda: views.seen_by(VERA), lambda: views.save(VERA, "Mine", "", "")):
        with pytest.raises(NotSaved, match=r"vouchers\.views\.json is no file of views"):
            do()
    assert file.read_text("utf-8") == text


def test_a_file_of_views_is_read_as_it_was_written(views: Views) -> None:
    views.save(VERA, "Café “1”", "codes", "group=A%26B&sort=code")
    (filed,) = views_in(as_file(views.seen_by(VERA)).decode())
    assert filed == ("Café “1”", "codes", "group=A%26B&sort=code")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[" * 100_000,
        '{"format": "voucher-explorer-views", "views": [{"name": "x"}]}',
        '{"format": "voucher-explorer-views", "views": [{"name": 1, "page": "", "query": ""}]}',
        '{"format": "another", "views": []}',
        *(
            json.dumps({"format": FORMAT, "views": [view]})
            for view in (
                {"name": "v\ud800", "page": "", "query": ""},
                {"name": "v", "page": "\udfff", "query": ""},
                {"name": "v", "page": "", "query": "group=\ud800"},
            )
        ),
        " " * 2_000_000,
    ],
)
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(NotSaved) as refused:
        views_in(text)
    assert str(refused.value) == WRONG
