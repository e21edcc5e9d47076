"""Tells in which column of a table the codes stand, and whether it begins with a header."""

import re
from collections.abc import Sequence

from queries.checking.listing import NotAList
from queries.text import normalized

# What people call the column of codes, the surest first, and other columns of such tables.
OF_CODES = (
    *("code", "codes", "voucher code", "voucher codes", "vouchercode", "voucher", "vouchers"),
    *("unique code", "promo code", "promotion code", "coupon", "coupon code", "gift code"),
)
OTHERS = {
    *("group name", "group", "start date", "expiry date", "redemption time", "parent code"),
    *("transaction id", "time", "site ref", "site", "cancelled", "name", "email", "date"),
    *("line", "verdict", "batch", "folder", "prefix", "status", "amount", "notes", "comment"),
}
LIKE_A_CODE = re.compile(r"(?!\d{1,4}$)(?=.*\d|[A-Z]{4})[^\s@/:]{4,40}")
SAMPLE = 200  # rows by which a column is told


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row has names of columns and no code: one of them is a name that is known."""
    return any(name in OTHERS or name in OF_CODES for name in map(_plain, cells))


def is_name_of_codes(text: str) -> bool:
    """Whether a text is what people call a column of codes."""
    return _plain(text) in OF_CODES


def code_column(
    rows: Sequence[Sequence[str]], wanted: str | None = None
) -> tuple[int, list[str], bool]:
    """The place of the column with codes, the names of all, and whether the first row is a header.

    `wanted` is the name of the column that somebody has chosen. Raises NotAList.
    """
    if not rows:
        raise NotAList("There is no code in this list.")
    has_header = is_header(rows[0])
    width = max(map(len, rows[: SAMPLE + 1]))
    first = [*rows[0], *[""] * width][:width] if has_header else [""] * width
    names = [name.strip() or f"Column {place}" for place, name in enumerate(first, 1)]
    if wanted is not None:
        if wanted not in names:
            raise NotAList("There is no such column in this list.")
        return names.index(wanted), names, has_header
    plain = [_plain(name) for name in names]
    named = next((name for name in OF_CODES if name in plain), None)
    if named:
        return plain.index(named), names, has_header
    sample = rows[has_header : SAMPLE + 1]
    place = max(range(width), key=lambda place: (_likeness(sample, place), -place))
    return place, names, has_header


def _likeness(rows: Sequence[Sequence[str]], place: int) -> int:
    """How many different cells of a column look like a code: a column of names repeats itself."""
    return len({row[place] for row in rows if place < len(row) and LIKE_A_CODE.match(row[place])})


def _plain(name: str) -> str:
    return normalized(name).casefold().replace("_", " ").replace("-", " ").strip()
