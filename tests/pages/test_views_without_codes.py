"""No view keeps a code, in its name, a filter or a control, not even one that a file brings."""

import json
from collections.abc import Iterator

import pytest

from pages.frame import typed_codes, views_menu
from pages.frame.views_without_codes import A_CODE, drafts_in, refuse_codes
from pages.people.person import THIS_COMPUTER
from pages.people.view import Draft
from pages.people.views import NotSaved
from pages.people.views_file import FORMAT
from queries.filters import Filters
from tests.support.model import File
from tests.support.page_views import view_of
from tests.support.rows import Code

pytestmark = pytest.mark.slow

FILES = [File("codes", [Code("C0001"), Code("A-7"), Code("20160210")])]


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(typed_codes, "person", lambda: THIS_COMPUTER)
    with view_of(FILES, Filters(), typed_codes):
        yield


def file_of(*drafts: Draft) -> str:
    views = [draft._asdict() for draft in drafts]
    return json.dumps({"format": FORMAT, "views": views})


@pytest.mark.parametrize(
    "draft",
    [
        Draft("mail,C0001", "", ""),
        Draft("“c0001”", "", ""),
        Draft("About A-7 only", "", ""),
        Draft("C-0001", "", ""),
        Draft("v", "codes", "batch=x-C0001"),
        Draft("v", "codes", "batch%21=x_C0001"),
        Draft("v", "codes", "group=Email&site=C0001X"),
        Draft("v", "codes", "sort=C0001"),
        Draft("v", "codes", "list=C0001"),
        Draft("v", "imports", "selected=x.C0001"),
    ],
)
def test_a_file_of_views_with_a_code_is_refused(draft: Draft) -> None:
    with pytest.raises(NotSaved) as refused:
        drafts_in(file_of(Draft("Email", "", "group=Email"), draft))
    assert str(refused.value) == A_CODE


def test_a_file_of_views_without_a_code_is_taken_as_far_as_it_can_be_read() -> None:
    view = Draft("C000", "codes", "group=Email&asof=2016-02-10&sort=code&page=2")
    strange = Draft("Odd", "batches", "C0001=1&from=C0001&status=C0001&sort=C0001&by=month")
    elsewhere = Draft("C0001", "elsewhere", "")
    assert drafts_in(file_of(view, strange, elsewhere)) == [
        view,
        Draft("Odd", "batches", "by=month"),
    ]


@pytest.mark.parametrize("name", ["Monday", "", "v\ud800", "2016"])
def test_a_name_without_a_code_is_not_refused(name: str) -> None:
    refuse_codes([name])


def test_the_page_of_a_code_is_no_view(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drafts_in(file_of(Draft("v", "code", "key=abc"), Draft("w", "codes", ""))) == [
        Draft("w", "codes", "")
    ]
    monkeypatch.setattr(views_menu, "page", lambda: "code")
    with pytest.raises(NotSaved, match="its address works for you alone"):
        views_menu._save()
