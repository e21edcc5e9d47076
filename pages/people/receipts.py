"""What a person may see of the receipts of downloads."""

from pages.people.person import Person
from queries.downloading.receipts import TABLE, Receipt

# What a receipt says of imports, which may be of groups that a person does not see.
OF_ALL_IMPORTS = {"imports", "last_import", "rests_on"}
OF_BYTES = {"bytes", "sha256"}


def seen_by(person: Person, receipt: Receipt) -> Receipt | None:
    """The receipt, as far as the person may see it.

    Who sees some groups or folders only sees only what they downloaded. Whom codes are masked for
    is not told what the bytes of a file of codes were: of few rows they could be tried out.
    """
    left_out: set[str] = set()
    if person.access.is_limited:
        if receipt.get("who") != person.name:
            return None
        left_out |= OF_ALL_IMPORTS
    if person.access.masked:
        left_out |= {"rests_on"} | (set() if _is_harmless(receipt) else OF_BYTES)
    return {name: value for name, value in receipt.items() if name not in left_out}


def _is_harmless(receipt: Receipt) -> bool:
    """Whether a file has no code in it, or masked ones."""
    return bool(receipt.get("masked")) or receipt["what"].startswith(TABLE)
