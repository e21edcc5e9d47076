"""Every address of ours: known ones under any base path, all others a 404 and a sentence."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.expected import EXPECTED
from tests.support.server import Server, elements, serving, tiles
from tests.support.stores import copied

UNKNOWN = [
    "/export",
    "/export/",
    "/export/code.csv",
    "/export/codes.txt",
    "/export/codes.csv/more",
    "/export/receipts/none.json/more",
    "/Export/codes.csv",
    "/EXPORT/CODES.CSV",
    "/export/tables/by_site",
    "/control",
    "/control/stop",
    "/Control/import",
]


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_an_unknown_address_is_a_404_and_a_sentence(server: Server, method: str, path: str) -> None:
    response = httpx.request(method, server.url + path)
    assert (response.status_code, response.text) == (404, "There is nothing at this address.")
    assert response.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("path", ["/export/codes.csv", "/export/changes.csv?import=1&change=x"])
def test_a_download_takes_no_other_method(server: Server, path: str) -> None:
    assert httpx.post(server.url + path).status_code == 404


def test_a_page_of_more_values_than_it_can_read_says_so_and_shows_nothing(server: Server) -> None:
    query = "&".join(f"group={number}" for number in range(1100))
    response = httpx.get(f"{server.url}/codes?{query}")
    assert response.status_code == 414
    assert response.text.startswith("This address chooses 1,100 values")
    assert httpx.get(f"{server.url}/export/codes.csv?{query}").status_code == 200


@pytest.mark.parametrize("path", ["codes.csv?", "tables/over_time.csv?grain=day&"])
def test_a_download_with_a_filter_of_more_than_8_kb_is_refused(server: Server, path: str) -> None:
    response = httpx.get(f"{server.url}/export/{path}batch={'A' * 8193}")
    assert response.status_code == 400
    assert response.text == "The filter batch takes no value of more than 8,192 bytes."


def test_a_page_names_a_filter_of_more_than_8_kb_and_ignores_it(server: Server) -> None:
    page = server.page("codes", [("batch", "A" * 8193)])
    assert "The filter batch takes no value of more than 8,192 bytes." in str(page["tree"])
    assert tiles(page) == tiles(server.page("codes"))


def test_filters_of_64_kb_together_are_downloaded_and_more_are_a_414(server: Server) -> None:
    value = "é" * 3273  # 6,546 bytes, and three times as many in the address
    query = "&".join(f"batch={value}" for _ in range(10))
    assert len(query.encode()) == 65529
    assert httpx.get(f"{server.url}/export/codes.csv?{query}").status_code == 200
    response = httpx.get(f"{server.url}/export/codes.csv?{query}&group=1234567890")
    assert response.status_code == 414
    assert response.text.startswith("This address holds 65,5")


@pytest.mark.parametrize(
    "query", ["import=1&change=x", "import=999&change=new+codes", f"import={'9' * 30}&change=gone"]
)
def test_what_an_import_did_not_change_is_a_404(server: Server, query: str) -> None:
    response = httpx.get(f"{server.url}/export/changes.csv?{query}")
    assert response.status_code == 404
    assert response.text == "This import changed nothing in this way."


def test_a_page_names_a_parameter_of_its_address_that_is_no_filter(server: Server) -> None:
    page = server.page("", [("groups", "Email"), ("asof", "2016-02-10")])
    assert "There is no filter “groups”" in str(page["tree"])
    assert tiles(page)["Codes issued"] == f"{EXPECTED['answers'][0]['numbers']['issued']:,}"


@pytest.fixture(scope="module")
def under_a_base(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app under /vouchers, as behind a proxy."""
    folder = tmp_path_factory.mktemp("base")
    options = {"VOUCHERS_SAMPLE": "0", "STREAMLIT_SERVER_BASE_URL_PATH": "vouchers"}
    with serving(copied(fixture_file, folder), folder / "server.log", **options) as running:
        yield running


@pytest.mark.server
def test_the_links_of_a_page_have_the_base_path(under_a_base: Server) -> None:
    first = EXPECTED["answers"][0]["numbers"]
    page = under_a_base.page("codes", [("asof", "2016-02-10")])
    assert tiles(page)["Codes issued"] == f"{first['issued']:,}"
    links = [link["props"]["url"] for link in elements(page, "link_button")]
    links = [link for link in links if "/export/" in link]
    assert links
    for link in links:
        assert link.startswith("/vouchers/export/")
        response = httpx.get(urljoin(under_a_base.url, link))
        assert response.status_code == 200
        receipt = httpx.get(urljoin(under_a_base.url, response.headers["X-Receipt"]))
        assert receipt.json()["bytes"] == len(response.content)


@pytest.mark.server
def test_an_unknown_address_under_the_base_path_is_a_404(under_a_base: Server) -> None:
    response = httpx.get(f"{under_a_base.url}/export/code.csv")
    assert (response.status_code, response.text) == (404, "There is nothing at this address.")
