"""Files with a wrong row that every import refuses, and all wrong files together."""

from tests.support.rows import CODES, SECRET, TRANSACTIONS, Code, Transaction, csv_bytes, lines
from tests.support.wrong_files import (
    DAY,
    FIELDS,
    HEADER,
    LINE_ENDS,
    MANY,
    NO_EXPORT,
    NO_TEXT,
    QUOTE,
    QUOTES,
    SEPARATORS,
    SOLD_A,
    SOLD_B,
    SOLD_C,
    WITH_BREAK,
    WRONG_HEADERS,
    A,
    B,
    C,
    Wrong,
    text,
)

WIDTHS = {
    "a row with too few fields": Wrong(lines(CODES, A, B[:6], C), FIELDS, 3),
    "a row with too many fields": Wrong(lines(CODES, A, (*B, "x"), C), FIELDS, 3),
    "a row with a comma too many at its end": Wrong(lines(CODES, A, (*B, ""), C), FIELDS, 3),
    "a comma too many at the end of each row": Wrong(lines(CODES, (*A, ""), (*B, "")), FIELDS, 2),
    "a comma that should stand in quotes": Wrong(
        lines(TRANSACTIONS, SOLD_A, text(SOLD_B).replace("Site001", "Leeds, North")), FIELDS, 3
    ),
    "one field": Wrong(lines(CODES, A, f"{SECRET}B", C), FIELDS, 3),
    "a last line that adds up": Wrong(lines(CODES, A, B, "Total,2"), FIELDS, 4),
    "a line of blanks": Wrong(lines(CODES, A, "   ", B), f"{FIELDS}|blank", 3),
    "an end-of-file sign of old": Wrong(lines(CODES, A) + b"\x1a", "Control-Z", 3),
    "an end-of-file sign in the last field": Wrong(
        lines(CODES, A) + text(B).encode() + b"\x1a", "Control-Z", 3, "Redemption_Time"
    ),
    "a short row after line breaks in quotes": Wrong(lines(CODES, WITH_BREAK, B[:6]), FIELDS, 5),
    "a short row after blank lines": Wrong(lines(CODES, A, "", "", B[:6]), FIELDS, 5),
    "a short row after thousands": Wrong(lines(CODES, *MANY, A[:8], *MANY), FIELDS, 2002),
    "a short row under a mark and Windows line ends": Wrong(
        csv_bytes([CODES, A, B[:6], C], line_end="\r\n", mark=True), FIELDS, 3
    ),
    "a file that is cut in the middle of a row": Wrong(
        lines(TRANSACTIONS, SOLD_A, SOLD_B)[:-7], f"{FIELDS}.*cut|cut.*{FIELDS}", 3
    ),
    "a file that is cut inside quotes": Wrong(
        lines(TRANSACTIONS, SOLD_A) + b'DF9,08/01/2016 19:42,QZ7B,"Email, S', QUOTE, 3
    ),
    "a file that is cut in its last field": Wrong(
        lines(TRANSACTIONS, SOLD_A, SOLD_B)[:-2], "Yes.*No", 3, "Code Deleted"
    ),
    "a file that is cut in its last date": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", redeemed="08/01/2016 19:42"))[:-2],
        DAY,
        3,
        "Redemption_Time",
    ),
}
NO_DATES = {
    "American": ("12/25/2016 00:00", "American|month"),
    "ISO": ("2016-04-01 00:00", "ISO|year first"),
    "ISO with a T": ("2016-04-01T00:00", "ISO|year first"),
    "year first, with slashes": ("2016/04/01 00:00", "year first"),
    "with a two-digit year": ("01/04/16 00:00", "two digits|two-digit"),
    "of 31 February": ("31/02/2016 00:00", "calendar|no such day"),
    "of 29 February in no leap year": ("29/02/2015 00:00", "calendar|no such day"),
    "of day 0": ("00/01/2016 00:00", "calendar|no such day"),
    "without a time": ("01/04/2016", "time"),
    "at 24:00": ("01/04/2016 24:00", "time"),
    "at minute 60": ("01/04/2016 10:60", "time"),
    "at second 60": ("01/04/2016 23:59:60", "time"),
    "with parts of seconds": ("01/04/2016 23:59:01.5", ""),
    "without leading zeros": ("1/4/2016 0:00", "two digits"),
    "with AM": ("01/04/2016 09:00 AM", "am or pm"),
    "with dots": ("01.04.2016 00:00", "dots|slashes"),
    "with hyphens": ("01-04-2016 00:00", "dashes|hyphens|slashes"),
    "with a zone": ("01/04/2016 00:00+01:00", ""),
    "that Excel made a number": ("42461", "number"),
    "that Excel made a fraction": ("42461.5", "number"),
    "too narrow for Excel": ("########", ""),
    "in words": ("1 April 2016", ""),
    "in other digits": ("٠١/٠٤/٢٠١٦ 00:00", ""),
    "with a blank behind": ("01/04/2016 00:00 ", ""),
    "that is a word": ("never", ""),
    "that is a code": (f"{SECRET}X", ""),
    "that is NULL": ("NULL", ""),
}

