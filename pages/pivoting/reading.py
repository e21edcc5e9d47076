"""The sentence that reads a pivot: the total, the highest cell and whether by chance."""

import pandas as pd

from pages.answers.memo import memoized
from pages.charts.leaders import BEYOND, WITHIN
from pages.charts.style import ENOUGH
from pages.pivoting.choice import Choice
from pages.pivoting.dimensions import NONE, is_apart, shown
from pages.text.numbers import percent, percent_within, plural, whole
from queries.chance import above_others, ratio, wilson

LEFT_OUT = {
    "within": ("code", "too young for it"),
    "units": ("net redemption", "of unknown quantity"),
    "median": ("code", "redeemed before their start"),
}
WORTH_SAYING = 0.05  # of all, without a name


@memoized
def reading(frame: pd.DataFrame, choice: Choice) -> str:
    """What the whole comes to, which cell is highest, and what is left out."""
    total = frame[frame["level"] == 3].iloc[0]
    if pd.isna(total["value"]):
        rest = _left_out(total, choice) + _early_end(total)
        return f"There is nothing to count here: {_nothing(choice)}.{rest}"
    parts = (
        _of_all(total, choice),
        _early_end(total),
        _leading(frame, choice),
        _left_out(total, choice),
    )
    return "".join(parts) + _nameless(frame, choice)


def _nothing(choice: Choice) -> str:
    if choice.measure == "within":
        return f"no code started {plural(choice.days, 'day')} before the data end"
    return {
        "cancellation_rate": "no redemption matches these filters",
        "rate": "no code matches these filters",
        "median": "no code with a start was redeemed",
    }.get(choice.measure, "the period has no day that counts")


def _of_all(total: pd.Series, choice: Choice) -> str:
    if choice.of.kind == "rate":
        part, of_all = int(total["part"]), int(total["whole"])
        return (
            f"In all {percent(total['value'])}: {whole(part)} of {plural(of_all, choice.of.one)}."
        )
    if choice.of.kind == "days":
        return f"In all {_days(total['value'])}, of {plural(total['whole'], 'redeemed code')}."
    amount = plural(total["part"], choice.of.one, choice.of.several)
    if choice.per_day:
        days = plural(total["whole"], "day")
        return f"In all {total['value']:,.2f} per day: {amount} on {days}."
    return f"In all {amount}."


def _early_end(total: pd.Series) -> str:
    """Which day a mean per day is not over, as the data end too early on it."""
    end = total["early_end"]
    if pd.isna(end):
        return ""
    return f" {end.day} {end:%b} is not counted as a day: the data end at {end:%H:%M}."


def _leading(frame: pd.DataFrame, choice: Choice) -> str:
    """Which cell is highest, of those with enough to tell; nothing where that would say nothing."""
    cells = frame[(frame["level"] == 0) & frame["value"].notna()]
    named = cells[~_apart(cells, choice)]
    if len(named) < 2:
        return ""
    in_sight = " of those on the screen" if _is_cut(frame) else ""
    counts = named["part"] if choice.of.kind == "count" else named["whole"]
    telling = named[counts >= ENOUGH].sort_values("value", ascending=False)
    if telling.empty:
        return f" Fewer than {ENOUGH} in each cell, too few to say which is highest."
    if choice.of.kind == "days" or not choice.of.is_by_chance:
        ends = [_value(value, choice) for value in (telling["value"].min(), telling["value"].max())]
        with_enough = f" with at least {ENOUGH}" if len(telling) < len(named) else ""
        return f" In the cells{with_enough} from {ends[0]} to {ends[1]}."
    first = telling.iloc[0]
    several = int((telling["value"] == first["value"]).sum())
    if several > 1:
        return f" Highest{in_sight}: {several:,} cells with {_value(first['value'], choice)} each."
    if len(telling) == 1:
        return f" Only {_place(first, choice)} has the {ENOUGH} that it takes to tell."
    is_rate = choice.of.kind == "rate"
    chance = _chance_of_rate(named) if is_rate else _chance_of_count(telling, choice)
    return f" Highest{in_sight}: {_place(first, choice)} with {_amount(first, choice)}, {chance}."


