"""The page of all notebooks: made, found, renamed, copied, deleted and brought back; versions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.notebook_page import (
    Page,
    alerts,
    folder_of,
    keys,
    menu,
    open_notebook,
    texts,
    write,
)
from tests.support.server import Server, elements, serving
from tests.support.stores import copied

MAKE, RENAME = "FormSubmitter:new_notebook-Make it", "FormSubmitter:rename_notebook-Rename"


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("list_of_notebooks")
    with serving(copied(fixture_file, folder), folder / "log", VOUCHERS_SAMPLE="0") as running:
        yield running


@pytest.fixture(autouse=True)
def _empty_folder(server: Server) -> None:
    for file in folder_of(server).glob("*.md"):
        file.unlink()


def files(server: Server) -> list[str]:
    return sorted(file.stem for file in folder_of(server).glob("*.md"))


def listed(page: Page) -> list[str]:
    """The notebooks that the page leads to."""
    links = [link["props"] for link in elements(page, "page_link")]
    return [str(link["label"]) for link in links if link.get("icon") == ":material/note_stack:"]


def test_an_empty_folder_says_how_a_notebook_is_made(server: Server) -> None:
    assert "There is no notebook yet" in alerts(server.page("notebooks"))


def test_a_new_notebook_has_a_title_and_the_filters_in_force_and_opens(server: Server) -> None:
    page = server.page("notebooks", [("group", "Email")])
    page = server.submit(page, MAKE, new_name="Monday report")
    text = (folder_of(server) / "Monday report.md").read_text("utf-8")
    assert text == "---\ntitle: Monday report\nfilter: group=Email\n---\n"
    assert elements(page, "title")[0]["props"]["body"] == "Monday report"


def test_a_second_notebook_of_a_name_gets_a_number(server: Server) -> None:
    for _ in range(2):
        server.submit(server.page("notebooks"), MAKE, new_name="Monday")
    assert files(server) == ["Monday", "Monday 2"]


@pytest.mark.parametrize("name", ["../outside", "a/b", ".hidden", "CON", "x" * 300])
def test_a_name_that_no_file_may_have_is_refused_with_a_sentence(server: Server, name: str) -> None:
    page = server.submit(server.page("notebooks"), MAKE, new_name=name)
    assert files(server) == []
    assert alerts(page).strip().endswith(".")
    assert not list(folder_of(server).parent.glob("outside*"))


def test_the_search_finds_parts_of_names_and_of_texts_whatever_their_case(server: Server) -> None:
    write(server, "Monday report", "Nothing.\n")
    write(server, "Leak hunt", "About the NEWSPAPER codes.\n")
    page = server.page("notebooks")
    assert listed(page) == ["Leak hunt", "Monday report"]
    assert listed(server.change(page, find_notebook="newspaper")) == ["Leak hunt"]
    assert listed(server.change(page, find_notebook="REPORT mon")) == ["Monday report"]
    page = server.change(page, find_notebook="nowhere")
    assert listed(page) == []
    assert "No notebook has that in its name or text." in texts(page, "caption")


def test_a_notebook_is_renamed_with_its_versions(server: Server) -> None:
    server.submit(server.page("notebooks"), MAKE, new_name="Old name")
    page = server.pick(server.page("notebooks"), "notebook_Old name", "Rename")
    page = server.submit(page, RENAME, renamed="New name")
    assert listed(page) == ["New name"]
    assert files(server) == ["New name"]
    assert "version" in keys(open_notebook(server, "New name"))


def test_a_name_that_another_notebook_has_is_refused(server: Server) -> None:
    write(server, "One", "1\n")
    write(server, "Two", "2\n")
    page = server.pick(server.page("notebooks"), "notebook_One", "Rename")
    page = server.submit(page, RENAME, renamed="two")
    assert files(server) == ["One", "Two"]
    assert "There is another notebook of that name." in alerts(page)


def test_a_copy_has_the_same_text_and_another_name(server: Server) -> None:
    file = write(server, "One", "```numbers a\n```\n")
    page = server.pick(server.page("notebooks"), "notebook_One", "Duplicate")
    (copy,) = {*files(server)} - {"One"}
    assert (folder_of(server) / f"{copy}.md").read_bytes() == file.read_bytes()
    assert copy in alerts(page)


def test_a_deleted_notebook_comes_back_with_its_text(server: Server) -> None:
    file = write(server, "One", "```numbers a\r\n```\r\n")
    before = file.read_bytes()
    page = server.pick(server.page("notebooks"), "notebook_One", "Delete")
    assert files(server) == []
    assert "“One” is deleted." in alerts(page)
    page = server.press(page, "undo_notebooks")
    assert file.read_bytes() == before
    assert listed(page) == ["One"]


def test_a_deleted_notebook_does_not_take_the_place_of_a_new_one(server: Server) -> None:
    write(server, "One", "old\n")
    page = server.pick(server.page("notebooks"), "notebook_One", "Delete")
    write(server, "One", "new\n")
    server.press(page, "undo_notebooks")
    assert files(server) == ["One", "One 2"]
    assert (folder_of(server) / "One.md").read_text("utf-8") == "new\n"


def test_a_file_that_is_no_text_is_listed_with_its_reason(server: Server) -> None:
    (folder_of(server) / "Broken.md").write_bytes(b"\xff\xfe\x00")
    page = server.page("notebooks")
    assert listed(page) == []
    assert "Broken" in texts(page, "markdown")


def test_versions_say_what_differs_and_lead_back(server: Server) -> None:
    server.submit(server.page("notebooks"), MAKE, new_name="Versions")
    page = open_notebook(server, "Versions")
    page = server.pick(page, "add_cell", "Numbers")
    page = server.pick(page, "add_cell", "Chart")
    last = (folder_of(server) / "Versions.md").read_text("utf-8")
    (choice,) = [one for one in elements(page, "selectbox") if one.get("key") == "version"]
    oldest = choice["props"]["options"][-1]
    page = server.change(page, version=oldest)
    diff = "\n".join(texts(page, "code"))
    assert "+ ```numbers numbers" in diff
    assert "+ ```chart chart" in diff
    page = server.press(page, "go_back")
    assert (folder_of(server) / "Versions.md").read_text("utf-8") == "---\ntitle: Versions\n---\n"
    (choice,) = [one for one in elements(page, "selectbox") if one.get("key") == "version"]
    assert len(choice["props"]["options"]) == 4
    page = server.change(page, version=choice["props"]["options"][1])
    server.press(page, "go_back")
    assert (folder_of(server) / "Versions.md").read_text("utf-8") == last


def test_a_template_makes_a_notebook_that_runs(server: Server) -> None:
    page = server.page("notebooks")
    page = server.press(page, "make_from_template")
    assert len(files(server)) == 1
    assert texts(page, "error") == []
    assert menu(page, "add_cell")
