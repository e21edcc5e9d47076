"""A made-up restaurant chain, as the files that Voucher Manager would export."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, count
from pathlib import Path
from random import Random
from typing import NamedTuple


class SampleFile(NamedTuple):
    """A file, and the scope to import it with."""

    path: Path
    folder: str | None
    prefix: str | None
    batch: str | None


class Group(NamedTuple):
    """A channel, and how its guests behave."""

    name: str
    prefix: str
    months: Sequence[int]
    first_day: int
    codes: int
    uses_per_code: float
    cancelled: float  # the share of its redemptions


# The prefixes of SMS and Newspaper make codes that a spreadsheet takes for numbers.
EMAIL = Group("Email", "{name:.3}{day:%y}E", range(1, 13), 1, 2750, 0.195, 0.03)
SMS = Group("SMS", "0{day:%y%m}", (1, 3, 5, 7, 9, 11), 6, 1800, 0.33, 0.035)
NEWSPAPER = Group("Newspaper", "{day:%y%m}E", (2, 4, 6, 8, 10, 12), 4, 3, 420, 0.03)
SOCIAL = Group("Social", "{name:.3}{day:%y}S", (4, 10), 12, 2300, 0.09, 0.10)
BOUNCEBACK = Group("Receipt bounceback", "{name:.3}{day:%y}B", (2, 5, 8, 11), 1, 1200, 0.44, 0.03)
# Bouncebacks come last: the redemptions of their folder so far trigger them.
GROUPS = (EMAIL, SMS, NEWSPAPER, SOCIAL, BOUNCEBACK)
CAMPAIGNS = {NEWSPAPER: "Two for one", BOUNCEBACK: "Crème brûlée, on us"}
ITEMS = (("Item", 1, "10000056168"), ("Item", 2, "10000071935"))
OFFERS = (*ITEMS, ("Discount", 1, "17"), ("Payment", 1, "42"))

# Not from strftime, which follows the locale: every machine is to write the same bytes.
MONTHS = "January February March April May June July August September October November December"
SEASONS = {1: "New Year", 3: "Easter", 6: "Summer", 9: "Harvest", 11: "Christmas"}
DAY = timedelta(days=1)
BUSY_MONTHS = (0.80, 0.85, 0.95, 1.00, 1.05, 1.00, 1.10, 1.10, 0.95, 0.95, 1.05, 1.30)
BUSY_DAYS = (0.6, 0.7, 0.8, 0.9, 1.5, 1.9, 1.5)
BUSY_HOURS = tuple(accumulate((2, 9, 11, 6, 2, 2, 5, 10, 13, 10, 5, 2)))
SITES = ("", *(f"Site{number:03}" for number in range(1, 41)))
BUSY_SITES = tuple(accumulate((0.001, *(1 / (3 + 7 * number % 40) for number in range(1, 41)))))
CANCELS_MORE = {"Site012": 4.0, "Site035": 3.0}
TRIED_AGAIN, DELETED = 0.25, 0.006
# Nothing to misread (0 and O, 1 and I), and too few vowels to spell a rude word.
LETTERS = "23456789BCDEFGHJKLMNPQRSTVWXYZ"

CODES = (
    "Code,Group_Name,Start_Date,Expiry_Date,Aztec_Redemption_Type,"
    "Aztec_Redemption_Quantity,Aztec_Item_Code,Parent_Code,Redemption_Time"
)
TRANSACTIONS = (
    "Transaction_ID,Time,Code,Group_Name,Campaign_ID,Campaign_Name,Site_Ref,Cancelled,Code Deleted"
)
Codes = dict[str, tuple[date, date, str]]  # code: start, expiry, parent


class Folder(NamedTuple):
    start: date
    expiry: date
    name: str
    groups: Sequence[Group]


class Batch(NamedTuple):
    number: int
    group: Group
    folder: Folder
    prefix: str
    campaign: tuple[str, str]


class Use(NamedTuple):
    time: datetime
    code: str
    group: str
    campaign_id: str
    campaign: str
    site: str
    cancelled: str
    deleted: str


def exported_at(today: date) -> datetime:
    """When the files up to today were exported: at the end of the day before."""
    return datetime.combine(today, time()) - timedelta(minutes=1)


def write(directory: Path, today: date) -> list[SampleFile]:
    """Write a year of promotions up to today, and list the files in order of import."""
    directory.mkdir(parents=True, exist_ok=True)
    rng, numbers, ids = Random(today.toordinal()), count(1041), count(1)
    files: list[SampleFile] = []
    for folder in _folders(today):
        transactions: list[Use] = []
        for group in folder.groups:
            batch = _batch(next(numbers), group, folder)
            if codes := _codes(rng, batch, transactions):
                uses = [use for use in _uses(rng, batch, codes) if use.time.date() < today]
                # In random order, so a slice is a random choice: a code that is made after the
                # export of codes, and codes whose transactions are missing.
                live = [use.code for use in uses if use.cancelled == "No" and not use.campaign_id]
                late, lost = live[455:456], live[::90]
                for code in late:
                    del codes[code]
                files.append(_write_codes(directory, batch, codes, uses))
                transactions += [use for use in uses if use.code not in lost]
        if transactions:
            files.append(_write_transactions(directory, folder, sorted(transactions), ids))
    return files


def _folders(today: date) -> list[Folder]:
    first = max(month for month in SEASONS if month <= today.month)
    start = date(today.year, first, 1)
    folders = [Folder(start, _month(start, 3), f"{SEASONS[first]} {today.year}", (EMAIL, SOCIAL))]
    for start in (_month(today, ahead) for ahead in range(-11, 2)):
        expiry, name = _month(start, 1) + 13 * DAY, MONTHS.split()[start.month - 1]
        groups = [group for group in GROUPS if start.month in group.months]
        folders.append(Folder(start, expiry, f"{name} {start.year}", groups))
    return sorted(folders)


def _month(day: date, ahead: int) -> date:
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def _batch(number: int, group: Group, folder: Folder) -> Batch:
    prefix = group.prefix.format(name=folder.name, day=folder.start).upper()
    campaign = CAMPAIGNS.get(group)
    named = (f"C{number}", f"{campaign}, {folder.name}") if campaign else ("", "")
    return Batch(number, group, folder, prefix, named)


def _codes(rng: Random, batch: Batch, transactions: list[Use]) -> Codes:
    size = round(batch.group.codes * rng.uniform(0.9, 1.1))
    if batch.group is BOUNCEBACK:
        live = [use for use in transactions if use.cancelled == "No"]
        parents = sorted(rng.sample(live, min(size, len(live))))
        lives = [(day := use.time.date() + DAY, day + 28 * DAY, use.code) for use in parents]
    else:
        start = batch.folder.start + (batch.group.first_day - 1) * DAY
        lives = [(start, batch.folder.expiry, "")] * size
    return dict(zip(_texts(rng, batch, len(lives)), lives, strict=True))


def _texts(rng: Random, batch: Batch, size: int) -> list[str]:
    if batch.group is NEWSPAPER:
        return [f"{batch.prefix}{edition}" for edition in range(1, size + 1)]
    # rng.sample() repeats no number; each number is then spelt in LETTERS.
    *powers, end = [len(LETTERS) ** place for place in range(6)]
    spelt = ([LETTERS[n // p % len(LETTERS)] for p in powers] for n in rng.sample(range(end), size))
    return [batch.prefix + "".join(letters) for letters in spelt]


def _uses(rng: Random, batch: Batch, codes: Codes) -> list[Use]:
    busy = BUSY_MONTHS[batch.folder.start.month - 1] * rng.uniform(0.9, 1.1)
    size = round(len(codes) * batch.group.uses_per_code * busy)
    if batch.group is NEWSPAPER:
        used = rng.choices(list(codes), range(1, len(codes) + 1), k=size)
    else:
        used = rng.sample(list(codes), size)
    return [use for code in used for use in _visit(rng, batch, code, *codes[code][:2])]


def _visit(rng: Random, batch: Batch, code: str, start: date, expiry: date) -> Iterator[Use]:
    days, busy_days = _days(start, expiry)
    (day,) = rng.choices(days, cum_weights=busy_days)
    (hour,) = rng.choices(range(11, 23), cum_weights=BUSY_HOURS)
    (site,) = rng.choices(SITES, cum_weights=BUSY_SITES)
    at = datetime.combine(day, time(hour, rng.randrange(60)))
    cancelled = rng.random() < batch.group.cancelled * CANCELS_MORE.get(site, 1)
    deleted = batch.group is not NEWSPAPER and rng.random() < DELETED
    yes_no = ("Yes" if cancelled else "No", "Yes" if deleted else "No")
    use = Use(at, code, batch.group.name, *batch.campaign, site, *yes_no)
    yield use
    if cancelled and rng.random() < TRIED_AGAIN:
        yield use._replace(time=at + timedelta(minutes=rng.randint(2, 50)), cancelled="No")


@lru_cache(maxsize=500)
def _days(start: date, expiry: date) -> tuple[list[date], list[float]]:
    days = [start + age * DAY for age in range((expiry - start).days)]
    return days, list(accumulate(BUSY_DAYS[day.weekday()] / (6 + n) for n, day in enumerate(days)))


def _write_codes(to: Path, batch: Batch, codes: Codes, uses: list[Use]) -> SampleFile:
    redeemed = {use.code: use.time for use in sorted(uses, reverse=True) if use.cancelled == "No"}
    group, offer = batch.group.name, OFFERS[batch.number % len(OFFERS)]
    rows = (
        (code, group, stamp(start), stamp(expiry), *offer, parent, stamp(redeemed.get(code)))
        for code, (start, expiry, parent) in codes.items()
    )
    path = save(to / f"codes_batch_{batch.number}.csv", CODES, rows)
    return SampleFile(path, batch.folder.name, batch.prefix, str(batch.number))


def _write_transactions(
    to: Path, folder: Folder, transactions: list[Use], ids: Iterator[int]
) -> SampleFile:
    path = to / f"transactions_folder_{folder.name.lower().replace(' ', '_')}.csv"
    rows = (
        (f"5A3B1E0C-5056-A607-F941-{next(ids):012X}", stamp(at), *use) for at, *use in transactions
    )
    return SampleFile(save(path, TRANSACTIONS, rows), folder.name, None, None)


@lru_cache(maxsize=500)
def stamp(moment: date | None) -> str:
    """A moment as Voucher Manager writes it; nothing for none."""
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""


def save(path: Path, header: str, rows: Iterable[Sequence[object]]) -> Path:
    """Write rows below a header, and return the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header.split(","), *rows])
    return path
