"""Redemptions over time with their controls, as they stand in panels."""

from pages.charts.card import draw
from pages.charts.over_time import over_time
from pages.charts.over_time_split import over_time_split
from pages.charts.period_controls import over_time_controls, split_control


def redemptions_over_time(title: str, definition: str, *, rate_first: bool = False) -> None:
    """Draw the numbers or the rate per period, in one or split by what is picked."""
    grain, shows_rate = over_time_controls(rate_first)
    if by := split_control():
        draw(over_time_split(title, definition, grain, by, shows_rate=shows_rate))
    else:
        draw(over_time(title, definition, grain, shows_rate=shows_rate))
