"""The page of a notebook over a server: files put into its folder, and what the page shows."""

from pathlib import Path
from typing import Any

from tests.support.commands import run_load
from tests.support.rows import Row, codes_file
from tests.support.server import Server, elements

Page = dict[str, Any]


def folder_of(server: Server) -> Path:
    """The folder of the server's notebooks."""
    folder = server.store.with_name("vouchers.notebooks")
    folder.mkdir(exist_ok=True)
    return folder


def write(server: Server, name: str, text: str) -> Path:
    """Put a notebook into the folder, as somebody does outside the app."""
    file = folder_of(server) / f"{name}.md"
    file.write_bytes(text.encode())
    return file


def load(server: Server, *rows: Row) -> None:
    """Import a file with rows through the running app."""
    file = codes_file(server.store.with_name("new.csv"), *rows)
    assert run_load(server.store, file).returncode == 0


def open_notebook(server: Server, name: str, *changes: dict[str, Any]) -> Page:
    """The page as a browser shows it that follows the page's own change of address."""
    return server.page("notebook", [("name", name)], *changes)


def texts(page: Page, kind: str) -> list[str]:
    """What all elements of a kind say."""
    return [str(element["props"].get("body", "")) for element in elements(page, kind)]


def marks(page: Page) -> list[str]:
    """What the marks of the cells say."""
    return [str(badge["props"]["label"]) for badge in elements(page, "badge")]


def alerts(page: Page) -> str:
    """What the page says in boxes: notes, warnings and errors."""
    return "\n".join(texts(page, "info") + texts(page, "warning") + texts(page, "error"))


def keys(page: Page) -> list[str]:
    """The keys of the widgets that somebody may use."""
    return [str(action["key"]) for action in page["actions"]]


def menu(page: Page, key: str) -> list[str]:
    """The entries of a menu."""
    (found,) = [one for one in elements(page, "menu_button") if one.get("key") == key]
    return [str(option) for option in found["props"]["options"]]


def finished(server: Server, page: Page) -> Page:
    """The page when no cell runs any more: the process of the sandbox has answered."""
    for _ in range(50):
        if "running" not in marks(page):
            break
        page = server.again(page)
    return page


def with_sql(server: Server, name: str = "Monday") -> Page:
    """The page of a notebook with SQL cells, once they have run."""
    return finished(server, open_notebook(server, name))
