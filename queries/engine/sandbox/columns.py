"""What an analyst's SQL reads of the store: the tables' columns, their types, what they mean."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column of chosen_codes or chosen_transactions, and its definition for an analyst."""

    name: str
    type: str
    definition: str


_CODES = (
    Column("Code", "VARCHAR", "The code as it stands on the voucher."),
    Column("Group_Name", "VARCHAR", "The code group: how the code reaches people."),
    Column("Start_Date", "TIMESTAMP", "From when on the code can be redeemed."),
    Column(
        "Expiry_Date", "TIMESTAMP", "From when on it cannot be any more; none: it never expires."
    ),
    Column("Aztec_Redemption_Type", "VARCHAR", "What the code is redeemed for, such as Item."),
    Column("Aztec_Redemption_Quantity", "BIGINT", "How many items one redemption gives."),
    Column("Aztec_Item_Code", "VARCHAR", "Which item it gives."),
    Column("Parent_Code", "VARCHAR", "The code at whose redemption this one was handed out."),
    Column("Redemption_Time", "TIMESTAMP", "When it was redeemed, as the codes file says."),
    Column(
        "Status",
        "VARCHAR",
        "active, redeemed, cancelled, expired, scheduled or deleted, as of the filter's day.",
    ),
    Column("Folder", "VARCHAR", "The reporting folder that the code was imported for."),
    Column("Batch", "VARCHAR", "The batch that the code was made in."),
    Column("Prefix", "VARCHAR", "The known prefix that the code starts with."),
    Column("Scans", "BIGINT", "How often it was redeemed, without cancelled redemptions."),
    Column("First_Redemption", "TIMESTAMP", "When it was first redeemed, and not cancelled."),
    Column("Code_ID", "BIGINT", "A number that stands for the code; joins both tables."),
    Column("Live", "BOOLEAN", "Whether its dates have a part of the chosen period."),
    Column("Age_Days", "BIGINT", "Whole days from its start to the end of the data."),
)
_TRANSACTIONS = (
    Column("Transaction_ID", "VARCHAR", "The redemption's own ID in Voucher Manager."),
    Column("Time", "TIMESTAMP", "When the code was redeemed."),
    Column("Code", "VARCHAR", "The code that was redeemed."),
    Column("Group_Name", "VARCHAR", "The code group, as the transactions file says."),
    Column("Campaign_ID", "VARCHAR", "The campaign's ID."),
    Column("Campaign_Name", "VARCHAR", "The campaign's name."),
    Column("Site_Ref", "VARCHAR", "Where the code was redeemed."),
    Column("Cancelled", "BOOLEAN", "Whether the redemption was cancelled."),
    Column("Code Deleted", "BOOLEAN", 'Whether the code was deleted; written "Code Deleted".'),
    Column("Code_ID", "BIGINT", "A number that stands for the code; none: its file is missing."),
    Column("Folder", "VARCHAR", "The reporting folder of the code, else of the transactions file."),
    Column("Batch", "VARCHAR", "The batch of the code, else of the transactions file."),
    Column(
        "From_Codes_File",
        "BOOLEAN",
        "Whether only the codes file tells of it: then it has no ID, site or campaign.",
    ),
)


def columns() -> dict[str, tuple[Column, ...]]:
    """The columns of both tables, in their order."""
    return {"chosen_codes": _CODES, "chosen_transactions": _TRANSACTIONS}
