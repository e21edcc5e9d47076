"""What a pivot table is of: its rows, columns and measure, as queries and addresses have them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pages.charts.rate_within_days import MOST_DAYS
from pages.pivoting.dimensions import DIMENSIONS, NONE
from pages.pivoting.measures import MEASURES, Measure, dimensions_of

YES_NO = {True: "yes", False: "no"}
USUAL_DAYS = 28


@dataclass(frozen=True)
class Choice:
    """`columns` may be NONE; `days` matter to the rate within so many alone."""

    rows: str
    columns: str
    measure: str
    days: int = USUAL_DAYS
    per_day: bool = False

    @property
    def of(self) -> Measure:
        """The measure with its label and kind."""
        return MEASURES[self.measure]

    @property
    def label(self) -> str:
        """What the numbers are called: Rate within 28 days, Net redemptions per day."""
        label = self.of.label.replace("N days", f"{self.days} days")
        return f"{label} per day" if self.per_day else label

    @property
    def values(self) -> dict[str, object]:
        """The parameters of the queries."""
        return asdict(self) | {"per_day": YES_NO[self.per_day]}


def choice_of(texts: Mapping[str, str]) -> Choice | None:
    """The choice that the parameters of an address name, if it is one that is offered."""
    if set(texts) != {"rows", "columns", "measure", "days", "per_day"}:
        return None
    days = {str(number): number for number in range(1, MOST_DAYS + 1)}.get(texts["days"])
    per_day = {text: value for value, text in YES_NO.items()}.get(texts["per_day"])
    if texts["measure"] not in MEASURES or days is None or per_day is None:
        return None
    offered = dimensions_of(texts["measure"])
    rows, columns = texts["rows"], texts["columns"]
    if rows not in offered or columns not in (NONE, *offered) or columns == rows:
        return None
    if per_day and not MEASURES[texts["measure"]].has_mean:
        return None
    return Choice(rows, columns, texts["measure"], days, per_day)


def title_of(choice: Choice) -> str:
    """What the table is: Net redemptions by group and month."""
    by = [DIMENSIONS[name].lower() for name in (choice.rows, choice.columns) if name != NONE]
    return f"{choice.label} by {' and '.join(by)}".replace("week from", "week")
