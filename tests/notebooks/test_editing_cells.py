"""Cells of a notebook on its page: added, moved, edited, removed and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from queries.notebooks.document import read
from tests.support.notebook_page import Page, alerts, keys, marks, menu, open_notebook, texts, write
from tests.support.server import Server, elements, serving, tiles
from tests.support.stores import copied

THREE = """# Report

```numbers a
tiles: Net redemptions
```

```numbers b
tiles: Codes issued
```

```numbers c
tiles: Cancelled
```
"""


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("editing_cells")
    with serving(copied(fixture_file, folder), folder / "log", VOUCHERS_SAMPLE="0") as running:
        yield running


def names(file: Path) -> list[str]:
    """The cells of a file, in their order."""
    return [cell.name for cell in read(file.read_text("utf-8")).cells if not cell.is_text]


def menu_of(page: Page, cell: str) -> str:
    """The key of a cell's menu."""
    titles = [title["props"]["anchor"] for title in elements(page, "subheader")]
    menus = [key for key in keys(page) if key.startswith("menu_")]
    return menus[len(menus) - len(titles) + titles.index(cell)]


@pytest.mark.parametrize(
    ("cell", "entry", "after"),
    [
        ("a", "Move down", "bac"),
        ("c", "Move up", "acb"),
        ("b", "Move up", "bac"),
        ("b", "Remove", "ac"),
    ],
)
def test_a_menu_moves_and_removes_a_cell_and_leaves_the_blank_lines_where_they_were(
    server: Server, cell: str, entry: str, after: str
) -> None:
    file = write(server, f"{cell} {entry}", THREE)
    page = open_notebook(server, f"{cell} {entry}")
    page = server.pick(page, menu_of(page, cell), entry)
    assert "".join(names(file)) == after
    assert [title["props"]["anchor"] for title in elements(page, "subheader")] == list(after)
    assert "```\n```" not in file.read_text("utf-8")


def test_the_first_cell_has_no_way_up_and_the_last_none_down(server: Server) -> None:
    write(server, "Ends", "```numbers a\n```\n\n```numbers b\n```\n\n")
    page = open_notebook(server, "Ends")
    assert "Move up" not in menu(page, "menu_0")
    assert "Move down" not in menu(page, "menu_2")


def test_undo_brings_a_cell_back_byte_by_byte(server: Server) -> None:
    file = write(server, "Undo", THREE)
    page = open_notebook(server, "Undo")
    page = server.pick(page, menu_of(page, "b"), "Remove")
    assert names(file) == ["a", "c"]
    page = server.press(page, "undo_cell")
    assert file.read_text("utf-8") == THREE
    assert "undo_cell" not in keys(page)


def test_undo_leaves_what_was_changed_after_the_removal(server: Server) -> None:
    file = write(server, "Undo later", THREE)
    page = open_notebook(server, "Undo later")
    page = server.pick(page, menu_of(page, "b"), "Remove")
    page = server.pick(page, menu_of(page, "c"), "Remove")
    page = server.pick(page, "add_cell", "Pivot")
    page = server.press(page, "undo_cell")
    assert sorted(names(file)) == ["a", "c", "pivot"]
    server.press(page, "undo_cell")
    assert sorted(names(file)) == ["a", "b", "c", "pivot"]


def test_each_kind_of_cell_can_be_added_and_shows_something_of_a_filter(
    server: Server,
) -> None:
    file = write(server, "Every kind", "---\nfilter: group=Email\n---\n")
    page = open_notebook(server, "Every kind")
    for kind in menu(page, "add_cell"):
        page = server.pick(page, "add_cell", kind)
    for _ in range(20):  # until the process of the sandbox is there
        if "running" not in marks(page):
            break
        page = server.again(page)
    assert names(file) == [
        *("numbers", "chart", "compare", "pivot"),
        *("day", "groups", "days", "sql"),
    ]
    assert (texts(page, "error"), set(marks(page))) == ([], {"fresh"})


