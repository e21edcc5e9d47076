"""A change that fits any text is made to what somebody else has saved meanwhile."""

from pathlib import Path

import pytest

from data.store.notebook_text import Conflict
from pages.people.all_notebooks import TRIES, change, create, notebooks
from pages.people.person import THIS_COMPUTER
from queries.notebooks.document import Document, new_cell


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOUCHERS_NOTEBOOKS", str(tmp_path))


def with_cell(document: Document, name: str) -> Document:
    return document.inserted(len(document.cells), new_cell("sql", name, "select 1"))


def names_in(notebook: str) -> list[str]:
    return [line for line in text_of(notebook).splitlines() if line.startswith("```sql")]


def text_of(notebook: str) -> str:
    return notebooks.text(THIS_COMPUTER, notebook).text


def test_a_new_notebook_has_its_name_as_its_title() -> None:
    name = create(THIS_COMPUTER, " Monday  report ", lambda document: with_cell(document, "a"))
    assert name == "Monday report"
    assert text_of(name).startswith("---\ntitle: Monday report\n---\n")
    assert names_in(name) == ["```sql a"]


def test_what_somebody_saves_meanwhile_stays() -> None:
    name = create(THIS_COMPUTER, "Monday", lambda document: document)
    calls: list[int] = []

    def add(document: Document) -> Document:
        calls.append(1)
        if len(calls) == 1:
            change(THIS_COMPUTER, name, lambda theirs: with_cell(theirs, "theirs"))
        return with_cell(document, "ours")

    assert change(THIS_COMPUTER, name, add) == name
    assert names_in(name) == ["```sql theirs", "```sql ours"]


def test_a_notebook_that_never_rests_is_given_up_and_says_so() -> None:
    name = create(THIS_COMPUTER, "Monday", lambda document: document)
    calls: list[int] = []

    def add(document: Document) -> Document:
        calls.append(1)
        other = f"theirs_{len(calls)}"
        change(THIS_COMPUTER, name, lambda theirs: with_cell(theirs, other))
        return with_cell(document, "ours")

    with pytest.raises(Conflict):
        change(THIS_COMPUTER, name, add)
    assert len(calls) == TRIES
    assert "```sql ours" not in names_in(name)
