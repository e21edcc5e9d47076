"""What pivot tables count: the measures, what each means, and by what each can be divided."""

from typing import Literal, NamedTuple

from pages.pivoting.dimensions import DIMENSIONS, OF_CODES, OF_TIMES
from pages.text.definitions import DEFINITIONS

IN_CELLS = (
    " By site, campaign or time, a cell counts the codes that were redeemed there or then. A code "
    "that was redeemed at two sites counts at both, and once in their total."
)
PER_DAY = (
    " Mean per day: divided by the number of days of the period that are of the row and column, "
    "of Monday the number of Mondays, also of days without a redemption. Without a chosen period "
    "from the day of the first of these redemptions; in any case to the day on which the data end, "
    "which is one of the days only where the data reach its noon. Its redemptions count always."
)
NO_PLACE = (
    "Not by site, campaign or time: codes are issued to none of them. Choose Redeemed codes or a "
    "measure of redemptions for these."
)


class Measure(NamedTuple):
    """A number of each cell: its label, one of it in a sentence, and what it is a number of."""

    label: str
    one: str
    kind: Literal["count", "rate", "days"]
    of: Literal["codes", "redemptions"]
    scope: Literal["period", "all time"] = "period"
    is_by_chance: bool = True  # whether a larger one can be compared with what chance does
    several: str = ""  # where an s does not do

    @property
    def has_mean(self) -> bool:
        """Whether it is a count of redemptions, which has a mean per day."""
        return self.kind == "count" and self.of == "redemptions"


MEASURES = {
    "net": Measure("Net redemptions", "net redemption", "count", "redemptions"),
    "redemptions": Measure("Redemptions", "redemption", "count", "redemptions"),
    "cancelled": Measure("Cancelled", "cancelled redemption", "count", "redemptions"),
    "cancellation_rate": Measure("Cancellation rate", "redemption", "rate", "redemptions"),
    "units": Measure("Units given", "unit", "count", "redemptions", is_by_chance=False),
    "codes": Measure("Codes issued", "code", "count", "codes", "all time", is_by_chance=False),
    "live": Measure(
        "Codes live", "code live", "count", "codes", is_by_chance=False, several="codes live"
    ),
    "redeemed": Measure("Redeemed codes", "redeemed code", "count", "codes"),
    "rate": Measure("Redemption rate", "code", "rate", "codes"),
    "within": Measure("Rate within N days", "code", "rate", "codes", "all time"),
    "median": Measure("Typical days to redeem", "code", "days", "codes", is_by_chance=False),
}
OF_BOTH = ("redeemed",)  # a measure of codes that a redemption gives a site and a time


def dimensions_of(measure: str) -> dict[str, str]:
    """By what a measure can be divided, with the labels."""
    by_redemptions = MEASURES[measure].of == "redemptions" or measure in OF_BOTH
    return DIMENSIONS if by_redemptions else OF_CODES


def usual_columns(measure: str, by_row: str) -> str:
    """What the columns are until somebody chooses others."""
    usual = "month" if MEASURES[measure].of == "redemptions" else "start"
    if usual not in dimensions_of(measure) or usual == by_row or by_row in OF_TIMES:
        return "none"
    return usual


def definition_of(measure: str) -> str:
    """What a measure means in a cell and in a total."""
    text = DEFINITIONS[MEASURES[measure].label]
    text += IN_CELLS if measure in OF_BOTH else PER_DAY if MEASURES[measure].has_mean else ""
    return f"{text} Totals are counted anew: rates, medians and redeemed codes do not add up."
