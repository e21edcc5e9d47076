"""A file of many rows has the same bytes each time: a broken download goes on in the middle."""

from collections.abc import Iterator
from contextlib import closing

import pyarrow as pa
import pytest

from data.store.database import Store
from queries.engine import listed
from queries.filters import Filters
from queries.listed import Listed
from tests.support.exports import export_bytes
from tests.support.queries import NOW, filters_of
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

MANY = 400_000  # rows: more than one thread reads at a time


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store of many codes, each of them redeemed once, and every third redemption cancelled."""
    folder = tmp_path_factory.mktemp("many")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        vouchers = Vouchers(store, folder)
        vouchers.load(Code("C0"))
        vouchers.load(Transaction(0, "C0"))
        with store.writing() as cursor:
            cursor.execute(
                "insert into vouchers.codes "
                "select codes.* replace (code_id + i as code_id, 'C' || i as code) "
                "from vouchers.codes, range(1, $many) as numbers(i)",
                {"many": MANY},
            )
            cursor.execute(
                "insert into vouchers.transactions "
                "select transactions.* replace (code_id + i as code_id, 'C' || i as code, "
                "'T' || hash(i) as transaction_id, i % 3 = 0 as cancelled) "
                "from vouchers.transactions, range(1, $many) as numbers(i)",
                {"many": MANY},
            )
        yield store


@pytest.mark.parametrize("kind", ["codes", "codes_more", "transactions"])
@pytest.mark.parametrize("chosen", ["", "group=Email", "status=redeemed", "status!=expired"])
def test_a_file_of_many_rows_has_the_same_bytes_each_time(
    many: Store, kind: str, chosen: str
) -> None:
    first, *others = (export_bytes(many, kind, filters_of(chosen), NOW) for _ in range(3))
    assert first.count(b"\n") > MANY // 2
    assert others == [first, first]


@pytest.mark.parametrize("kind", ["codes", "transactions"])
def test_a_file_that_a_list_chooses_has_the_same_bytes_each_time(many: Store, kind: str) -> None:
    codes = pa.table({"code": [f"C{2 * number}" for number in range(MANY // 2)]})
    table = listed.new_table()
    with many.cursor() as cursor:
        listed.create(cursor, table, codes)
    filters = Filters(list_="a list", listed=Listed(table, MANY // 2))
    first, *others = (export_bytes(many, kind, filters, NOW) for _ in range(3))
    assert first.count(b"\n") == MANY // 2 + 1
    assert others == [first, first]
