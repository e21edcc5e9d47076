"""The funnel of sites: its limits are those of chance, and its sentence names who lies outside."""

import math

import pandas as pd
import pytest

from pages.charts import funnel
from queries.chance import binomial_limits


def tails(part: int, whole: int, rate: float) -> tuple[float, float]:
    """The chance of so few or fewer, and of so many or more."""
    terms = [math.comb(whole, k) * rate**k * (1 - rate) ** (whole - k) for k in range(whole + 1)]
    return math.fsum(terms[: part + 1]), math.fsum(terms[part:])


@pytest.mark.parametrize("tail", [0.001, 0.025])
@pytest.mark.parametrize("rate", [0.001, 0.03, 0.5, 0.97])
@pytest.mark.parametrize("whole", [1, 2, 20, 333])
def test_a_rate_is_outside_the_limits_where_chance_seldom_takes_one_so_far(
    whole: int, rate: float, tail: float
) -> None:
    low, high = binomial_limits(whole, rate, tail)
    for part in range(whole + 1):
        few, many = tails(part, whole, rate)
        assert (part / whole > high) == (many < tail), part
        assert (part / whole < low) == (few < tail), part


def test_the_limits_of_very_many_are_close_to_the_normal_ones() -> None:
    low, high = binomial_limits(1_000_000, 0.04, 0.001)
    spread = 3.0902 * math.sqrt(0.04 * 0.96 / 1_000_000)
    assert (low, high) == pytest.approx((0.04 - spread, 0.04 + spread), abs=1e-5)


def sites(*rows: tuple[str | None, int, int, float | None]) -> pd.DataFrame:
    """Site, cancelled, redemptions and tail of each, as cancellation_funnel.sql."""
    found = pd.DataFrame(rows, columns=["site", "cancelled", "redemptions", "tail"])
    named = found[found["tail"].notna()]
    rate = named["cancelled"].sum() / named["redemptions"].sum() if len(named) else None
    rates = pd.Series(rate, found.index, dtype=float).where(found["tail"].notna())
    return found.assign(
        cancellation_rate=found["cancelled"] / found["redemptions"],
        rate_of_all=rates,
        from_codes_file=found["site"].isna(),
    )


def test_who_lies_outside_is_named_with_its_side_and_what_chance_would_do() -> None:
    frame = sites(
        ("Site1", 100, 500, 1e-9), ("Site2", 20, 500, 0.3), ("Site3", 1, 500, 1e-8),
        ("(no site)", 2, 100, None), (None, 0, 9, None),
    )  # fmt: skip
    assert funnel.reading(frame) == (
        "2 sites outside the 99.8 % limits around 8.1%, beyond what chance does: above Site1 with "
        "20.0% of 500; below Site3 with 0.2% of 500. Chance alone would put about 0.0 of 3 sites "
        "there. 6.2% of these redemptions have no site. 9 redemptions known only from code files "
        "have no site and are not shown here."
    )
    figure = funnel.figure(frame)
    assert figure is not None
    outside = next(trace for trace in figure.data if trace.name == "Outside 99.8 %")
    assert [piece[0] for piece in outside.customdata] == ["Site1", "Site3"]


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (sites(), "No redemptions match these filters."),
        (sites(("Site1", 0, 5, 1.0), ("Site2", 0, 5, 1.0)), "None of these redemptions"),
        (sites(("Site1", 1, 5, 1.0)), "It takes two sites"),
        (sites(("Site1", 1, 5, 0.6), ("Site2", 0, 5, 0.6)), "No site lies outside"),
    ],
)
def test_where_there_is_nothing_to_name_the_sentence_says_why(
    frame: pd.DataFrame, words: str
) -> None:
    assert funnel.reading(frame).startswith(words)


def test_the_table_has_the_limits_of_each_site_and_none_of_what_has_no_site() -> None:
    table = funnel.table(sites(("Site1", 50, 100, 1e-9), ("Site2", 0, 100, 0.01),
                               ("(no site)", 1, 2, None)))  # fmt: skip
    assert list(table["Outside"].fillna("")) == ["99.8 %", "95 %", ""]
    assert table["99.8 % to"].notna().tolist() == [True, True, False]
