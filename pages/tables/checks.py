"""The checks in words: what each finds, what would be innocent, and the columns of its rows."""

from typing import NamedTuple

_CODE = ("code", "group_name")
_DATES = ("start_date", "expiry_date")
_SCOPE = ("folder", "batch")
_OF_TWO_USES = (
    *_CODE, "uses", "time", "site_ref", "second_time", "second_site", "transaction_id", *_SCOPE,
)  # fmt: skip
_OF_CHILD = (*_CODE, "parent_code", *_DATES, *_SCOPE)

# What the checks take: how near to each other two redemptions are, and the limits of sites.
MINUTES, MOST_MINUTES = 5, 1440
LIMITS = ("99.8", "95")


class Check(NamedTuple):
    """A check; `one` is what a row of it is, `sort` the column by which its rows stand."""

    name: str
    title: str
    meaning: str
    innocent: str
    columns: tuple[str, ...]
    one: str = "code"
    sort: str = "time"
    descending: bool = True


CHECKS = (
    Check(
        "no_live_transaction",
        "No live transaction",
        "The codes file has a redemption time, and every transaction of the code is cancelled.",
        "The redemption was cancelled after the codes file was exported.",
        (*_CODE, "redemption_time", "first_cancelled", *_SCOPE),
        sort="redemption_time",
    ),
    Check(
        "codes_file_silent",
        "Codes file silent",
        "The code has a live transaction, and a codes file that was exported later has no "
        "redemption time.",
        "A code of a campaign, for which the codes file may keep no time; or the wrong day was "
        "given for when the file was exported.",
        (*_CODE, "time", "site_ref", "exported_at", "transaction_id", *_SCOPE),
    ),
    Check(
        "times_disagree",
        "Times disagree",
        "The redemption time of the codes file is the minute of none of the code's live "
        "transactions.",
        "A first attempt was cancelled and tried again some minutes later, or a clock was set.",
        (*_CODE, "redemption_time", "first_redeemed", "first_cancelled", *_SCOPE),
        sort="redemption_time",
    ),
    Check(
        "unknown_code",
        "Unknown code",
        "No codes file has brought the code in this group. Where a known code looks like it, "
        "that is named, with what tells them apart.",
        "The code was made after the last export of its group, or its file is still to be "
        "imported.",
        (*_CODE, "differs", "near_code", "near_group", "time", "site_ref", "campaign_id",
         "transaction_id"),
        "redemption",
    ),
    Check(
        "used_twice",
        "Used more than once",
        "The code has several live redemptions with a blank campaign.",
        "A newspaper code that was meant to be used by many, outside a campaign.",
        _OF_TWO_USES,
        sort="second_time",
    ),
    Check(
        "used_at_two_sites",
        "Used at two sites",
        "Two live redemptions with a blank campaign were at different sites.",
        "A newspaper code, or a guest who was allowed to use it again elsewhere.",
        _OF_TWO_USES,
        sort="second_time",
    ),
    Check(
        "used_within_minutes",
        "Used twice within minutes",
        "Two live redemptions with a blank campaign are no further apart than the minutes chosen "
        "on the page To check, 5 where nobody has chosen others.",
        "A till that sent the same scan twice, or guests at one table with a shared code.",
        _OF_TWO_USES,
        sort="second_time",
    ),
    Check(
        "outside_dates",
        "Outside its dates",
        "A live redemption with a blank campaign, before the code's start, or at or after its "
        "expiry.",
        "The dates were changed since, or a till's clock was wrong.",
        (*_CODE, "time", *_DATES, "site_ref", "transaction_id", *_SCOPE),
        "redemption",
    ),
    Check(
        "outside_dates_in_campaign",
        "Outside dates, in a campaign",
        "The same, of redemptions in a campaign.",
        "Usually innocent: a campaign has dates of its own, which override those of the code.",
        (*_CODE, "time", *_DATES, "campaign_id", "site_ref", "transaction_id", *_SCOPE),
        "redemption",
    ),
    Check(
        "cancelled_then_elsewhere",
        "Cancelled, then elsewhere",
        "A redemption was cancelled at one site, and the code was redeemed later at another.",
        "A guest whose code failed at one site and worked at the next; or a code that many "
        "guests share.",
        (*_CODE, "cancelled_time", "cancelled_site", "second_time", "second_site",
         "transaction_id", *_SCOPE),
        sort="second_time",
    ),
    Check(
        "last_day",
        "Expiry on the last day",
        "The expiry is 00:00 or 00:01 of a month's end or a Sunday. The code does not work any "
        "more on that day.",
        "The day before was advertised as the last one.",
        (*_CODE, *_DATES, *_SCOPE),
        sort="expiry_date",
    ),
    Check(
        "not_after_start",
        "Expiry not after start",
        "The code expires before it starts, or at that moment: it can never be redeemed.",
        "A batch that was withdrawn by its dates.",
        (*_CODE, *_DATES, *_SCOPE),
        sort="expiry_date",
    ),
    Check(
        "parent_not_loaded",
        "Parent not loaded",
        "The code that triggered this one is in no codes file that you may see.",
        "The parent's group is still to be imported.",
        _OF_CHILD,
        sort="start_date",
    ),
    Check(
        "parent_not_redeemed",
        "Parent not redeemed",
        "The code that triggered this one was never redeemed.",
        "The parent's transactions are still to be imported.",
        _OF_CHILD,
        sort="start_date",
    ),
    Check(
        "parent_cancelled",
        "Parent cancelled",
        "The redemption that triggered this code was cancelled, and there was no other.",
        "The till issued the new code first and cancelled afterwards.",
        _OF_CHILD,
        sort="start_date",
    ),
    Check(
        "parent_cycle",
        "Circle of parents",
        "The code is the parent of one of its own parents, or of itself.",
        "Hardly anything: a code cannot have triggered itself.",
        _OF_CHILD,
        sort="start_date",
    ),
    Check(
        "site_far_from_rest",
        "Site far from the rest",
        "The site's cancellation rate is outside the limits of the funnel below.",
        "A site with other guests, other offers or a till in training; and of many sites, chance "
        "puts some there.",
        ("site_ref", "cancellation_rate", "rate_of_all", "cancellations", "redemptions"),
        "site",
        sort="cancellation_rate",
    ),
)  # fmt: skip
BY_NAME = {check.name: check for check in CHECKS}
# The kinds of an import's notes → the check that has the rows of all imports.
OF_NOTES = {
    "last_day": "last_day",
    "not_after_start": "not_after_start",
    "outside_dates": "outside_dates",
    "unknown_code": "unknown_code",
    "near_code": "unknown_code",
    "near_redemption": "unknown_code",
    "used_twice": "used_twice",
}
