"""Colours the cells of a pivot on the screen: the larger the number, the deeper."""

import pandas as pd
from pandas.io.formats.style import Styler

from pages.answers.memo import memoized

# At most half: so the text of either colour scheme can be read on it (WCAG 2.2, 4.5:1).
DEEPEST = 0.5
BLUE, VERMILION = (0, 114, 178), (213, 94, 0)  # net redemptions and cancelled ones, as in charts


@memoized
def heated(table: pd.DataFrame, colour: tuple[int, int, int], *, has_totals: bool) -> Styler:
    """The table with a background behind each cell, but not behind totals and names."""
    last_column = -1 if has_totals else None
    cells = table.iloc[:-1, 1:last_column].astype(float)
    most = cells.max().max()
    depths = (cells / most * DEEPEST).clip(lower=0) if most > 0 else cells * 0
    styles = depths.map(lambda depth: _background(colour, depth))
    whole = styles.reindex(index=table.index, columns=table.columns, fill_value="")
    return table.style.apply(lambda _: whole, axis=None)


def _background(colour: tuple[int, int, int], depth: float) -> str:
    if not depth > 0:  # also of what is missing
        return ""
    red, green, blue = colour
    return f"background-color: rgba({red}, {green}, {blue}, {depth:.3f})"