def test_a_new_cell_stands_below_the_one_that_is_edited(server: Server) -> None:
    file = write(server, "Between", THREE)
    page = open_notebook(server, "Between")
    page = server.pick(page, menu_of(page, "a"), "Edit")
    server.pick(page, "add_cell", "Numbers")
    assert names(file) == ["a", "numbers", "b", "c"]


def test_a_copy_of_a_cell_has_a_name_of_its_own(server: Server) -> None:
    file = write(server, "Copies", THREE)
    page = open_notebook(server, "Copies")
    server.pick(page, menu_of(page, "a"), "Duplicate")
    assert names(file) == ["a", "a_2", "b", "c"]


def test_the_form_saves_a_title_a_chart_and_its_values(server: Server) -> None:
    file = write(server, "Form", "```chart weeks\nquery: over_time\ngrain: day\nmine: kept\n```\n")
    page = open_notebook(server, "Form")
    page = server.pick(page, "menu_0", "Edit")
    page = server.change(page, title_0="By week", form_0_grain="Week")
    assert "title: By week" in file.read_text("utf-8")
    assert "grain: week" in file.read_text("utf-8")
    assert elements(page, "subheader")[0]["props"]["body"] == "By week"
    page = server.change(page, form_0_query="Status of the codes")
    text = file.read_text("utf-8")
    assert "query: status" in text
    assert "grain" not in text
    assert marks(page) == ["fresh"]


def test_a_cells_own_filter_is_what_differs_from_the_notebooks(server: Server) -> None:
    text = "---\nfilter: group=Email\n---\n```numbers a\ntiles: Codes issued\n```\n"
    file = write(server, "Own", text)
    page = open_notebook(server, "Own")
    page = server.pick(page, "menu_0", "Edit")
    page = server.change(page, **{"cell0.group": ["SMS"]})
    assert file.read_text("utf-8") == text.replace("issued\n", "issued\nfilter: group=SMS\n")
    of_sms = tiles(server.page("", [("group", "SMS")]))["Codes issued"]
    assert tiles(page) == {"Codes issued": of_sms}
    page = server.change(page, group=["Newspaper"])  # the notebook's
    assert tiles(page) == {"Codes issued": of_sms}
    assert any("SMS" in caption and caption.endswith("· a") for caption in texts(page, "caption"))
    page = server.press(page, "no_own_0")
    assert "group=SMS" not in file.read_text("utf-8")
    of_newspaper = tiles(server.page("", [("group", "Newspaper")]))["Codes issued"]
    assert tiles(page) == {"Codes issued": of_newspaper}


def test_a_control_changes_the_cells_that_use_it_and_no_others(server: Server) -> None:
    text = (
        "```control which\ntype: list\nof: group\nvalue: Email\n```\n\n"
        "```numbers chosen\ncontrols: group=which\ntiles: Codes issued\n```\n\n"
        "```numbers all\ntiles: Codes issued\n```\n"
    )
    file = write(server, "Control", text)
    page = open_notebook(server, "Control")
    key = next(key for key in keys(page) if key.startswith("control_0"))
    page = server.change(page, **{key: ["SMS"]})
    shown = [tile["props"]["value"] for tile in elements(page, "metric")]
    assert shown == [
        tiles(server.page("", query))["Codes issued"] for query in ([("group", "SMS")], [])
    ]
    assert "- SMS" in file.read_text("utf-8")
    assert marks(page) == ["fresh", "fresh"]


def test_a_file_that_is_changed_outside_is_shown_and_never_overwritten(server: Server) -> None:
    file = write(server, "Outside", THREE)
    page = open_notebook(server, "Outside")
    page = server.pick(page, menu_of(page, "a"), "Edit")
    theirs = THREE.replace("# Report", "# Their report")
    file.write_text(theirs, "utf-8")
    page = server.change(page, title_1="Mine")
    assert file.read_text("utf-8") == theirs
    assert "Your last change is not saved" in alerts(page)
    assert "Their report" in "\n".join(texts(page, "markdown"))
    page = server.press(page, "keep_theirs")
    assert alerts(page) == ""
    assert file.read_text("utf-8") == theirs


