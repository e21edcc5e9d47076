"""Sentences for what is wrong or odd in a file. None of them quotes it: it may hold codes."""

import contextlib
import re
from datetime import datetime

from data.importing.scope import LONGEST

DATE = "a date and time like 28/04/2018 00:00 (DD/MM/YYYY HH:MM)"
DATES = ("Start_Date", "Expiry_Date", "Redemption_Time", "Time")
MISSING = {
    "Code": "A code is missing here. Each row needs one.",
    "Transaction_ID": "A Transaction_ID is missing here. Each row needs one.",
    "Group_Name": "A Group_Name is missing here. Each code needs one.",
    "Time": f"The Time is missing here. It must be {DATE}.",
}
# In which only the length can be wrong, where there is any text.
NAMES = (
    *("Group_Name", "Aztec_Redemption_Type", "Aztec_Item_Code"),
    *("Campaign_ID", "Campaign_Name", "Site_Ref"),
)
SHAPES = (
    (r"\d{4}-\d\d-\d\d.*", "This date is written year first (ISO)."),
    (r"\d{4}/\d\d?/\d\d?.*", "This date is written year first."),
    (r"\d+([.,]\d+)?", "This is a number: a spreadsheet has turned the date into one."),
    (r".*\b[ap]\.?m\.?\b.*", "This time is written with am or pm."),
    (r"\d\d?/\d\d?/\d\d(\s.*)?", "This date has a year of two digits."),
    (r"\d\d?[.-]\d\d?[.-]\d{2,4}.*", "This date has dots or dashes where slashes belong."),
    (r"\d\d/\d\d/\d{4}", "This date has no time."),
    (r"(0?\d|1[0-2])/(1[3-9]|2\d|3[01])/\d{4}.*", "This date is American (month first)."),
    (r"\d\d/\d\d/\d{4} \d\d:\d\d(:\d\d)?", "There is no such day or time in the calendar."),
    (
        r"\d\d?/\d\d?/\d{4} \d\d?:\d\d?(:\d\d?)?",
        "Day, month, hour and minute need two digits each.",
    ),
)
LONG = "has more than nine digits"
OUT_OF_RANGE = "The year of this date is before 1900."
MASK = "•••••"
CODES = ("Code", "Parent_Code", "Transaction_ID")
DOWNLOADED_MASKED = (
    "There are dots in place of a code: this file was downloaded with masked codes. Import the "
    "file of Voucher Manager, or have somebody download it who sees whole codes."
)
CONTROL_Z = "\x1a"
ENDS_IN_CONTROL_Z = (
    "There is a Control-Z here (a byte of the value 1A), with which old programs end a file."
)
FROM_A_SPREADSHEET = "Export the file again from Voucher Manager and do not save it in between."
WARNINGS = {
    "last_day": (
        "{codes} {expire} at the first minute of a month's end or a Sunday, and {do} not work any "
        "more on that day. Was it advertised as the last one?"
    ),
    "not_after_start": "{codes} with an expiry that is not after the start: never to be redeemed.",
    "spaces": "{codes} with a space inside or around.",
    "like_numbers": (
        "{rows} with a Code like 1.23e+19, as programs write a number of many digits. Were they "
        "codes of digits?"
    ),
    "hidden_signs": (
        "{rows} with a sign that nobody sees, or an unusual blank, in the column {detail}."
    ),
    "near_miss": (
        "{codes} that only case, blanks, invisible characters or the way its group is written "
        "tell from another one."
    ),
    "alike_name": (
        "{rows} whose name in the column {detail} only case, blanks or invisible characters tell "
        "from another one: they are counted as two."
    ),
    "other_group": "{codes} known in another group too.",
    "near_code": (
        "{redemptions} of an unknown code that only case, blanks, invisible characters or its "
        "group tell from a known one."
    ),
    "near_id": (
        "{redemptions} that only case, blanks or invisible characters of the Transaction_ID tell "
        "from a known one of the same code and time: counted twice?"
    ),
    "near_redemption": (
        "{codes} that only case, blanks, invisible characters or the group tell from the code of "
        "a redemption that is missing from the imported code files."
    ),
    "outside_dates": "{redemptions} outside the dates of the code.",
    "no_quantity": "{codes} without a quantity: unknown in the units given.",
    "only_case": "{codes} that only capital and small letters tell from another one.",
    "unknown_code": "{redemptions} of a code that is missing from the imported code files.",
    "used_twice": "{codes} redeemed more than once without a campaign.",
    "overruled": "{rows} replaced by a later row for the same code or transaction.",
    "gone": "{codes} of the last export of the same scope not in this one.",
    "group_gone": "{codes} gone with all of {detail} since the last export of the same scope.",
    "day_month": (
        "Every day in the column {detail} is 12 or less, so it could be a month. Nothing in this "
        "file proves that days come first."
    ),
}


