"""Voucher Manager's two CSV files: their columns in order, and what one of them holds."""

from dataclasses import dataclass
from pathlib import Path

COLUMNS = {
    "codes": (
        "Code",
        "Group_Name",
        "Start_Date",
        "Expiry_Date",
        "Aztec_Redemption_Type",
        "Aztec_Redemption_Quantity",
        "Aztec_Item_Code",
        "Parent_Code",
        "Redemption_Time",
    ),
    "transactions": (
        "Transaction_ID",
        "Time",
        "Code",
        "Group_Name",
        "Campaign_ID",
        "Campaign_Name",
        "Site_Ref",
        "Cancelled",
        "Code Deleted",
    ),
}


@dataclass(frozen=True)
class Survey:
    """What a file holds, counted without the engine."""

    path: Path
    kind: str  # a key of COLUMNS
    rows: int  # without the header and blank lines
    bytes: int
    plain: bool  # one line per row: no quoted line breaks, no blank lines
    may_hide: bool = True  # hidden characters: not only visible ASCII, or blanks around fields
