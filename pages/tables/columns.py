"""The columns of tables: their labels, formats and help."""

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.dataframe_util import convert_pandas_df_to_arrow_table
from streamlit.elements.lib.column_types import ColumnConfig

from pages.answers.memo import memoized

DAY = "D MMM YYYY"
TIME = "D MMM YYYY, HH:mm"
RATE, COUNT, MOMENT = "fiM"  # the kinds of NumPy's types that the columns of charts have
FORMATS: dict[str, ColumnConfig] = {
    RATE: st.column_config.NumberColumn(format="%.1f%%"),
    COUNT: st.column_config.NumberColumn(format="localized"),
    MOMENT: st.column_config.DatetimeColumn(format=TIME),
}


def _first(label: str) -> ColumnConfig:
    """The column that tells what a row is: on the left, and still there when a phone scrolls."""
    return st.column_config.TextColumn(label, pinned=True)


def _time(label: str) -> ColumnConfig:
    return st.column_config.DatetimeColumn(label, format=TIME)


@memoized
def in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """The rates times 100: Streamlit's own percentages have two decimals, ours have one."""
    kinds = table.dtypes.items()  # select_dtypes() takes a hundred times as long
    return table.assign(**{str(n): table[n] * 100 for n, kind in kinds if kind.kind == RATE})


@memoized
def as_sent(table: pd.DataFrame) -> pa.Table:
    """The table with its rates times 100, as Arrow, which Streamlit would make at each run."""
    return convert_pandas_df_to_arrow_table(in_percent(table))


@memoized
def of_chart(table: pd.DataFrame) -> dict[str, ColumnConfig]:
    """The formats of those columns of a chart's table that are not text."""
    kinds = table.dtypes.items()
    return {str(name): FORMATS[kind.kind] for name, kind in kinds if kind.kind in FORMATS}


CODES: dict[str, ColumnConfig | str | None] = {
    "code": _first("Code"),
    "group_name": "Group",
    "status": "Status",
    "scans": st.column_config.NumberColumn(
        "Times used", help="Redemptions that were not cancelled"
    ),
    "first_redeemed": _time("First redemption"),
    "folder": "Folder",
    "batch": "Batch",
    "prefix": "Prefix",
    "start_date": _time("Start"),
    "expiry_date": _time("Expiry"),
    "redemption_type": "Type",
    "redemption_quantity": "Quantity",
    "item_code": "Item code",
    "parent_code": "Parent code",
}
TRANSACTIONS: dict[str, ColumnConfig | str | None] = {
    "time": _time("Redeemed"),
    "code": _first("Code"),
    "group_name": "Group",
    "cancelled": "Cancelled",
    "site_ref": "Site",
    "campaign_id": "Campaign",
    "campaign_name": "Campaign name",
    "code_deleted": "Code deleted",
    "folder": "Folder",
    "batch": "Batch",
    "transaction_id": "Transaction",
    "note": "Note",
}
STORY: dict[str, ColumnConfig | str | None] = {
    "time": st.column_config.DatetimeColumn(
        "Time", format=TIME, help="Empty where the export has none"
    ),
    "event": "Event",
    "detail": st.column_config.TextColumn("What", width="large"),
}
CHILDREN: dict[str, ColumnConfig | str | None] = {
    name: CODES[name]
    for name in ("code", "group_name", "status", "start_date", "expiry_date", "first_redeemed",
                 "batch", "prefix")
}  # fmt: skip
SOURCES: dict[str, ColumnConfig | str | None] = {
    "imported_at": _time("Imported"),
    "file": st.column_config.TextColumn("File", width="medium"),
    "change": st.column_config.TextColumn("What it did", width="large"),
    "page": st.column_config.LinkColumn("Import", display_text="Open"),
    "import_id": None,
}
BATCHES: dict[str, ColumnConfig | str | None] = {
    "batch": _first("Batch"),
    "groups": "Group",
    "folders": "Folder",
    "prefixes": "Prefix",
    "imported": st.column_config.DateColumn("Imported", format=DAY),
    "starts": st.column_config.DateColumn("Start", format=DAY),
    "expires": st.column_config.DateColumn("Expiry", format=DAY),
    "codes": st.column_config.NumberColumn("Codes", format="localized"),
    "codes_live": st.column_config.NumberColumn("Codes live", format="localized"),
    "redeemed_codes": st.column_config.NumberColumn("Redeemed", format="localized"),
    "redemption_rate": st.column_config.ProgressColumn(
        "Rate",
        format="%.1f%%",
        max_value=100,
        width="small",
        help="Redeemed codes ÷ codes live in the period, or all codes without one, so far: the "
        "rate within some days, above, compares batches of different ages",
    ),
    "state": st.column_config.TextColumn(
        "State",
        help="final: every code had expired when the data end, so nothing more can come; "
        "running: codes may still be redeemed, and the rate may still rise",
    ),
    "net": st.column_config.NumberColumn("Net", format="localized"),
    "cancelled": st.column_config.NumberColumn("Cancelled", format="localized"),
    "download": st.column_config.LinkColumn("Download", display_text="CSV"),
}


def batches(span: str, most: float) -> dict[str, ColumnConfig | str | None]:
    """The columns of batches whose curves all have this span, in words, and this scale."""
    curve = st.column_config.LineChartColumn(
        "Net over time",
        help=f"Net redemptions {span}, in 12 steps from 0 to {most:,.0f}: the same time and the "
        "same scale for every batch",
        width="small",
        y_min=0,
        y_max=max(1.0, most),
    )
    return {**BATCHES, "curve": curve, "download": BATCHES["download"]}


