"""What the checks of a store find, as the page To check has it."""

from typing import Any

from queries.filters import Filters
from tests.support.queries import NOW, Record, filters_of, query_rows
from tests.support.vouchers import Vouchers

THRESHOLDS: dict[str, Any] = {"minutes": 5, "limits": 99.8, "imported_since": None}
PAGE: dict[str, Any] = {"sort": "code", "descending": False, "offset": 0, "of": None}
CHECKS = (
    *("no_live_transaction", "codes_file_silent", "times_disagree", "unknown_code"),
    *("used_twice", "used_at_two_sites", "used_within_minutes"),
    *("outside_dates", "outside_dates_in_campaign", "cancelled_then_elsewhere"),
    *("last_day", "not_after_start"),
    *("parent_not_loaded", "parent_not_redeemed", "parent_cancelled", "parent_cycle"),
    "site_far_from_rest",
)


def counts(vouchers: Vouchers, query: str = "", **thresholds: object) -> dict[str, int]:
    """How often each check fires, without those that never do."""
    rows = vouchers.query("to_check", query, **(THRESHOLDS | thresholds))
    return {row["check"]: row["rows"] for row in rows if row["rows"]}


def found(vouchers: Vouchers, check: str, query: str = "", **thresholds: object) -> list[Record]:
    """The first page of what one check finds."""
    values = THRESHOLDS | PAGE | thresholds
    with vouchers.store.cursor() as cursor:
        filters: Filters = filters_of(query)
        return query_rows(cursor, "to_check_rows", filters, NOW, check=check, **values)


def codes_found(vouchers: Vouchers, check: str, query: str = "", **thresholds: object) -> list[str]:
    """The codes of what one check finds, in their order."""
    return [row["code"] for row in found(vouchers, check, query, **thresholds)]