WRONG_DATES = {
    f"a date {how}": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", start=value), C),
        f"(?=.*({pattern})).*{DAY}",
        3,
        "Start_Date",
    )
    for how, (value, pattern) in NO_DATES.items()
} | {
    "a wrong expiry": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", expiry="2016-02-01")), DAY, 3, "Expiry_Date"
    ),
    "a wrong redemption time": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", redeemed="19:42")), DAY, 3, "Redemption_Time"
    ),
    "a wrong time": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, f"{SECRET}B", time="01/13/2016 10:00")),
        DAY,
        3,
        "Time",
    ),
    "no time": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, f"{SECRET}B", time="")), DAY, 3, "Time"
    ),
    "a wrong date after thousands of right ones": Wrong(
        lines(CODES, *MANY, Code(f"{SECRET}B", start="04/25/2016 00:00"), *MANY),
        DAY,
        2002,
        "Start_Date",
    ),
    "a wrong date after line breaks in quotes": Wrong(
        lines(CODES, WITH_BREAK, Code(f"{SECRET}B", start="x")), DAY, 5, "Start_Date"
    ),
    "a wrong date after blank lines": Wrong(
        lines(CODES, A, "", "", Code(f"{SECRET}B", start="x")), DAY, 5, "Start_Date"
    ),
    "wrong dates in two rows": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", expiry="x"), Code(f"{SECRET}C", start="y")),
        DAY,
        3,
        "Expiry_Date",
    ),
    "two files put together": Wrong(
        lines(CODES, A, CODES, B), "header.*two files", 3, "Start_Date"
    ),
    "transactions behind codes": Wrong(lines(CODES, A, TRANSACTIONS, SOLD_A), DAY, 3, "Start_Date"),
    "transactions under the header of codes": Wrong(
        lines(CODES, SOLD_A, SOLD_B), DAY, 2, "Start_Date"
    ),
    "codes under the header of transactions": Wrong(lines(TRANSACTIONS, A, B), DAY, 2, "Time"),
}
NEITHER = {
    **dict.fromkeys(("Nein", "Non", "Sí", "Cancelled", f"{SECRET}X"), "language|neither"),
    **dict.fromkeys(("yes", "NO", "Y", "TRUE", "False", "1", "0", "No "), ""),
    "": "",
}
YES_OR_NO = {
    f"Cancelled is “{value}”": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, f"{SECRET}B", cancelled=value), SOLD_C),
        f"(?=.*({pattern})).*Yes.*No",
        3,
        "Cancelled",
    )
    for value, pattern in NEITHER.items()
} | {
    f"Code Deleted is “{value}”": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, f"{SECRET}B", deleted=value)),
        "Yes.*No",
        3,
        "Code Deleted",
    )
    for value in ("", "Nein", "true")
}
KEYS = {
    "no code": Wrong(lines(CODES, A, Code("")), "code.*(missing|needs)", 3, "Code"),
    "quotes instead of a code": Wrong(
        lines(CODES, A, f'""{text(Code(""))}'), "code.*(missing|needs)", 3, "Code"
    ),
    "a blank code": Wrong(lines(CODES, A, Code("   ")), "code.*(missing|needs)", 3, "Code"),
    "no group": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", "")), "Group_Name.*(missing|needs)", 3, "Group_Name"
    ),
    "a row of commas": Wrong(lines(CODES, A, "," * 8), "missing|needs", 3, "Code"),
    "no transaction ID": Wrong(
        lines(TRANSACTIONS, SOLD_A, ("", *SOLD_B[1:])),
        "Transaction_ID.*(missing|needs)",
        3,
        "Transaction_ID",
    ),
    "a transaction without a code": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, "")), "code.*(missing|needs)", 3, "Code"
    ),
    "no code after thousands": Wrong(
        lines(CODES, *MANY, Code(""), *MANY), "code.*(missing|needs)", 2002, "Code"
    ),
}
NO_QUANTITIES = {
    **dict.fromkeys(("-1", "-0", "- 1"), "negative"),
    **dict.fromkeys(("1.5", "1.0", "0,5"), "not whole|fraction"),
    **dict.fromkeys(("1e3", "one", "1 ", "+1", "1,000", "£1", f"{SECRET}X"), ""),
    "9" * 20: "large",
}
QUANTITIES = {
    f"a quantity of “{value}”": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", quantity=value)),
        f"(?=.*({pattern})).*whole number",
        3,
        "Aztec_Redemption_Quantity",
    )
    for value, pattern in NO_QUANTITIES.items()
}
SPREADSHEETS = {
    "a code in scientific notation": Wrong(
        lines(CODES, A, Code("1.23E+19")), "spreadsheet|scientific", 3, "Code"
    ),
    "a code in scientific notation with a comma": Wrong(
        lines(CODES, A, Code("1,23E+19")), "spreadsheet|scientific", 3, "Code"
    ),
    "a transaction of a code in scientific notation": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, "1.23457E+19")),
        "spreadsheet|scientific",
        3,
        "Code",
    ),
}
MASKED = "downloaded with masked codes"
DOTS = f"{SECRET}•••••8Q"
MASKS = {
    "a masked code": Wrong(lines(CODES, A, Code(DOTS)), MASKED, 3, "Code"),
    "a masked code of dots only": Wrong(lines(CODES, A, Code("•••••")), MASKED, 3, "Code"),
    "a masked parent code": Wrong(
        lines(CODES, A, Code(f"{SECRET}B", parent=DOTS)), MASKED, 3, "Parent_Code"
    ),
    "a masked code of a transaction": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction(2, DOTS)), MASKED, 3, "Code"
    ),
    "a masked ID": Wrong(
        lines(TRANSACTIONS, SOLD_A, Transaction("•••••", f"{SECRET}B")), MASKED, 3, "Transaction_ID"
    ),
}

