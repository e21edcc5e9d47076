"""Tables as HTML: with a caption, named columns and rows, and numbers on the right."""

import html

import pandas as pd

from queries.notebooks.freezing.columns import NUMBERS, Kinds, text_of


def table_as_html(table: pd.DataFrame, kinds: Kinds, caption: str, most: int) -> str:
    """The first rows of a table; the first column names each row."""
    names = [str(name) for name in table.columns]
    of = [kinds.get(name, "text") for name in names]
    header = "".join(
        f'<th scope="col"{_right(kind)}>{html.escape(name)}</th>'
        for name, kind in zip(names, of, strict=True)
    )
    rows = table.head(most).itertuples(index=False, name=None)
    body = "\n".join(f"<tr>{_row(row, of)}</tr>" for row in rows)
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{header}</tr></thead>\n<tbody>{body}</tbody></table>"
    )


def _row(row: tuple[object, ...], kinds: list[str]) -> str:
    texts = [html.escape(text_of(kind, value)) for kind, value in zip(kinds, row, strict=True)]
    cells = [f"<td{_right(kind)}>{text}</td>" for kind, text in zip(kinds, texts, strict=True)]
    if kinds and kinds[0] not in NUMBERS:
        cells[0] = f'<th scope="row">{texts[0]}</th>'
    return "".join(cells)


def _right(kind: str) -> str:
    return ' class="number"' if kind in NUMBERS else ""
