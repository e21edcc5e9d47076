"""Reads the list of codes in a file of any form that people have: text, CSV, Excel."""

from queries.checking.listing import Listing
from queries.checking.text_list import read_text, text_of
from queries.checking.workbook import is_workbook, read_workbook


def read(content: bytes, column: str | None = None) -> Listing:
    """The list in the bytes of a file. `column`: the column to take. Raises NotAList."""
    if is_workbook(content):
        return read_workbook(content, column)
    return read_text(text_of(content), column)
