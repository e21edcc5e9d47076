"""Names of files that leave the app."""

import re
import unicodedata
from datetime import date

from queries.fields import NOT
from queries.filters import Filters

MARKS = "".join(  # that stand on or beside a letter
    re.escape(chr(point))
    for point in range(0x300, 0x1E000)
    if unicodedata.category(chr(point)) in {"Mn", "Mc"}
)
# Not the prefix, which may be a code.
OF_TEXTS = ("group", "folder", "batch", "type", "item", "campaign", "site", "status")
RANGES = ("start_from", "start_to", "expiry_from", "expiry_to")
NAMED = (
    *(name for base in OF_TEXTS for name in (base, base + NOT)),
    *("cancelled", "from", "to", *RANGES),
)
WORDS = {
    **{base + NOT: "not" for base in OF_TEXTS},
    **{name: name.replace("_", " ") for name in ("cancelled", "from", "to", *RANGES)},
}
LONGEST_MIDDLE = 75  # bytes of a file's name between its kind and its day


def file_name(kind: str, filters: Filters, today: date, form: str = "csv") -> str:
    """A name that says what the file holds: codes_email_january-2016_2026-11-23.csv."""
    slugs = [slug(_in_words(name, value)) for name in NAMED for value in filters.texts(name)]
    middle = "_".join(part for part in slugs if part)
    while len(middle.encode()) > LONGEST_MIDDLE:
        middle = middle[:-1]
    of_list = "in-a-list" if filters.list_ else ""  # and nothing of the list
    masked = "masked" if filters.access.masked else ""
    parts = (kind.replace("_", "-"), of_list, middle.strip("-_"), masked, today.isoformat())
    return "_".join(part for part in parts if part) + f".{form}"


def _in_words(name: str, value: str) -> str:
    return f"{WORDS[name]} {value}" if name in WORDS else value


def slug(text: str) -> str:
    """The text as part of a file name that is safe on every system."""
    plain = unicodedata.normalize("NFKC", text).lower()
    # With its marks: \w does not match a vowel sign of Hindi, without which a word is another one.
    words = re.finditer(rf"\w[\w{MARKS}]*", plain)
    return "-".join(word[0] for word in words).strip("-_")
