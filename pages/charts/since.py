"""What changed since a day or an import: codes by batch, and the tiles of the headings."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.chart import Chart
from pages.charts.clicks import narrow
from pages.charts.pinned import pin_of_numbers
from pages.charts.rates import BESIDE, numbers_beside
from pages.charts.style import CANCELLED, HATCH, NET, REST, TOP, counting_axis, named_marks
from pages.frame.since_window import Window
from pages.frame.tile_row import Tile, tile_row
from pages.text.definitions import DEFINITIONS, SINCE
from pages.text.numbers import plural, whole
from queries.text import listed, read_day

NO_BATCH = "(no batch)"
NONE = "None"  # what an address says of a parameter without a value
LONGEST_ID = 10  # digits
NOTHING = "Nothing has changed for these filters."


class Heading(NamedTuple):
    """A kind of change: its name, its name in a sentence, and its colour."""

    label: str
    phrase: str
    colour: str


HEADINGS = {
    "new codes": Heading("New codes", "new", "#009E73"),
    "newly redeemed": Heading("Newly redeemed", "newly redeemed", NET),
    "newly cancelled": Heading("Newly cancelled", "newly cancelled", CANCELLED),
    "changed dates": Heading("Changed dates", "with changed dates", "#E69F00"),
    "gone": Heading("Gone", "gone", REST),
    "changed otherwise": Heading("Changed otherwise", "changed otherwise", "#56B4E9"),
}


def by_heading(frame: pd.DataFrame) -> dict[str, int]:
    """The codes under each heading, also 0."""
    codes = frame.groupby("change")["codes"].sum()
    return {heading: int(codes.get(heading, 0)) for heading in HEADINGS}


def since_tiles(frame: pd.DataFrame, window: Window) -> None:
    """Draw a tile for each heading."""
    title = f"What changed {window.in_words}"
    counts = by_heading(frame)
    tile_row(
        (
            Tile(words.label, whole(counts[heading]), window.in_words, SINCE[heading])
            for heading, words in HEADINGS.items()
        ),
        pin_of_numbers("since", title, window.values),
        width=128,
    )


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """The batches with the most changed codes by heading; the others are gathered in one bar."""
    if frame.empty:
        return None
    rows = _in_chart(frame)[::-1]
    bars = [
        go.Bar(
            x=rows[heading],
            orientation="h",
            name=words.label,
            marker={"color": words.colour, "pattern": _pattern(heading)},
            customdata=[None if gathered else [name] for name, gathered in _names(rows)],
            hovertemplate="%{hovertext}<br>" + words.label + ": %{x:,}<extra></extra>",
            textangle=0,
        )
        for heading, words in HEADINGS.items()
        if rows[heading].any()
    ]
    numbers = numbers_beside(rows["total"], [f"{BESIDE}{total:,}" for total in rows["total"]])
    most = rows["total"].max()
    x = counting_axis(most) | {"range": [0, float(most) * 1.15]}
    marks = [*bars, numbers.update(showlegend=False)]
    return named_marks(rows["batch"], marks, x=x, barmode="stack", showlegend=True)


@memoized
def reading(frame: pd.DataFrame) -> str:
    """How many codes are under each heading, and in which batch most are."""
    if frame.empty:
        return NOTHING
    counts = by_heading(frame)
    shown = {HEADINGS[heading].phrase: count for heading, count in counts.items() if count}
    codes = plural(sum(counts.values()), "code")
    if len(shown) > 1:
        sentence = f"{codes}: {listed([f'{whole(n)} {phrase}' for phrase, n in shown.items()])}."
    else:
        sentence = f"{codes}, all {next(iter(shown))}."
    batches = _of_batches(frame)
    named = batches[batches["batch"] != NO_BATCH]
    most = named[named["total"] == named["total"].max()]
    if len(named) < 2 or len(most) > 1:
        return sentence
    return (
        f"{sentence} Batch {most.iloc[0]['batch']} has the most ({whole(most.iloc[0]['total'])})."
    )


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per heading, group and batch."""
    return pd.DataFrame(
        {
            "Change": frame["change"].map({name: words.label for name, words in HEADINGS.items()}),
            "Group": frame["group_name"],
            "Batch": frame["batch"],
            "Codes": frame["codes"],
        }
    )


def since_chart(window: Window) -> Chart:
    """The chart of what changed since a day or an import."""
    return Chart(
        of="imports",
        title=f"What changed {window.in_words}",
        query="since",
        definition=f"{DEFINITIONS['Changed since']} The chart shows the {TOP} batches with the "
        "most changed codes, the table all of them, by group too.",
        figure=figure,
        reading=reading,
        table=table,
        on_click=narrow("batch"),
        values=window.values,
    )


def typed_table(texts: Mapping[str, str]) -> Chart | None:
    """The chart whose window the parameters of an address name, if they name one."""
    if set(texts) != {"since", "from_import"}:
        return None
    since, number = texts["since"], texts["from_import"]
    is_number = number.isascii() and number.isdigit() and len(number) < LONGEST_ID
    if since == NONE and is_number:
        return since_chart(Window(None, int(number)))
    if number == NONE and (of_day := read_day(since)):
        return since_chart(Window(of_day))
    return None


@memoized
def _of_batches(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per batch with the codes under each heading, and all together; the most first."""
    wide = frame.pivot_table("codes", "batch", "change", "sum", fill_value=0).reindex(
        columns=list(HEADINGS), fill_value=0
    )
    total = wide.sum(axis=1)
    ranked = wide.assign(total=total).sort_values("total", ascending=False, kind="stable")
    return ranked.reset_index()


@memoized
def _in_chart(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the bars from the top down: batches, the others together, and no batch."""
    batches = _of_batches(frame)
    named, nameless = (batches[(batches["batch"] == NO_BATCH) == is_no] for is_no in (False, True))
    first, rest = named[:TOP], named[TOP:]
    gathered = rest.sum(numeric_only=True).to_frame().T if len(rest) else rest
    others = gathered.assign(batch=f"({plural(len(rest), 'other batch', 'other batches')})")
    parts = [first.assign(gathered=False), others.assign(gathered=True)]
    return pd.concat([*parts, nameless.assign(gathered=False)], ignore_index=True)


def _names(rows: pd.DataFrame) -> list[tuple[str, bool]]:
    return list(zip(rows["batch"], rows["gathered"], strict=True))


def _pattern(heading: str) -> dict[str, object] | None:
    return HATCH if heading == "newly cancelled" else None


# Two, so that addresses name the window; typed_table() has the others.
TABLE_FILES = [since_chart(Window(None)), since_chart(Window(None, 1))]
TYPED_TABLES = {"since": typed_table}