X = b"x"
LONG = "million characters|too long|longer"
SIZES = {
    "a line of more than a megabyte": Wrong(
        lambda: lines(CODES, A, X * 1_500_000 + lines(B).strip(), C), LONG, 3
    ),
    "a line of three megabytes after a hundred rows": Wrong(
        lambda: lines(CODES, *MANY[:100], X * 3_000_000 + lines(B).strip(), C), LONG, 102
    ),
    "a text of three megabytes in quotes after a hundred rows": Wrong(
        lambda: lines(CODES, *MANY[:100], b'"' + (X * 999 + b"\n") * 3000 + b'"' + lines(B)[4:]),
        LONG,
        102,
    ),
    "a line of 100 megabytes": Wrong(lambda: lines(CODES, A, X * 100_000_000), LONG, 3),
    "100 megabytes in quotes": Wrong(
        lambda: lines(CODES, A, b'"' + X * 100_000_000 + b'"' + lines(B)[4:]), LONG, 3
    ),
    "100 megabytes without a line end": Wrong(lambda: X * 100_000_000, HEADER, 1),
}
WRONG = {
    **NO_EXPORT,
    **NO_TEXT,
    **LINE_ENDS,
    **SEPARATORS,
    **WRONG_HEADERS,
    **WIDTHS,
    **QUOTES,
    **WRONG_DATES,
    **YES_OR_NO,
    **KEYS,
    **QUANTITIES,
    **SPREADSHEETS,
    **MASKS,
    **SIZES,
}