def problem(column: str, text: str) -> str:
    """Why the text in a column cannot be stored, and what would be right."""
    if text == column and (column in DATES or column in MISSING):
        return "The header stands here again: two files were put together. Import each by itself."
    if not text.strip() and column in MISSING:
        return MISSING[column]
    if MASK in text and column in CODES:
        return DOWNLOADED_MASKED
    if column in NAMES:
        return f"This name has {len(text):,} characters. It may have {LONGEST} at most."
    if CONTROL_Z in text:
        return f"{ENDS_IN_CONTROL_Z} {FROM_A_SPREADSHEET}"
    if column in DATES:
        return f"{_no_date(text)} It must be {DATE}."
    if column == "Code":
        return f"A spreadsheet has turned this code into a number. {FROM_A_SPREADSHEET}"
    if column == "Aztec_Redemption_Quantity":
        return _quantity(text)
    return _yes_or_no(text)


def warning(kind: str, rows: int, lines: list[int], detail: str | None) -> str:
    """What is odd, how often and where first."""
    counted = {
        f"{noun}s": f"{rows:,} {noun}{'' if rows == 1 else 's'}"
        for noun in ("code", "row", "redemption")
    }
    verbs = {"expire": "expires", "do": "does"} if rows == 1 else {"expire": "expire", "do": "do"}
    sentence = WARNINGS[kind].format(**counted, **verbs, detail=detail)
    if not lines:
        return sentence
    places = ", ".join(f"{line:,}" for line in lines)
    more = " …" if rows > len(lines) else ""
    return f"{sentence} Line{'s' if len(lines) > 1 else ''} {places}{more}."


def _no_date(text: str) -> str:
    bare = text.strip()
    if _is_date(bare):
        return OUT_OF_RANGE if bare == text else "There are blanks around this date."
    shapes = (shape for form, shape in SHAPES if re.fullmatch(form, bare, re.I | re.A))
    return next(shapes, "This is no date.")


def _is_date(text: str) -> bool:
    """Whether a text is a day of the calendar in the right form, of whatever year."""
    if not re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d(:\d\d)?", text, re.A):
        return False
    with contextlib.suppress(ValueError):
        datetime.strptime(text[:16], "%d/%m/%Y %H:%M")
        return text[17:] < "60"
    return False


def _quantity(text: str) -> str:
    right = "It must be a whole number like 1."
    if re.fullmatch(r"\s*-\s*\d+\s*", text, re.A):
        return f"This quantity is negative. {right}"
    if re.fullmatch(r"\s*\d*[.,]\d+\s*", text, re.A):
        return f"This quantity is not whole. {right}"
    if re.fullmatch(r"\d{10,}", text, re.A):
        return f"This quantity {'is too large' if len(text.lstrip('0')) > 9 else LONG}. {right}"
    if re.fullmatch(r"\s*\d+\s*", text, re.A):
        return f"There are blanks around this quantity. {right}"
    return f"This quantity is not a number. {right}"


def _yes_or_no(text: str) -> str:
    right = "It must be Yes or No."
    if not text.strip():
        return f"Yes or No is missing here. {right}"
    if text.strip() in {"Yes", "No"}:
        return f"There are blanks around this Yes or No. {right}"
    if text.strip().lower() in {"yes", "no"}:
        return f"This is Yes or No in other letters. {right}"
    if text.strip().lower() in {"true", "false", "1", "0", "y", "n", "t", "f"}:
        return f"This is yes or no as a program writes it. {right}"
    return f"This is neither Yes nor No. {right}"
