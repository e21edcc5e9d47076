"""Further columns of the codes, on request."""

import csv
import io
from datetime import date, datetime

import pytest

from data.store.database import Store
from queries.downloading.formats import FORMATS
from tests.support.downloads import download, file_name, receipt_of
from tests.support.exports import export_file
from tests.support.read_back import FURTHER_COLUMNS, Sheet, read_csv, read_parquet, read_sheets
from tests.support.rows import HEADERS, Code, Transaction
from tests.support.server import Server
from tests.support.vouchers import Vouchers


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_with_further_columns_has_another_name_and_the_contracts_file_stays(
    server: Server, form: str
) -> None:
    plain, more = (download(server, f"/export/codes.{form}{more}") for more in ("", "?more=yes"))
    assert file_name(plain) == f"codes_{date.today()}.{form}"
    assert file_name(more).startswith("codes-")
    assert file_name(more).endswith(f".{form}")
    assert receipt_of(server, more)["rows"] == receipt_of(server, plain)["rows"] == 18
    if form == "csv":
        assert plain.text.splitlines()[0] == HEADERS["codes"]
        header, *rows = csv.reader(io.StringIO(more.text, newline=""))
        assert header == [*HEADERS["codes"].split(","), *FURTHER_COLUMNS]
        nine = [row[:9] for row in rows]
        assert nine == list(csv.reader(io.StringIO(plain.text, newline="")))[1:]


@pytest.mark.parametrize("form", FORMATS)
def test_further_columns_are_for_codes_only(server: Server, form: str) -> None:
    response = download(server, f"/export/transactions.{form}?more=yes")
    assert response.status_code == 400
    assert "more" in response.text
    assert response.text.count("\n") == 0


@pytest.mark.parametrize("form", FORMATS)
def test_further_columns_follow_the_nine_which_stay_as_they_are(loaded: Store, form: str) -> None:
    def rows(kind: str) -> Sheet:
        if form == "csv":
            return read_csv(loaded, kind)
        file = export_file(loaded, kind, form)
        return read_parquet(file) if form == "parquet" else read_sheets(file)[0]

    plain, more = rows("codes"), rows("codes_more")
    assert more[0] == [*plain[0], *FURTHER_COLUMNS]
    assert [row[:9] for row in more] == plain
    assert plain[0] == HEADERS["codes"].split(",")


@pytest.mark.parametrize("form", FORMATS)
def test_further_columns_hold_what_is_known_of_a_code(vouchers: Vouchers, form: str) -> None:
    vouchers.load(Code("A1"), Code("A2"), folder="May", batch="007", prefix="A")
    vouchers.load(Code("A3"))
    for number, time_ in enumerate(("10/01/2016 12:00:05", "11/01/2016 12:00")):
        vouchers.load(Transaction(f"T{number}", "A1", time=time_))
    file = export_file(vouchers.store, "codes_more", form)
    rows = (
        read_csv(vouchers.store, "codes_more") if form == "csv"
        else read_parquet(file) if form == "parquet" else read_sheets(file)[0]
    )  # fmt: skip
    assert [row[9:] for row in rows[1:]] == [
        ["redeemed", "May", "007", "A", 2, datetime(2016, 1, 10, 12, 0, 5)],
        ["active", "May", "007", "A", 0, None],
        ["active", None, None, None, 0, None],
    ]
