"""What each number means, as its tile and its charts say it."""

import math

DEFINITIONS = {
    "Codes issued": "The chosen codes. A code that several files brought counts once.",
    "Redeemed codes": (
        "Codes with at least one redemption that was not cancelled, among the chosen "
        "redemptions. A code used several times counts once; one that was redeemed and then "
        "cancelled does not count; one that was cancelled and then redeemed does."
    ),
    "Redemption rate": "Redeemed codes ÷ codes issued.",
    "Net redemptions": "Redemptions that were not cancelled. A code may have several.",
    "Cancelled": (
        "Redemptions that were cancelled later. They are shown at the time of the redemption: "
        "Voucher Manager exports no time of cancellation."
    ),
    "Cancellation rate": "Cancelled ÷ all redemptions. Empty where there are none.",
    "Outstanding": (
        "Codes that could be redeemed at the as-of moment: started, not expired, not redeemed, "
        "not cancelled, not deleted."
    ),
    "Redemptions": "All of them, the cancelled ones too.",
    "Matured rate": (
        "The redemption rate of the codes whose expiry has passed: the fair one for comparing, "
        "because nothing more can come."
    ),
    "Scans per redeemed code": "Net redemptions of known codes ÷ redeemed codes.",
    "Units given": (
        "The quantities of all net redemptions of codes of the type Item. Where the code or its "
        "quantity is unknown they are unknown too, and counted apart."
    ),
    "Days to redeem": (
        "From the start of a code to its first net redemption, half of the codes sooner and half "
        "later. Codes without a redemption are not in it."
    ),
    "Status": (
        "The first that applies at the as-of moment: Deleted (a transaction says so), Redeemed "
        "(a redemption that was not cancelled), Cancelled only (none but cancelled ones), "
        "Expired (the expiry has come: a code works until the day before), Scheduled (not "
        "started), Active. Redemptions after that moment do not count."
    ),
}


def cancellation_rate(cancelled: float, redemptions: float) -> float:
    """The cancellation rate of what a page adds up itself, as in macros/rates.sql; or NaN."""
    return cancelled / redemptions if redemptions else math.nan
