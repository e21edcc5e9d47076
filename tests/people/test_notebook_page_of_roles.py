"""The page of a notebook by role: who may change it, which rows it shows, and which codes."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from data.store.notebooks import Notebooks
from queries.filters import Filters
from tests.support.people import provider, serving_people, signed_in
from tests.support.server import Server
from tests.support.stores import copied
from tests.support.tab import Tab

WRITERS, READERS = ("emil", "ines", "adam"), ("vera",)


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("notebook_roles")
    with provider() as url, serving_people(copied(fixture_file, folder), folder, url) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(server: Server) -> dict[str, dict[str, str]]:
    return {sub: dict(signed_in(server, sub).cookies) for sub in (*WRITERS, *READERS, "lena")}


def share(server: Server, name: str, text: str, *, for_everybody: bool = True) -> Path:
    """Put a notebook of somebody into the folder."""
    folder = server.store.with_name("vouchers.notebooks")
    about = {"owner": "somebody", "owner_name": "Somebody", "for_everybody": for_everybody}
    Notebooks(lambda: folder).create(name, text, about=about)
    return folder / f"{name}.md"


def opened(server: Server, cookies: dict[str, str], name: str) -> Tab:
    tab = Tab(server.url, "notebook", cookies)
    tab.open_at(urlencode({"name": name}))
    return tab


def test_only_who_may_write_is_offered_to_change_a_notebook(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    share(server, "Shared", "# Shared\n\n```numbers all\n```\n")
    for sub in (*WRITERS, *READERS):
        with opened(server, cookies[sub], "Shared") as tab:
            for offer in (b"Add a cell", b"Versions", b"Move up", b"Remove"):
                assert (offer in tab.sent) == (sub in WRITERS), (sub, offer)
            assert tab.tiles


def test_the_filter_that_a_reader_chooses_is_not_saved(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    file = share(server, "Read", "# Read\n\n```numbers all\ntiles: Codes issued\n```\n")
    before = file.read_bytes()
    with opened(server, cookies["vera"], "Read") as tab:
        whole = tab.tiles["Codes issued"]
        tab.open_at(urlencode({"name": "Read", "group": "Email"}))
        assert tab.tiles["Codes issued"] != whole
        assert b"another filter than it has" in tab.sent
    assert file.read_bytes() == before


def test_who_sees_one_group_gets_its_numbers_and_no_others(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    share(server, "Groups", "# Groups\n\n```numbers all\ntiles: Codes issued\n```\n")
    with opened(server, cookies["lena"], "Groups") as tab:
        of_lena = tab.tiles["Codes issued"]
    with opened(server, cookies["emil"], "Groups") as tab:
        whole = tab.tiles["Codes issued"]
    with Tab(server.url, "", cookies["emil"]) as tab:
        tab.look(Filters(group=("Email",)))
        assert of_lena == tab.tiles["Codes issued"] != whole


def test_what_names_a_hidden_group_and_what_is_not_shared_is_not_there(
    server: Server, cookies: dict[str, dict[str, str]]
) -> None:
    share(server, "Hidden", "---\nfilter: group=SMS\n---\n```numbers all\n```\n")
    share(server, "Private", "```numbers all\n```\n", for_everybody=False)
    for sub, name in (("lena", "Hidden"), ("emil", "Private"), ("vera", "Private")):
        with opened(server, cookies[sub], name) as tab:
            assert not tab.tiles, (sub, name)
            assert b"not there any more" in tab.sent
        with Tab(server.url, "notebooks", cookies[sub]) as tab:
            tab.open_at("")
            assert name.encode() not in tab.sent
