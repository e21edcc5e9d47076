"""The table of an SQL cell on its page: what is written in percent, and what is not."""

from decimal import Decimal

import pandas as pd
import pytest

from pages.cells.sql_table import written


@pytest.mark.parametrize(
    ("name", "values", "shown", "form"),
    [
        ("days", [3.5, 6.25], [3.5, 6.25], "localized"),
        ("net", [1200, 30], [1200, 30], "localized"),
        ("net", [1200.0, 30.0], [1200.0, 30.0], "localized"),
        ("cancellation_rate", [0.5, 0.25], [50.0, 25.0], "%.1f%%"),
        ("share", [1, 0], [100, 0], "%.1f%%"),
        ("share", [Decimal("0.5"), Decimal("0.25")], [50, 25], "%.1f%%"),
    ],
)
def test_rates_alone_are_percentages_by_their_names(
    name: str, values: list[float], shown: list[float], form: str
) -> None:
    rows, formats = written(pd.DataFrame({name: values}))
    assert list(rows[name]) == shown
    assert dict(formats[name]["type_config"] or {})["format"] == form


def test_texts_and_truth_values_have_no_format() -> None:
    _, formats = written(pd.DataFrame({"group": ["SMS"], "is_live": [True], "none": [None]}))
    assert formats == {}
