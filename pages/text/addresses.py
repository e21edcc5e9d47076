"""Addresses of the app's own routes."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import streamlit as st

from queries.filters import Filters


def base_path() -> str:
    """The base path before every path of the app: /vouchers, or nothing."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def view_url(url: str) -> str:
    """The address of a page, from the URL of a receipt, which lacks the base path."""
    return base_path() + url


def export_url(kind: str, filters: Filters, form: str = "csv", more: bool = False) -> str:
    """The address of the export route for the chosen codes or transactions."""
    query = urlencode([*filters.to_query(), *([("more", "yes")] if more else [])])
    return f"{base_path()}/export/{kind}.{form}" + (f"?{query}" if query else "")


def table_url(key: str, filters: Filters, form: str, parameters: dict[str, str]) -> str:
    """The address of a chart's table as a file."""
    query = urlencode([*filters.to_query(), *parameters.items()])
    return f"{base_path()}/export/tables/{key}.{form}" + (f"?{query}" if query else "")


def list_url(key: str, filters: Filters, form: str) -> str:
    """The address of the verdicts on a list as a file."""
    query = urlencode(filters.to_query())
    return f"{base_path()}/export/lists/{key}.{form}" + (f"?{query}" if query else "")


def changes_url(import_id: int, change: str) -> str:
    """The address of the file with what an import changed."""
    return f"{base_path()}/export/changes.csv?{urlencode({'import': import_id, 'change': change})}"


def since_url(filters: Filters, form: str, window: dict[str, str]) -> str:
    """The address of the file with the codes under a heading, of a window of imports."""
    query = urlencode([*filters.to_query(), *window.items()])
    return f"{base_path()}/export/since.{form}?{query}"


def checks_url(check: str, filters: Filters, form: str, thresholds: Mapping[str, object]) -> str:
    """The address of the file with what a check finds."""
    given = [(name, str(value)) for name, value in thresholds.items() if value is not None]
    query = urlencode([*filters.to_query(), *given])
    return f"{base_path()}/export/checks/{check}.{form}?{query}"


def notebook_file_url(name: str, form: str, query: str = "") -> str:
    """The address of a notebook that is frozen, of other filters where `query` has some."""
    address = f"{base_path()}/export/notebooks/{quote(name, safe='')}.{form}"
    return f"{address}?{query}" if query else address


def notebook_source_url(name: str) -> str:
    """The address of a notebook's own file, which has no results."""
    return f"{base_path()}/export/notebooks/{quote(name, safe='')}/notebook.md"


def notebook_cell_url(name: str, cell: str, form: str, query: str = "") -> str:
    """The address of all rows of a notebook's cell."""
    address = f"{base_path()}/export/notebooks/{quote(name, safe='')}/{quote(cell)}.{form}"
    return f"{address}?{query}" if query else address


def receipt_url(receipt_id: str) -> str:
    """The address of a receipt."""
    return f"{base_path()}/export/receipts/{receipt_id}.json"
