"""A frozen notebook as one HTML file, which loads nothing and whose charts are live."""

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
from plotly.offline import get_plotlyjs

from queries.notebooks.as_json import as_json, embedded
from queries.notebooks.freezing.columns import Kinds
from queries.notebooks.freezing.frozen_notebook import MOST_ROWS, Frozen
from queries.notebooks.freezing.shown import Plot, Rows, Shown, Tile
from queries.notebooks.freezing.tables import table_as_html
from queries.notebooks.freezing.texts import DEEPEST, Heading, highest_heading, text_as_html

HERE = Path(__file__).parent
MOST_ON_PAPER = 30  # columns
TOO_WIDE = (
    "This table has {columns:,} columns, too many for paper: the file on a screen has all, and so "
    "has the workbook."
)
SHORT = 12  # rows of a table that is shown with a chart, on one sheet of paper


def as_html(frozen: Frozen) -> str:
    """The file. Names, texts and values of the data are letters in it, never markup."""
    body = _Body(frozen)
    scripts = (_plotly(), _asset("page.js")) if body.figures else ()
    title = html.escape(frozen.title)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{_asset("page.css")}</style>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<div class="page">
<header><h1>{title}</h1>
<p class="lead">{html.escape(_lead(frozen))}</p>{_alerts(frozen)}</header>
{_contents(body.headings)}
<main id="content">{body.html}</main>
<footer><h2 id="rests-on">What these numbers rest on</h2>{_facts(frozen)}</footer>
</div>
{embedded(as_json(frozen.run, list(frozen.overrides), frozen.receipt))}
<script type="application/json" id="figures">{_json(body.figures)}</script>
{"".join(f"<script>{script}</script>" for script in scripts)}
</body>
</html>
"""


class _Body:
    """The texts and cells as HTML, with the headings and figures that they have."""

    def __init__(self, frozen: Frozen) -> None:
        self.figures: list[object] = []
        self.headings: list[Heading] = []
        names = [cell.name.casefold() for cell in frozen.shown]
        self._anchors = {
            name: f"cell-{number}" for number, name in reversed(list(enumerate(names, 1)))
        }
        self._level, self._cells, parts = 1, 0, list[str]()
        deeper = 2 - _highest(frozen)
        for number, part in enumerate(frozen.parts()):
            if isinstance(part, Shown):
                parts.append(self._cell(part))
                continue
            title = frozen.title if number == 0 else ""
            prefix = f"text-{number + 1}"
            text = text_as_html(part.body, frozen.run, self._anchors, prefix, title, deeper)
            self.headings += text.headings
            self._level = text.headings[-1].level if text.headings else self._level
            parts.append(f'<section class="text">{text.html}</section>')
        self.html = "\n".join(parts)

    def _cell(self, cell: Shown) -> str:
        """A cell under a heading one level below the text before it."""
        self._cells += 1
        anchor, level = f"cell-{self._cells}", min(self._level + 1, DEEPEST)
        self.headings.append(Heading(level, cell.title, anchor))
        is_long = cell.row_count > SHORT
        return (
            f'<section class="cell{" long" if is_long else ""}" id="{anchor}" '
            f'aria-labelledby="{anchor}-title">'
            f'<h{level} id="{anchor}-title">{html.escape(cell.title)}</h{level}>'
            f"{self._inner(cell)}</section>"
        )

    def _inner(self, cell: Shown) -> str:
        if cell.error:
            return f'<p class="error">{html.escape(cell.error)}</p>{_filter(cell)}'
        return "".join(
            (
                *(f'<p class="fired">{html.escape(alert)}</p>' for alert in cell.alerts),
                *(_sentence("reading", text) for text in (cell.reading, cell.difference)),
                *(self._plot(cell, plot) for plot in cell.plots),
                _tiles(cell.tiles),
                _sentence("note", cell.note),
                _table(cell),
                *(_other(rows) for rows in cell.others),
                _counted(cell),
                _filter(cell),
            )
        )

    def _plot(self, cell: Shown, plot: Plot) -> str:
        self.figures.append(plot.figure)
        alt = html.escape(f"{cell.title}. {plot.alt}", quote=True)
        layout = plot.figure.get("layout")
        height = layout.get("height", 330) if isinstance(layout, dict) else 330
        return (
            f"{_sentence('side', plot.side)}"
            f'<div class="plot" role="img" aria-label="{alt}" style="min-height:{int(height)}px" '
            f'data-figure="{len(self.figures) - 1}"></div>'
        )


def _highest(frozen: Frozen) -> int:
    """The level of the highest heading of all texts, which comes below the page's title."""
    titles = [frozen.title, *("" for _ in frozen.parts())]
    texts = [(p, title) for p, title in zip(frozen.parts(), titles, strict=False)]
    return min(
        (highest_heading(p.body, title) for p, title in texts if not isinstance(p, Shown)),
        default=2,
    )


