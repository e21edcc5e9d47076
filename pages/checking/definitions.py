"""What a verdict on a code of a list means, as its tile says it."""

VERDICTS = (
    "Each line is compared with the chosen codes letter by letter, also in case. Its verdict is "
    "the code's status at the moment shown; only redemptions until then count. Codes that only a "
    "redemption names are known too. A code of several groups names all of them, and has the first "
    "verdict of redeemed, cancelled only, not redeemed, scheduled, expired, deleted. Tiles "
    "and sentences count each code once. A line whose code stands on an earlier line is marked as "
    "doubled; Doubled shows all the lines of such codes, the first ones too."
)
NEAR_MISSES = (
    "An unknown code is compared with the chosen codes again, and the first difference that fits "
    "is named: only in case; in blanks; in invisible signs; zeros in front that were lost; a "
    "number in Excel's scientific notation; one letter off (another one, one more, one less, two "
    "swapped). Where several codes fit, the first in the alphabet stands there. A near miss is a "
    "guess."
)
OF_VERDICT = {
    "redeemed": "Redeemed at least once, and that redemption was not cancelled.",
    "not redeemed": "Can be redeemed at that moment: started, not expired, not used.",
    "cancelled only": "Was redeemed, but each of its redemptions was cancelled.",
    "expired": "Not redeemed before its expiry. It no longer works on the day of its expiry.",
    "scheduled": "Not started yet.",
    "deleted": "Deleted in Voucher Manager, whether it was redeemed before or not.",
    "unknown": "Not one of the chosen codes: a near miss says what it may have been.",
}
