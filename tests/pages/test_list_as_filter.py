"""A list of codes as a filter: of its person alone, in no file as a key, gone with the app."""

import json
from collections.abc import Iterator

import httpx
import pytest

from data import owner
from data.store import audit
from data.store.database import Store
from pages.people import lists as kept_lists
from pages.people.lists import KeptList, lists
from pages.people.own_list import ready_to_run, with_own_list
from pages.people.person import THIS_COMPUTER, Person
from pages.routes import downloads, tables
from pages.routes import lists as lists_route
from pages.routes.parameters import NO_SUCH_LIST
from queries.downloading.leaks import BROUGHT, unknowable
from queries.downloading.receipts import history_of
from queries.filters import Filters
from tests.support.queries import query_rows
from tests.support.routes import serving_routes
from tests.support.rows import Code, Transaction
from tests.support.server import Server
from tests.support.vouchers import Vouchers

ANN, BOB = Person("ann", "Ann", "exporter"), Person("bob", "Bob", "exporter")
ROUTES = (*downloads.ROUTES, *tables.ROUTES, *lists_route.ROUTES)
LIST = b"AAAA1111\nBBBB2222\nnobody\nAAAA1111"


@pytest.fixture
def sold(vouchers: Vouchers) -> Store:
    vouchers.load(Code("AAAA1111"), Code("BBBB2222", "SMS"), Code("CCCC3333"))
    vouchers.load(Transaction(1, "AAAA1111", site="Site007"), Transaction(2, "CCCC3333"))
    return vouchers.store


@pytest.fixture
def url(sold: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serving_routes(sold, monkeypatch, ROUTES) as base:
        yield base


def checked(person: Person, content: bytes = LIST) -> KeptList:
    kept = lists.keep(person, content)
    kept.listed()
    return kept


def issued(filters: Filters, person: Person) -> int:
    with owner.store().cursor() as cursor:
        (numbers,) = query_rows(cursor, "numbers", ready_to_run(filters, person))
    return int(numbers["codes_issued"])


def test_a_list_chooses_for_its_person_alone(url: str) -> None:
    filters = Filters(list_=checked(ANN).key)
    assert issued(filters, ANN) == 2
    assert issued(filters, BOB) == 0
    assert with_own_list(filters, BOB).listed is None
    assert with_own_list(filters, ANN).in_words() == "All codes in a list of 4 codes"
    assert with_own_list(Filters(), ANN) == Filters()


def test_a_person_whose_role_sees_masked_codes_now_has_no_list(url: str) -> None:
    filters = Filters(list_=checked(ANN).key)
    assert issued(filters, Person("ann", "Ann", "analyst")) == 0


def test_what_is_known_of_a_list_cannot_be_brought_along(url: str) -> None:
    known = with_own_list(Filters(list_=checked(ANN).key), ANN)
    assert with_own_list(known, BOB).listed is None


def test_a_list_that_was_not_read_chooses_nothing_yet(url: str) -> None:
    assert issued(Filters(list_=lists.keep(ANN, LIST).key), ANN) == 0


def test_a_list_comes_back_where_the_store_was_opened_again(url: str) -> None:
    filters = Filters(list_=checked(ANN).key)
    assert issued(filters, ANN) == 2
    owner.close()
    assert issued(filters, ANN) == 2


def tables_of_lists() -> set[str]:
    with owner.store().cursor() as cursor:
        found = cursor.execute("from duckdb_tables() where table_name like 'list_%'").fetchdf()
    return set(found["table_name"])


def test_a_forgotten_list_leaves_the_store(url: str) -> None:
    filters = Filters(list_=checked(ANN).key)
    before = tables_of_lists()
    assert issued(filters, ANN) == 2
    (own,) = tables_of_lists() - before
    others = [checked(ANN) for _ in range(kept_lists.MOST_OF_PERSON)]
    assert own not in tables_of_lists()
    assert issued(filters, ANN) == 0
    assert issued(Filters(list_=others[-1].key), ANN) == 2


def test_the_rows_of_a_list_leave_as_a_file(url: str, sold: Store) -> None:
    key = checked(THIS_COMPUTER).key
    response = httpx.get(f"{url}/export/codes.csv?list={key}")
    codes = [line.split(",")[0] for line in response.text.splitlines()]
    assert codes == ["Code", "AAAA1111", "BBBB2222"]
    assert 'filename="codes_in-a-list_' in response.headers["Content-Disposition"]
    assert len(httpx.get(f"{url}/export/transactions.csv?list={key}").text.splitlines()) == 2
    sites = httpx.get(f"{url}/export/tables/by_site.csv?list={key}").text
    assert "Site007" in sites
    assert len(sites.splitlines()) == 2


def test_no_receipt_and_no_log_has_the_key_or_a_code(url: str, sold: Store) -> None:
    key = checked(THIS_COMPUTER).key
    httpx.get(f"{url}/export/codes.csv?list={key}&group=Email")
    httpx.get(f"{url}/export/tables/by_site.csv?list={key}")
    of_table, of_rows = history_of(sold.path).receipts()
    assert of_rows["filters"] == "Email, in a list of 4 codes"
    assert of_rows["url"].startswith("/codes?group=Email&list=not-kept&receipt=")
    kept = history_of(sold.path).path.read_text("utf-8") + json.dumps(
        list(audit.entries(sold.path))
    )
    assert not any(text in kept for text in (key, "AAAA1111", "BBBB2222"))
    assert unknowable(of_rows, None) == BROUGHT
    assert unknowable(of_table, None) is None


def test_a_file_of_no_known_list_is_refused(url: str) -> None:
    for key in ("none", checked(BOB).key, "not-kept"):
        for path in ("codes.csv", "transactions.xlsx", "tables/by_site.csv"):
            response = httpx.get(f"{url}/export/{path}?list={key}")
            assert (response.status_code, response.text) == (400, NO_SUCH_LIST)
    response = httpx.get(f"{url}/export/codes.csv?list=AAAA1111BBBB2222")
    assert (response.status_code, "AAAA1111" in response.text) == (400, False)


def test_a_list_is_not_looked_up_in_itself(url: str) -> None:
    kept = checked(THIS_COMPUTER, b"aaaa1111")
    lines = httpx.get(f"{url}/export/lists/{kept.key}.csv?list={kept.key}").text.splitlines()
    assert ",AAAA1111,case," in lines[1]


def test_a_page_says_that_a_list_is_not_known_any_more(server: Server) -> None:
    for page in ("", "codes", "transactions", "batches"):
        said = json.dumps(server.page(page, [("list", "gone")])["tree"])
        assert "This list is not known here any more: check it again." in said, page
        assert "All codes in a list" in said
    said = json.dumps(server.page("", [("list", "A CODE"), ("b.list", "gone")])["tree"])
    assert "takes the key of a list of codes. This part of the address is ignored." in said
    assert "A CODE" not in said


def test_a_table_of_many_codes_is_made_once(url: str) -> None:
    codes = "\n".join(f"X{number}" for number in range(5000)).encode()
    filters = Filters(list_=checked(ANN, codes).key)
    known = ready_to_run(filters, ANN).listed
    assert known == ready_to_run(filters, ANN).listed
    assert known
    with owner.store().cursor() as cursor:
        found = cursor.execute("select count(*) from query_table($1)", [known.table]).fetchall()
    assert found == [(5000,)]
