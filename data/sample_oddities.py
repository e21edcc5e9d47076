"""Anomalies of every check, planted in the sample chain so that each can be seen to fire.

They have a folder and batches of their own. What the chain has anyway, two sites that cancel far
more than others, is not planted again.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from data.sample import CODES, DAY, TRANSACTIONS, SampleFile, save, stamp

FOLDER = "Planted oddities"
EMAIL, BOUNCEBACK = "Email", "Receipt bounceback"
ITEM = ("Item", 1, "10000056168")
PREFIXES = {EMAIL: ("9001", "ODD"), BOUNCEBACK: ("9002", "BCK")}
EXTENSION = ("C9001", "Extended for a week")
SUNDAY = 6


class _Code(NamedTuple):
    text: str
    start: date
    expiry: date
    redeemed: datetime | None = None
    parent: str = ""
    group: str = EMAIL


class _Use(NamedTuple):
    code: str
    time: datetime
    site: str = "Site007"
    cancelled: bool = False
    group: str = EMAIL
    campaign: tuple[str, str] = ("", "")


def write(directory: Path, today: date) -> list[SampleFile]:
    """Write the files of the anomalies, which all happened before today, in order of import."""
    start, expiry = today - 60 * DAY, _plain(today + 30 * DAY)
    at = datetime.combine(today - 20 * DAY, time(12, 30))
    codes = [*_codes(start, expiry, at), *_bouncebacks(start, expiry, at)]
    files = [_codes_file(directory, codes, group) for group in PREFIXES]
    rows = (
        (
            *(f"7C2D0DD1-5056-A607-F941-{number:012X}", stamp(use.time), use.code, use.group),
            *(*use.campaign, use.site, "Yes" if use.cancelled else "No", "No"),
        )
        for number, use in enumerate(_uses(start, at), start=1)
    )
    path = save(directory / "transactions_folder_planted_oddities.csv", TRANSACTIONS, rows)
    return [*files, SampleFile(path, FOLDER, None, None)]


def _codes(start: date, expiry: date, at: datetime) -> Iterator[_Code]:
    yield _Code("ODD7KCANC", start, expiry, at)
    yield _Code("ODD4MSLNT", start, expiry)
    yield _Code("ODD9TDSGR", start, expiry, at + timedelta(hours=3))
    yield _Code("ODD2PNEAR", start, expiry, at)
    for used_again in ("ODD3WTWCE", "ODD8HSTES", "ODD5BMNTS"):
        yield _Code(used_again, start, expiry, at)
    yield _Code("ODD6RERLY", start, expiry, datetime.combine(start - 2 * DAY, time(18, 15)))
    over = _plain(at.date() + 2 * DAY)
    yield _Code("ODD4XLATE", start, over, datetime.combine(over + DAY, time(19, 40)))
    yield _Code("ODD7VELSW", start, expiry, at + timedelta(hours=2))
    yield _Code("ODD3NSNDY", start, _sunday(expiry))
    yield _Code("ODD9GNVER", expiry, expiry)


def _bouncebacks(start: date, expiry: date, at: datetime) -> Iterator[_Code]:
    yield _Code("ODD5DNTYT", start, expiry)
    yield _Code("ODD8JVOID", start, expiry)
    for text, parent in (("BCK4MISSD", "ODD2NEVER"), ("BCK6UNUSD", "ODD5DNTYT"),
                         ("BCK8VOIDD", "ODD8JVOID")):  # fmt: skip
        yield _Code(text, start, expiry, parent=parent, group=BOUNCEBACK)
    for text, parent in (("BCK3RNDAA", "BCK3RNDBB"), ("BCK3RNDBB", "BCK3RNDAA")):
        yield _Code(text, start, expiry, at, parent, BOUNCEBACK)


def _uses(start: date, at: datetime) -> Iterator[_Use]:
    yield _Use("ODD7KCANC", at, cancelled=True)
    yield _Use("ODD4MSLNT", at)
    yield _Use("ODD9TDSGR", at)
    # As a till writes what somebody has typed, and under the name of another group.
    yield _Use("odd2pnear", at + DAY)
    yield _Use("ODD2PNEAR", at)
    yield _Use("ODD2PNEAR", at + 2 * DAY, group="SMS")
    yield _Use("ODD3WTWCE", at)
    yield _Use("ODD3WTWCE", at + 4 * DAY)
    yield _Use("ODD8HSTES", at, "Site003")
    yield _Use("ODD8HSTES", at + DAY, "Site017")
    yield _Use("ODD5BMNTS", at)
    yield _Use("ODD5BMNTS", at + timedelta(minutes=3))
    yield _Use("ODD6RERLY", datetime.combine(start - 2 * DAY, time(18, 15)))
    over = _plain(at.date() + 2 * DAY)
    yield _Use("ODD4XLATE", datetime.combine(over + DAY, time(19, 40)), campaign=EXTENSION)
    yield _Use("ODD7VELSW", at, "Site003", cancelled=True)
    yield _Use("ODD7VELSW", at + timedelta(hours=2), "Site017")
    yield _Use("ODD8JVOID", at, cancelled=True)


def _codes_file(directory: Path, codes: list[_Code], group: str) -> SampleFile:
    batch, prefix = PREFIXES[group]
    rows = (
        (
            *(code.text, group, stamp(code.start), stamp(code.expiry), *ITEM),
            *(code.parent, stamp(code.redeemed)),
        )
        for code in codes
        if code.group == group
    )
    path = save(directory / f"codes_batch_{batch}.csv", CODES, rows)
    return SampleFile(path, FOLDER, prefix, batch)


def _plain(day: date) -> date:
    """The first day from this one on that does not look like the last one of an offer."""
    looks_last = day.weekday() == SUNDAY or (day + DAY).day == 1
    return _plain(day + DAY) if looks_last else day


def _sunday(day: date) -> date:
    return day + (SUNDAY - day.weekday()) * DAY