IMPORTS: dict[str, ColumnConfig | str | None] = {
    "imported_at": _time("Imported"),
    "exported_at": st.column_config.DatetimeColumn(
        "Data until", format=TIME, help="When the file was exported: what it is a picture of"
    ),
    "file": _first("File"),
    "kind": "Kind",
    "folder": "Folder",
    "prefix": "Prefix",
    "batch": "Batch",
    "rows": st.column_config.NumberColumn("Rows", format="localized"),
    "new": st.column_config.NumberColumn("New", format="localized"),
    "updated": st.column_config.NumberColumn("Updated", format="localized"),
    "unchanged": st.column_config.NumberColumn("Unchanged", format="localized"),
    "duplicates": st.column_config.NumberColumn("Duplicates", format="localized"),
    "is_sample": "Sample",
    "undone_at": _time("Taken back"),
    "import_id": None,
    "sha256": None,
}
IMPORTED: dict[str, ColumnConfig | str | None] = {
    **{name: IMPORTS[name] for name in ("file", "kind", "rows", "new", "updated", "unchanged")},
    "duplicates": IMPORTS["duplicates"],
    "notes": st.column_config.NumberColumn("Notes", help="What there is to check, below"),
}
CHANGES: dict[str, ColumnConfig | str | None] = {
    "group_name": "Group",
    "code": "Code",
    "transaction_id": "Transaction",
}
SINCE: dict[str, ColumnConfig | str | None] = {
    **{name: CODES[name] for name in ("code", "group_name", "status", "first_redeemed")},
    "first_cancelled": st.column_config.DatetimeColumn(
        "First cancelled",
        format=TIME,
        help="The time of the first redemption that was cancelled: no export has the time of a "
        "cancellation",
    ),
    **{name: CODES[name] for name in ("folder", "batch", "start_date", "expiry_date")},
}
IMPORTS_SINCE = {
    name: IMPORTS[name]
    for name in ("imported_at", "exported_at", "file", "kind", "rows", "new", "updated")
} | {"import_id": None}
LIST_LINES: dict[str, ColumnConfig | str | None] = {
    "line": st.column_config.NumberColumn("Line", format="localized", width="small"),
    "code": _first("Code"),
    "verdict": "Verdict",
    "group_name": "Group",
    "redeemed_at": _time("Redeemed"),
    "site": "Site",
    "near_miss": st.column_config.TextColumn("Near miss", help="What it may have been"),
    "difference": st.column_config.TextColumn(
        "Difference", help="How the near miss differs from what stands in the list"
    ),
    "doubled": st.column_config.CheckboxColumn(
        "Doubled", help="The code stands on an earlier line too", width="small"
    ),
}
DOWNLOADS: dict[str, ColumnConfig | str | None] = {
    "asked_at": _time("Downloaded"),
    "filters": st.column_config.TextColumn("Filters", width="medium"),
    "rows": st.column_config.NumberColumn("Rows", format="localized"),
    "bytes": st.column_config.NumberColumn("Size", format="bytes"),
    "file": st.column_config.TextColumn("File", width="medium", pinned=True),
    "who": "Who",
    "sha256": "SHA-256",
    "receipt": None,
}
AUDIT: dict[str, ColumnConfig | str | None] = {
    "time": st.column_config.DatetimeColumn("Time", format=f"{TIME}:ss"),
    "event": "Event",
    "who": "Who",
    "facts": st.column_config.TextColumn("What", width="large"),
    "number": st.column_config.NumberColumn("Entry", format="localized", width="small"),
}
EVERY_CHECK: dict[str, ColumnConfig | str | None] = {
    "title": st.column_config.TextColumn("Check", pinned=True, width="medium"),
    "rows": st.column_config.NumberColumn("Found", format="localized", width="small"),
    "meaning": st.column_config.TextColumn("What it means", width="large"),
    "innocent": st.column_config.TextColumn("What would be innocent", width="large"),
}
TO_CHECK: dict[str, ColumnConfig | str | None] = {
    "code": _first("Code"),
    "group_name": "Group",
    "differs": st.column_config.TextColumn(
        "Differs in", help="What tells it from the known code that looks like it"
    ),
    "near_code": "Looks like",
    "near_group": "Known in",
    "uses": st.column_config.NumberColumn("Redemptions", format="localized"),
    "time": _time("Redeemed"),
    "site_ref": "Site",
    "second_time": _time("Redeemed again"),
    "second_site": "Site then",
    "cancelled_time": _time("Cancelled one"),
    "cancelled_site": "Cancelled at",
    "redemption_time": _time("In the codes file"),
    "first_redeemed": _time("First live redemption"),
    "first_cancelled": _time("First cancelled one"),
    "exported_at": _time("Codes file exported"),
    "start_date": _time("Start"),
    "expiry_date": _time("Expiry"),
    "parent_code": "Parent code",
    "campaign_id": "Campaign",
    "cancellation_rate": st.column_config.NumberColumn("Cancellation rate", format="%.1f%%"),
    "rate_of_all": st.column_config.NumberColumn("Rate of all sites", format="%.1f%%"),
    "cancellations": st.column_config.NumberColumn("Cancelled", format="localized"),
    "redemptions": st.column_config.NumberColumn("Redemptions", format="localized"),
    "folder": "Folder",
    "batch": "Batch",
    "transaction_id": "Transaction",
}


def label_of_check(name: object) -> str:
    """The label of a column of what a check finds."""
    column = TO_CHECK[str(name)]
    return str(column if isinstance(column, str) else (column or {})["label"])
