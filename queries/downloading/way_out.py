"""What the audit log says of a file that leaves: of its receipt, which holds no code."""

from queries.downloading.receipts import Receipt

BEGINNING = ("file", "filters", "what", "format", "receipt", "imports", "state")
OUTCOME = ("rows", "bytes", "sha256", "receipt")


def facts_of_beginning(receipt: Receipt) -> dict[str, object]:
    """What is to leave, before its first byte does."""
    return {name: receipt[name] for name in BEGINNING if name in receipt}


def facts_of_outcome(receipt: Receipt) -> dict[str, object]:
    """What has left; without a SHA-256 where it broke off."""
    return {name: receipt[name] for name in OUTCOME if name in receipt}
