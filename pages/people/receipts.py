"""What a person may see of the receipts of downloads."""

from pages.people.person import Person
from queries.downloading.receipts import Receipt

# What a receipt says of imports, which may be of groups that a person does not see.
OF_ALL_IMPORTS = {"imports", "last_import", "rests_on"}


def seen_by(person: Person, receipt: Receipt) -> Receipt | None:
    """The receipt; who sees some groups or folders only sees only what they downloaded."""
    if not person.access.is_limited:
        return receipt
    if receipt.get("who") != person.name:
        return None
    return {name: value for name, value in receipt.items() if name not in OF_ALL_IMPORTS}
