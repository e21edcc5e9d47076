"""Rows of Voucher Manager's files, and the bytes that a file has: `Code("A1", "SMS")`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

Row = tuple[str, ...]

CODES: Row = (
    "Code",
    "Group_Name",
    "Start_Date",
    "Expiry_Date",
    "Aztec_Redemption_Type",
    "Aztec_Redemption_Quantity",
    "Aztec_Item_Code",
    "Parent_Code",
    "Redemption_Time",
)
TRANSACTIONS: Row = (
    "Transaction_ID",
    "Time",
    "Code",
    "Group_Name",
    "Campaign_ID",
    "Campaign_Name",
    "Site_Ref",
    "Cancelled",
    "Code Deleted",
)
SECRET = "QZ7"  # starts each code that must stand in no message, log or address
COLUMNS = {"codes": CODES, "transactions": TRANSACTIONS}
HEADERS = {kind: ",".join(columns) for kind, columns in COLUMNS.items()}


class Code(NamedTuple):
    """A row of a codes file; the columns in their order."""

    code: str
    group: str = "Email"
    start: str = "01/01/2016 00:00"
    expiry: str = "01/02/2100 00:00"
    type: str = "Item"
    quantity: str = "1"
    item: str = "10000056168"
    parent: str = ""
    redeemed: str = ""


class _Transaction(NamedTuple):
    id: str
    time: str
    code: str
    group: str
    campaign: str
    campaign_name: str
    site: str
    cancelled: str
    deleted: str


class Transaction(_Transaction):
    """A row of a transactions file. A number becomes an ID; a text is an ID as it is."""

    def __new__(
        cls,
        id: str | int,
        code: str,
        group: str = "Email",
        *,
        time: str = "08/01/2016 19:42",
        campaign: str = "",
        campaign_name: str = "",
        site: str = "Site001",
        cancelled: str = "No",
        deleted: str = "No",
    ) -> "Transaction":
        text = id if isinstance(id, str) else f"DF9AF431-{id}"
        values = (text, time, code, group, campaign, campaign_name, site, cancelled, deleted)
        return super().__new__(cls, *values)

    def __reduce__(self) -> tuple[Callable[..., "Transaction"], tuple[Any, ...]]:
        return type(self)._make, (tuple(self),)


def kind_of(rows: Iterable[Row]) -> str:
    """The kind of file in which the rows stand: codes or transactions."""
    return "transactions" if next(iter(rows))[7] in ("Yes", "No") else "codes"


def csv_bytes(
    rows: Iterable[Row], *, line_end: str = "\n", quote_all: bool = False, mark: bool = False
) -> bytes:
    """Rows as UTF-8 CSV, in the documented format unless other values are given."""
    text = "".join(",".join(_field(v, quote_all) for v in row) + line_end for row in rows)
    return text.encode("utf-8-sig" if mark else "utf-8")


def codes_file(path: Path, *rows: Row) -> Path:
    """Write a codes file."""
    path.write_bytes(csv_bytes([CODES, *rows]))
    return path


def transactions_file(path: Path, *rows: Row) -> Path:
    """Write a transactions file."""
    path.write_bytes(csv_bytes([TRANSACTIONS, *rows]))
    return path


def lines(*rows: Row | str | bytes) -> bytes:
    """Rows, or lines as they stand, each with a line feed: for malformed files."""
    return b"".join(map(_line, rows))


def _field(text: str, quoted: bool) -> str:
    # Not by the csv module: it leaves a lone carriage return without quotes.
    if quoted or any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _line(row: Row | str | bytes) -> bytes:
    if isinstance(row, tuple):
        return csv_bytes([row])
    return (row if isinstance(row, bytes) else row.encode()) + b"\n"