def _is_cut(frame: pd.DataFrame) -> bool:
    """Whether the frame has not all rows and columns."""
    shown = [(frame["level"] == level).sum() for level in (1, 2)]
    return shown != [frame["all_rows"].max(), frame["all_columns"].max()]


def _chance_of_rate(named: pd.DataFrame) -> str:
    """Whether chance makes the highest rate, among all the cells that have enough."""
    parts, wholes = named["part"].astype(int).tolist(), named["whole"].astype(int).tolist()
    rates = [part / of if of >= ENOUGH else -1.0 for part, of in zip(parts, wholes, strict=True)]
    is_beyond = above_others(parts, wholes, ENOUGH)[rates.index(max(rates))]
    count = sum(of >= ENOUGH for of in wholes)
    return f"{BEYOND if is_beyond else WITHIN} among {count:,} cells"


def _chance_of_count(telling: pd.DataFrame, choice: Choice) -> str:
    """Whether the highest count is ahead of the next one, of lengths of time that may differ."""
    first, second = telling.iloc[0], telling.iloc[1]
    lengths = 1.0 if pd.isna(first["whole"]) else first["whole"] / second["whole"]
    is_within = ratio(int(first["part"]), int(second["part"])).holds(float(lengths))
    next_one = _value(second["value"], choice)
    return f"{WITHIN if is_within else BEYOND} (the next: {next_one})"


def _nameless(frame: pd.DataFrame, choice: Choice) -> str:
    """How much has no name, where it is much, of counts."""
    if choice.of.kind != "count":
        return ""
    sentences = ""
    total = frame[frame["level"] == 3].iloc[0]["part"]
    for axis, level, by in (("row", 1, choice.rows), ("column", 2, choice.columns)):
        of_axis = frame[frame["level"] == level]
        nameless = of_axis[of_axis[axis] == f"(no {by})"]["part"].sum()
        if total and by != NONE and nameless > WORTH_SAYING * total and len(of_axis) > 1:
            sentences += f" {percent(nameless / total)} have no {_one(by)}."
    return sentences


def _one(by: str) -> str:
    return {"start": "start", "item": "item code", "type": "redemption type"}.get(by, by)


def _left_out(total: pd.Series, choice: Choice) -> str:
    if choice.measure not in LEFT_OUT or not total["left_out"]:
        return ""
    one, why = LEFT_OUT[choice.measure]
    return f" Left out: {plural(total['left_out'], one)} {why}."


def _apart(cells: pd.DataFrame, choice: Choice) -> pd.Series:
    """Which cells are of a row or column that says that there is none."""
    rows = cells["row"].map(lambda name: is_apart(str(name), choice.rows))
    return rows | cells["column"].map(lambda name: is_apart(str(name), choice.columns))


def _place(cell: pd.Series, choice: Choice) -> str:
    pairs = ((cell["row"], choice.rows), (cell["column"], choice.columns))
    return " · ".join(shown(str(name), by) for name, by in pairs if by != NONE)


def _amount(cell: pd.Series, choice: Choice) -> str:
    if choice.of.kind == "rate":
        interval = wilson(int(cell["part"]), int(cell["whole"]))
        rate = percent_within(interval.value, interval.low, interval.high)
        return f"{rate} of {plural(cell['whole'], choice.of.one)}"
    return _value(cell["value"], choice)


def _value(value: float, choice: Choice) -> str:
    if choice.of.kind != "count":
        return _days(value) if choice.of.kind == "days" else percent(value)
    return f"{value:,.2f} per day" if choice.per_day else whole(value)


def _days(value: float) -> str:
    return f"{value:,.1f} days"
