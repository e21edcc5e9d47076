"""Writes a frozen notebook in any form."""

import json
from collections.abc import Callable
from typing import NamedTuple

from queries.notebooks.freezing.frozen_notebook import Frozen
from queries.notebooks.freezing.html_page import as_html
from queries.notebooks.freezing.jupyter import as_jupyter
from queries.notebooks.freezing.markdown_page import as_markdown
from queries.notebooks.freezing.workbook import as_workbook


class Form(NamedTuple):
    """A form of a frozen notebook: what it is called, and how it is written."""

    label: str
    media_type: str
    write: Callable[[Frozen], bytes]


def _text(text: str) -> bytes:
    return text.encode("utf-8", "replace")


# By the ending of the file's name.
FORMS = {
    "html": Form("HTML", "text/html", lambda frozen: _text(as_html(frozen))),
    "ipynb": Form(
        "Jupyter",
        "application/x-ipynb+json",
        lambda frozen: _text(json.dumps(as_jupyter(frozen), ensure_ascii=False, indent=1)),
    ),
    "md": Form("Markdown", "text/markdown", lambda frozen: _text(as_markdown(frozen))),
    "xlsx": Form(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_workbook,
    ),
}
