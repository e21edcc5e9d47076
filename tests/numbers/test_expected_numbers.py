"""The fixtures have the numbers that were worked out without this program."""

from typing import Any

import pytest

from queries.filters import Filters
from tests.support.expected import EXPECTED, parameters_of
from tests.support.queries import NOW, query_rows
from tests.support.vouchers import Vouchers, agreed_numbers


@pytest.mark.parametrize("case", EXPECTED["answers"], ids=lambda case: str(case["filters"]))
def test_the_fixtures_have_exactly_the_expected_numbers(
    fixture_vouchers: Vouchers, case: dict[str, Any]
) -> None:
    filters, problems = Filters.from_query(parameters_of(case))
    wanted = case["numbers"]
    with fixture_vouchers.store.cursor() as cursor:
        tiles = agreed_numbers(cursor, filters, NOW)
        days = query_rows(cursor, "over_time", filters, NOW, grain="day")
        groups = query_rows(cursor, "uptake_by_group", filters, NOW)
        sites = query_rows(cursor, "by_site", filters, NOW)
        statuses = query_rows(cursor, "status", filters, NOW)
    assert not problems
    assert tiles["codes_issued"] == wanted["issued"] == case["codes_rows"]
    assert tiles["redemptions"] == wanted["redemptions"] == case["transactions_rows"]
    for name in ("cancelled", "net", "redeemed_codes", "outstanding"):
        assert tiles[name] == wanted[name], name
    for name in ("redemption_rate", "cancellation_rate"):
        assert tiles[name] == pytest.approx(wanted[name]), name
    assert {bar["status"]: bar["codes"] for bar in statuses} == wanted["status"]
    assert {
        f"{bar['period']:%Y-%m-%d}": [bar["net"], bar["cancelled"]]
        for bar in days
        if bar["net"] or bar["cancelled"]
    } == wanted["by_day"]
    assert {
        bar["group_name"]: [bar["codes_issued"], bar["redeemed_codes"]] for bar in groups
    } == wanted["by_group"]
    assert {bar["site"]: [bar["net"], bar["cancelled"]] for bar in sites} == wanted["by_site"]
