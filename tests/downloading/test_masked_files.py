"""What the download routes give to persons of each role."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from data.importing.pipeline import load
from data.store.errors import Refused
from pages.people.person import ROLES, Person, Right
from queries.access import Access
from queries.downloading.job import DownloadRequest
from queries.downloading.receipts import filters_of
from queries.filters import Filters
from tests.support.queries import NOW
from tests.support.routes import serving_routes
from tests.support.rows import Code, Transaction
from tests.support.stores import opened
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

CODE = "QZ7E7K2M8Q"
ROWS = [
    *(f"/export/{kind}.{form}" for kind in ("codes", "transactions") for form in
      ("csv", "xlsx", "parquet")),
    "/export/codes.csv?more=yes",
    "/export/changes.csv?import=1&change=new+codes",
    "/export/since.csv?import=1&change=new+codes",
]  # fmt: skip
Routes = Callable[[str, Access], str]


@pytest.fixture
def serve(vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Routes]:
    """The routes of a store of two groups, to a person of a role with this access."""
    vouchers.load(Code(CODE, "SMS"), Code("QZ7PARENT99", "Email", parent=CODE))
    vouchers.load(Transaction(f"{CODE}-1", CODE, "SMS"))
    with ExitStack() as served:

        def start(role: str, access: Access) -> str:
            person = Person("1", "Ann", role, access)
            return served.enter_context(serving_routes(vouchers.store, monkeypatch, person=person))

        yield start


def test_a_role_without_the_right_gets_no_rows_and_one_sentence(serve: Routes) -> None:
    url = serve("viewer", Access(masked=True))
    for path in ROWS:
        for method in ("GET", "HEAD"):
            response = httpx.request(method, url + path)
            assert response.status_code == 403, path
            if method == "GET":
                assert (
                    response.text
                    == "Your role, viewer, may not download rows of codes and transactions."
                )
    assert httpx.get(f"{url}/export/tables/status.csv").status_code == 200  # numbers only
    assert [role for role in ROLES if Right.DOWNLOAD_ROWS not in ROLES[role]] == ["viewer"]


def test_an_analysts_files_are_masked_and_say_so_in_their_names(serve: Routes) -> None:
    url = serve("analyst", Access(masked=True))
    for path in ROWS:
        response = httpx.get(url + path)
        assert response.status_code == 200, path
        assert CODE.encode() not in response.content
        assert CODE not in str(response.headers)
        if path.endswith("csv"):
            assert "QZ7•••••8Q" in response.text
        if "changes" not in path:
            assert "_masked_" in response.headers["content-disposition"]
            receipt = httpx.get(f"{url}{response.headers['x-receipt']}").json()
            assert receipt["masked"] is True


@pytest.mark.parametrize("kind", ["codes", "transactions", "changes"])
def test_files_of_persons_with_different_access_have_different_tags(kind: str) -> None:
    accesses = (Access(), Access(masked=True), Access(groups=("SMS",)), Access(folders=("SMS",)))
    wanted = [DownloadRequest(kind, "csv", Filters(access=access), NOW) for access in accesses]
    assert len({request.tag("the same data") for request in wanted}) == len(accesses)


def test_a_limited_person_gets_the_rows_of_their_groups_and_hears_of_no_import(
    serve: Routes,
) -> None:
    url = serve("exporter", Access(groups=("SMS",)))
    response = httpx.get(f"{url}/export/codes.csv")
    assert (response.text.count("\n"), "Email" in response.text) == (2, False)
    receipt = httpx.get(f"{url}{response.headers['x-receipt']}").json()
    assert receipt["access"]["groups"] == ["SMS"]
    # By which a leak is traced: the file held these rows only.
    assert filters_of(receipt).access == Access(groups=("SMS",))
    assert receipt.keys().isdisjoint({"imports", "last_import", "rests_on"})
    changes = httpx.get(f"{url}/export/changes.csv?import=1&change=new+codes")
    assert changes.status_code == 404


def test_a_masked_file_is_not_imported_again(serve: Routes, tmp_path: Path) -> None:
    url = serve("analyst", Access(masked=True))
    for kind in ("codes", "transactions"):
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(httpx.get(f"{url}/export/{kind}.csv").content)
        with (
            opened(tmp_path / f"{kind}.duckdb") as other,
            pytest.raises(Refused, match="downloaded with masked codes") as refused,
        ):
            load(other, file)
        assert (refused.value.line, CODE in str(refused.value)) == (2, False)


@pytest.mark.parametrize(
    ("role", "access"),
    [("viewer", Access(masked=True)), ("exporter", Access(groups=("Email",)))],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_names_and_receipts_do_not_tell_which_typed_texts_are_codes(
    serve: Routes, role: str, access: Access, method: str
) -> None:
    """Otherwise a code could be spelled out, one character after the other, without a trace."""
    url = serve(role, access)

    def told(name: str, text: str) -> list[str]:
        address = f"{url}/export/tables/status.csv?{name}={text}"
        response = httpx.request(method, address)
        texts = [response.headers["content-disposition"]]
        if method == "GET":
            receipt = httpx.get(f"{url}{response.headers['x-receipt']}").json()
            texts += [receipt["filters"], receipt["url"].partition("&receipt=")[0]]
        return [part.replace(text, "…").replace(text.lower(), "…") for part in texts]

    for name in ("prefix", "group", "batch"):
        begins, does_not = told(name, CODE[:6]), told(name, "QZ8E7K")
        assert begins == does_not


def test_a_limited_person_is_told_by_no_receipt_which_names_other_groups_have(
    serve: Routes, vouchers: Vouchers
) -> None:
    vouchers.load(Code("A1", "Email"), batch="11")
    vouchers.load(Code("B1", "SMS"), batch="12")
    url = serve("exporter", Access(groups=("Email",)))
    shown = {}
    for batch in ("11", "12", "13", "(no batch)"):
        query = urlencode({"batch": batch})
        sent = httpx.get(f"{url}/export/tables/status.csv?{query}")
        receipt = httpx.get(url + sent.headers["x-receipt"]).json()
        shown[batch] = (
            receipt["filters"],
            query in receipt["url"],
            sent.headers["content-disposition"],
        )
    assert shown["12"] == shown["13"]
    assert {batch: in_url for batch, (_, in_url, _) in shown.items()} == {
        **dict.fromkeys(("11", "(no batch)"), True),
        **dict.fromkeys(("12", "13"), False),
    }
