"""The interval that a rate has in queries."""

import pytest

from tests.support.vouchers import Vouchers

INTERVAL = "select wilson_low($part, $whole), wilson_high($part, $whole)"


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (0, 10, 0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1),
        (81, 263, 0.2553, 0.3662),  # of Newcombe's paper of 1998
        (3_000_000_000, 6_000_000_000, 0.499987, 0.500013),
    ],
)
def test_a_rate_has_wilsons_interval(
    part: int, whole: int, low: float, high: float, vouchers: Vouchers
) -> None:
    with vouchers.store.cursor() as cursor:
        ((first, last),) = cursor.execute(INTERVAL, {"part": part, "whole": whole}).fetchall()
    assert (first, last) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert 0 <= first <= last <= 1


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (None, 0), (0, None)])
def test_a_rate_of_nothing_has_no_interval(
    part: int | None, whole: int | None, vouchers: Vouchers
) -> None:
    with vouchers.store.cursor() as cursor:
        rows = cursor.execute(INTERVAL, {"part": part, "whole": whole}).fetchall()
    assert rows == [(None, None)]