def _lead(frozen: Frozen) -> str:
    facts = dict(frozen.facts())
    return f"{facts['Filter']} · Data until {facts['Data until']} · run on {facts['Run on']}"


def _alerts(frozen: Frozen) -> str:
    found = "".join(f"<li>{html.escape(alert)}</li>" for alert in frozen.alerts())
    return f'<div class="alerts"><strong>Alerts</strong><ul>{found}</ul></div>' if found else ""


def _contents(headings: Sequence[Heading]) -> str:
    items = "".join(
        f'<li class="level-{one.level}"><a href="#{one.anchor}">{html.escape(one.text)}</a></li>'
        for one in headings
    )
    rests_on = '<li class="level-2"><a href="#rests-on">What these numbers rest on</a></li>'
    return f'<nav aria-label="Contents"><strong>Contents</strong><ul>{items}{rests_on}</ul></nav>'


def _facts(frozen: Frozen) -> str:
    rows = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>" for name, text in frozen.facts()
    )
    return f'<dl class="facts">{rows}</dl>'


def _sentence(kind: str, text: str) -> str:
    return f'<p class="{kind}">{html.escape(text)}</p>' if text else ""


def _tiles(tiles: Sequence[Tile]) -> str:
    return f'<dl class="tiles">{"".join(map(_tile, tiles))}</dl>' if tiles else ""


def _tile(tile: Tile) -> str:
    kind = {True: " good", False: " bad", None: ""}[tile.is_good]
    change = f'<dd class="change{kind}">{html.escape(tile.change)}</dd>' if tile.change else ""
    beside = "".join(f"<dd>{html.escape(text)}</dd>" for text in tile.beside)
    value = html.escape(tile.value)
    about = f' title="{html.escape(tile.definition, quote=True)}"' if tile.definition else ""
    return (
        f'<div class="tile"{about}><dt>{html.escape(tile.label)}</dt>'
        f'<dd class="value">{value}</dd>{change}{beside}</div>'
    )


def _other(rows: Rows) -> str:
    """A further table under its own title."""
    shown = min(len(rows.table), MOST_ROWS)
    rest = f". The first {shown:,} of {len(rows.table):,} rows" if shown < len(rows.table) else ""
    return _scrolling(rows.table, rows.kinds, f"{rows.title}{rest}")


def _scrolling(table: pd.DataFrame, kinds: Kinds, caption: str) -> str:
    name = html.escape(caption, quote=True)
    inner = table_as_html(table, kinds, caption, MOST_ROWS)
    kind, columns = "scroll", len(table.columns)
    note = ""
    if columns > MOST_ON_PAPER:
        kind += " too-wide"
        note = f'<p class="on-paper">{html.escape(TOO_WIDE.format(columns=columns))}</p>'
    attributes = f'class="{kind}" role="region" tabindex="0" aria-label="{name}"'
    return f"<div {attributes}>{inner}</div>{note}"


def _table(cell: Shown) -> str:
    """The numbers of a cell: below a chart they are folded."""
    if cell.table is None or not len(cell.table.columns):
        return ""
    shown = min(len(cell.table), MOST_ROWS)
    caption = f"{cell.title}: the numbers"
    if shown < cell.row_count:
        caption += f". The first {shown:,} of {cell.row_count:,} rows"
    inner = _scrolling(cell.table, cell.kinds, caption)
    if not cell.plots and not cell.tiles:
        return inner
    return f"<details><summary>Table</summary>{inner}</details>"


def _counted(cell: Shown) -> str:
    """How a cell is counted: the definition, the query and its parameters."""
    if not cell.sql:
        return ""
    parameters = "\n".join(cell.parameters)
    return (
        "<details><summary>How is this counted?</summary>"
        f"{_sentence('definition', cell.definition)}"
        f"{_terms(cell.tiles)}"
        f"<pre><code>{html.escape(cell.sql)}</code></pre>"
        f"<p>with the values</p><pre><code>{html.escape(parameters)}</code></pre></details>"
    )


def _terms(tiles: Sequence[Tile]) -> str:
    """What each tile counts."""
    terms = "".join(
        f"<dt>{html.escape(tile.label)}</dt><dd>{html.escape(tile.definition)}</dd>"
        for tile in tiles
        if tile.definition
    )
    return f'<dl class="facts">{terms}</dl>' if terms else ""


def _filter(cell: Shown) -> str:
    if not cell.in_words:
        return ""
    query = f" <code>{html.escape(cell.query)}</code>" if cell.query else ""
    return f'<p class="filter">Filter: {html.escape(cell.in_words)}{query}</p>'


def _policy(scripts: Sequence[str]) -> str:
    """From where the file may load what: nothing from anywhere; only its own scripts run."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _json(value: object) -> str:
    """JSON that no text in it can end as a script."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


@cache
def _plotly() -> str:
    return str(get_plotlyjs())


@cache
def _asset(name: str) -> str:
    return (HERE / name).read_text("utf-8")
