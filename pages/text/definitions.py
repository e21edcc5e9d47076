"""What each number means, as its tile and its charts say it."""

import math

DEFINITIONS = {
    "Codes issued": "The chosen codes. A code that several files brought counts once.",
    "Codes live": (
        "Codes whose dates have a part of the period: started before its end and not expired at "
        "its beginning, also where they were used up before it. And those that were redeemed in "
        "it outside their dates."
    ),
    "Redeemed codes": (
        "Codes with at least one redemption that was not cancelled, among the chosen "
        "redemptions. A code used several times counts once; one that was redeemed and then "
        "cancelled does not count; one that was cancelled and then redeemed does. One that was "
        "deleted later still counts, though its status is Deleted."
    ),
    "Redemption rate": (
        "Redeemed codes ÷ codes issued; with a period, codes redeemed in it ÷ codes live in it."
    ),
    "Rate within N days": (
        "Of the codes that started at least N days before the data end: those first redeemed less "
        "than N days after their start, and not cancelled since ÷ all of them. So every code had "
        "the same time, which makes batches, groups, folders and months of start comparable. "
        "Codes that started later are left out, as too young; codes that expire sooner count; "
        "codes without a start are in neither number."
    ),
    "Redemption curve": (
        "The rate within N days for every N: how many of the codes were first redeemed less than "
        "so many days after their start. A line is of all chosen codes with a start of its batch, "
        "group, folder or month, and ends at the last age that all of them had reached when the "
        "data end."
    ),
    "Net redemptions": "Redemptions that were not cancelled. A code may have several.",
    "Cancelled": (
        "Redemptions that were cancelled later. They are shown at the time of the redemption: "
        "Voucher Manager exports no time of cancellation."
    ),
    "Cancellation rate": "Cancelled ÷ all redemptions. Empty where there are none.",
    "Outstanding": (
        "Codes that could be redeemed at the moment shown in the tile: started, not expired, not "
        "redeemed, not cancelled, not deleted."
    ),
    "Redemptions": "All of them, the cancelled ones too.",
    "Final redemption rate": (
        "The redemption rate of the codes that have expired: nothing more can come."
    ),
    "Times used per redeemed code": "Net redemptions of known codes ÷ redeemed codes.",
    "Units given": (
        "The quantities of all net redemptions of codes of the type Item. Where the code or its "
        "quantity is unknown they are unknown too, and shown separately."
    ),
    "Typical days to redeem": (
        "From the start of a code to its first net redemption, half of the codes sooner and half "
        "later. Codes without a redemption are not in it."
    ),
    "Still to come": (
        "How many of the outstanding codes will be redeemed before they expire, if they do as "
        "those of past batches did. A past batch is one of the same group all of whose codes have "
        "expired; without a batch, all codes of the group that expire in the same month are one. "
        "For each of them: the codes redeemed in the last d days before their expiry ÷ the codes "
        "outstanding d days before it (20 or more). The mean of these shares over the batches, "
        "each of which counts the same, times the codes that now have d days left. Days are "
        "whole, from midnight to midnight, each the nearest one. Only codes that run about as long "
        "tell: those whose lifetime, the days from start to expiry, is 0.8 to 1.25 times that of "
        "the outstanding ones; codes without a start tell of one another. It takes 5 past batches. "
        "Their codes need not match the filters: only the code group chooses them. What was "
        "redeemed after the last export of a past batch is in no file and lacks here."
    ),
    "Interval of what comes": (
        "The interval aims to hold in 8 of 10 cases: as far as past batches differ (Student's t), "
        "and as far as chance decides on single codes. A batch that does better than others may do "
        "so on all its days, and all groups may at once: so the parts are added up worst to worst, "
        "and the whole interval is wider than that of each day."
    ),
    "Changed since": (
        "The chosen codes that imports brought or changed, by when the files were imported, not "
        "exported: imports of that day and later, or from one import on. Each code is under one "
        "heading, the first that applies: gone, new, newly cancelled, newly redeemed, changed "
        "dates, changed otherwise. Several imports that change a code count it once; an import "
        "taken back does not count. Last Monday is the Monday of the newest import's week. "
        "Redemptions of codes that no codes file has brought are not in it."
    ),
    "Bounceback": (
        "A code that a guest was given for redeeming another one: its row of the codes file names "
        "that other code, its parent, which triggered it. The filters choose the bouncebacks, the "
        "children; their parents may be of any group. A parent is known where it is in a codes "
        "file that was imported, and among the codes that you may see. Where several groups have "
        "a code of that name, it is the one redeemed by the day on which the child starts, else "
        "that of the child's own group."
    ),
    "Return rate": (
        "Children redeemed at least once, and not cancelled, by the moment shown ÷ all children "
        "issued, also those that can still be redeemed: of recent ones it is the rate so far."
    ),
    "Return rate within 28 days": (
        "Of the children that started at least 28 days before the moment shown: those first "
        "redeemed less than 28 days after their start, and not cancelled since ÷ all of them. So "
        "each had the same time. Those that started later are left out, as too young; children "
        "without a start are in neither number."
    ),
    "Days to the second visit": (
        "From the first redemption of the parent that was not cancelled to that of the child: half "
        "of the children sooner and half later. Children without both are not in it; those "
        "redeemed before their parent are left out and counted. Of a parent that was used several "
        "times, such as a newspaper code, the first redemption counts, whichever triggered the "
        "child."
    ),
    "Chain": (
        "A child of a code that is no bounceback itself, or is not known, has depth 1; a child of "
        "that one depth 2, and so on. Depth 20 stands for 20 or more, and for circles of codes "
        "that name each other as parents."
    ),
    "Status": (
        "The first that applies at that moment: Deleted (a transaction says so), Redeemed "
        "(a redemption that was not cancelled), Cancelled only (none but cancelled ones), "
        "Expired (a code no longer works on the day of its expiry), Scheduled (not "
        "started), Active. Redemptions after that moment do not count. A redeemed code that was "
        "deleted later counts as Deleted here, and among the redeemed codes."
    ),
}
# Of each heading of “Since last Monday”, the first that applies: gone comes before all others.
SINCE = {
    "new codes": "Codes that these imports brought, also where they are redeemed or cancelled "
    "already.",
    "newly redeemed": "Codes that had no redemption but cancelled ones, and now have one that is "
    "not cancelled.",
    "newly cancelled": "Codes of which a redemption was cancelled, or came cancelled, and that "
    "have none now that is not. One that was redeemed and then cancelled is here.",
    "changed dates": "Codes with another start or expiry, also where it was changed back since.",
    "gone": "Codes that an export of the same scope does not hold any more and no later file "
    "holds, whatever else has happened to them. They stay in the app and count.",
    "changed otherwise": "Codes that changed in another way: another item, quantity or batch, one "
    "more redemption, a cancelled one of several, back after they were gone.",
}
CODE_STORY = (
    "Every event of this code that the imported files tell of, oldest first, whatever period and "
    "filters are chosen. It starts at its start date and expires at its expiry date, which is the "
    "first moment at which it is not valid; both are events only once they have come. Each "
    "transaction is a redemption. The export has neither the time of a cancellation nor that of a "
    "deletion: a cancellation stands at its redemption, a deletion at the end."
)
COMPARED = (
    "Each number is counted for both choices by the same definition. Of two rates it is the "
    "difference in percentage points, with Newcombe's interval of 95%; of two counts of the same "
    "length of time also how many times as many, with the exact interval of 95%. Where the "
    "interval holds no difference, chance does the same. Codes issued, live and outstanding are "
    "no matter of chance: they have no interval."
)
WHISKERS = (
    "The whiskers, and the range in brackets, are Wilson's interval of 95%: as far as chance may "
    "have moved the rate. Hollow dots have fewer than 20 codes, too few to tell, and come last."
)


def cancellation_rate(cancelled: float, redemptions: float) -> float:
    """The cancellation rate of what a page adds up itself, as in macros/rates.sql; or NaN."""
    return cancelled / redemptions if redemptions else math.nan