def test_mine_can_be_kept_as_a_notebook_of_its_own(server: Server) -> None:
    file = write(server, "Copy of mine", THREE)
    page = open_notebook(server, "Copy of mine")
    page = server.pick(page, menu_of(page, "a"), "Edit")
    file.write_text("Theirs\n", "utf-8")
    page = server.change(page, title_1="Mine")
    page = server.press(page, "save_copy")
    assert file.read_text("utf-8") == "Theirs\n"
    (copy,) = file.parent.glob("Copy of mine *.md")
    assert "title: Mine" in copy.read_text("utf-8")
    assert copy.stem in alerts(page)


def test_a_notebook_whose_file_is_gone_while_it_is_open_says_so(server: Server) -> None:
    file = write(server, "Gone", THREE)
    page = open_notebook(server, "Gone")
    file.unlink()
    page = server.pick(page, menu_of(page, "a"), "Remove")
    assert "not there any more" in alerts(page)
    assert not file.exists()


def test_a_notebook_without_a_cell_offers_to_add_one(server: Server) -> None:
    file = write(server, "Empty", "")
    page = open_notebook(server, "Empty")
    assert texts(page, "error") == []
    server.pick(page, "add_cell", "Numbers")
    assert names(file) == ["numbers"]


def test_a_notebook_of_two_hundred_cells_shows_all_of_them(server: Server) -> None:
    cells = [f"```numbers n{n}\ntiles: Codes issued\n```\n" for n in range(200)]
    write(server, "Long", "\n".join(cells))
    page = open_notebook(server, "Long")
    assert marks(page) == ["fresh"] * 200


def test_a_file_with_windows_line_ends_keeps_them_where_nothing_is_changed(server: Server) -> None:
    file = write(server, "Windows", THREE.replace("\n", "\r\n"))
    page = open_notebook(server, "Windows")
    assert marks(page) == ["fresh"] * 3
    page = server.pick(page, menu_of(page, "a"), "Remove")
    whole = file.read_bytes().decode()
    assert names(file) == ["b", "c"]
    assert whole.replace("\r\n", "").count("\n") == 0


HOSTILE = """<script>alert(1)</script> <img src=x onerror=alert(1)> <b>bold</b>

It cost $5 and $6, :red[not red], :material/home: and :streamlit:.

![a picture](https://example.com/a.png) [a link](https://example.com) [bad](javascript:alert(1))

```numbers all
title: "<b>$5</b> :red[x] [y](https://example.com)"
tiles: Codes issued
```
"""


def test_a_text_is_markdown_without_html_formulas_directives_or_pictures(server: Server) -> None:
    write(server, "Hostile", HOSTILE)
    page = open_notebook(server, "Hostile")
    (text,) = [one for one in texts(page, "markdown") if "It cost" in one]
    assert "\\$5 and \\$6" in text
    assert "\\:red[not red]" in text
    assert "\\:material/home:" in text
    assert not [one for one in elements(page, "markdown") if one["props"].get("unsafe_allow_html")]
    assert elements(page, "subheader")[0]["props"]["body"].startswith("\\<b")
    assert marks(page) == ["fresh"]


def test_a_compare_cell_says_below_it_what_is_compared_and_uses_its_tiles(server: Server) -> None:
    text = "```compare c\nfilter: group=Email&b.group=SMS\ntiles: Codes issued\n```\n"
    write(server, "Compared", text)
    captions = texts(open_notebook(server, "Compared"), "caption")
    assert "Email, compared with SMS · c" in captions
    assert not [caption for caption in captions if "not used" in caption]
