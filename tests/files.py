"""Voucher Manager's files, written by hand: rows first, then the bytes that they come in."""

from collections.abc import Iterable
from pathlib import Path

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


def code(
    text: str,
    group: str = "Email",
    *,
    start: str = "01/01/2016 00:00",
    expiry: str = "01/02/2016 00:00",
    kind: str = "Item",
    quantity: str = "1",
    item: str = "10000056168",
    parent: str = "",
    redeemed: str = "",
) -> Row:
    """A row of a codes file."""
    return (text, group, start, expiry, kind, quantity, item, parent, redeemed)


def transaction(
    number: object,
    text: str,
    group: str = "Email",
    *,
    time: str = "08/01/2016 19:42",
    campaign: str = "",
    campaign_name: str = "",
    site: str = "Site001",
    cancelled: str = "No",
    deleted: str = "No",
) -> Row:
    """A row of a transactions file."""
    return (
        f"DF9AF431-{number}",
        time,
        text,
        group,
        campaign,
        campaign_name,
        site,
        cancelled,
        deleted,
    )


def csv_bytes(
    rows: Iterable[Row], *, line_end: str = "\n", quote_all: bool = False, mark: bool = False
) -> bytes:
    """Rows as UTF-8 CSV: the documented format, unless told otherwise."""
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
    """Rows, or lines as they stand, each with a line feed: for files that are wrong."""
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
