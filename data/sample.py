"""A made-up restaurant chain, as the files that Voucher Manager would export."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, count
from operator import attrgetter
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
    """A channel, and how its guests behave. A newspaper's code has many uses."""

    name: str
    prefix: str
    months: Sequence[int]
    first_day: int
    codes: int
    uses_per_code: float
    cancelled: float


# The prefixes of SMS and Newspaper make codes that a spreadsheet takes for numbers.
EMAIL = Group("Email", "{tag}E", range(1, 13), 1, 2600, 0.20, 0.03)
SMS = Group("SMS", "0{start:%y%m}", (1, 3, 5, 7, 9, 11), 6, 1700, 0.33, 0.035)
NEWSPAPER = Group("Newspaper", "{start:%y%m}E", (2, 4, 6, 8, 10, 12), 4, 3, 400, 0.03)
SOCIAL = Group("Social", "{tag}S", (4, 10), 12, 2200, 0.09, 0.10)
BOUNCEBACK = Group("Receipt bounceback", "{tag}B", (2, 5, 8, 11), 1, 1200, 0.44, 0.025)
# Bouncebacks come last: what their folder has sold so far triggers them.
GROUPS = (EMAIL, SMS, NEWSPAPER, SOCIAL, BOUNCEBACK)
CAMPAIGNS = {NEWSPAPER: "Two for one", BOUNCEBACK: "Crème brûlée, on us"}

# Not from strftime, which follows the locale: every machine is to write the same bytes.
MONTHS = "January February March April May June July August September October November December"
# First month, months, name.
OCCASIONS = ((1, 2, "New Year"), (3, 3, "Easter"), (6, 3, "Summer"))
OCCASIONS += ((9, 2, "Harvest"), (11, 2, "Christmas"))
# Type, quantity, item code.
OFFERS = (("Item", 1, "10000056168"), ("Discount", 1, "17"), ("Item", 2, "10000056204"))
OFFERS += (("Payment", 1, "42"), ("Item", 1, "10000071935"))

BUSY_MONTHS = (0.80, 0.85, 0.95, 1.00, 1.05, 1.00, 1.10, 1.10, 0.95, 0.95, 1.05, 1.30)
BUSY_DAYS = (0.6, 0.7, 0.8, 0.9, 1.5, 1.9, 1.5)
HOURS = range(11, 23)
BUSY_HOURS = tuple(accumulate((2, 9, 11, 6, 2, 2, 5, 10, 13, 10, 5, 2)))
SITES = tuple(f"Site{number:03}" for number in range(1, 41))
BUSY_SITES = tuple(accumulate(1 / (3 + 7 * number % 40) for number in range(1, 41)))
CANCELS_MORE = {"Site012": 4.0, "Site035": 3.0}

# How often something odd happens to a code that was used.
DELETED, NO_TRANSACTION, NOT_IN_CODES_FILE, TRIED_AGAIN, NO_SITE = 0.006, 0.01, 9e-4, 0.25, 7e-4

# Nothing to misread (0 and O, 1 and I), and too few vowels to spell a rude word.
LETTERS = "23456789BCDEFGHJKLMNPQRSTVWXYZ"

CODES = (
    "Code,Group_Name,Start_Date,Expiry_Date,Aztec_Redemption_Type,"
    "Aztec_Redemption_Quantity,Aztec_Item_Code,Parent_Code,Redemption_Time"
)
TRANSACTIONS = (
    "Transaction_ID,Time,Code,Group_Name,Campaign_ID,Campaign_Name,Site_Ref,Cancelled,Code Deleted"
)


class Folder(NamedTuple):
    name: str
    start: date
    expiry: date
    groups: Sequence[Group]


class Batch(NamedTuple):
    number: int
    group: Group
    folder: Folder

    @property
    def prefix(self) -> str:
        start = self.folder.start
        tag = f"{self.folder.name[:3].upper()}{start.year % 10}"
        return self.group.prefix.format(tag=tag, start=start)

    @property
    def campaign(self) -> tuple[str, str]:
        name = CAMPAIGNS.get(self.group)
        return (f"C{self.number}", f"{name}, {self.folder.name}") if name else ("", "")


class Code(NamedTuple):
    text: str
    start: date
    expiry: date
    parent: str = ""


class Use(NamedTuple):
    time: datetime
    code: str
    batch: Batch
    site: str
    cancelled: bool
    deleted: bool


def write(directory: Path, today: date) -> list[SampleFile]:
    """Write a year of promotions up to today, and list the files in order of import."""
    directory.mkdir(parents=True, exist_ok=True)
    rng, numbers, ids = Random(today.toordinal()), count(1041), count(1)
    files: list[SampleFile] = []
    for folder in _folders(today):
        sold: list[Use] = []
        for group in folder.groups:
            batch = Batch(next(numbers), group, folder)
            if codes := _make(rng, batch, sold):
                uses = [use for use in _use(rng, batch, codes) if use.time.date() < today]
                unlisted = _a_few(rng, batch, uses, NOT_IN_CODES_FILE)
                listed = [code for code in codes if code.text not in unlisted]
                files.append(_write_codes(directory, batch, listed, uses))
                lost = _a_few(rng, batch, uses, NO_TRANSACTION)
                sold += [use for use in uses if use.code not in lost]
        if sold:
            files.append(_write_transactions(directory, folder, sold, ids))
    return files


def _folders(today: date) -> list[Folder]:
    starts = [_month(today, ahead) for ahead in range(-11, 1)]
    year = [_monthly(start, [g for g in GROUPS if start.month in g.months]) for start in starts]
    first, months, name = max(o for o in OCCASIONS if o[0] <= today.month)
    start = date(today.year, first, 1)
    occasion = Folder(f"{name} {start.year}", start, _month(start, months), (EMAIL, SOCIAL))
    coming = _monthly(_month(today, 1), [EMAIL])
    return sorted([*year, occasion, coming], key=attrgetter("start"))


def _month(day: date, ahead: int) -> date:
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def _monthly(start: date, groups: Sequence[Group]) -> Folder:
    name = f"{MONTHS.split()[start.month - 1]} {start.year}"
    return Folder(name, start, _month(start, 1) + timedelta(days=13), groups)


def _make(rng: Random, batch: Batch, sold: list[Use]) -> list[Code]:
    group, folder = batch.group, batch.folder
    size = round(group.codes * rng.uniform(0.9, 1.1))
    start = folder.start + timedelta(days=group.first_day - 1)
    if group is BOUNCEBACK:
        return _bounce(rng, batch, rng.sample(sold, min(size, len(sold))))
    if group is NEWSPAPER:
        texts = [f"{batch.prefix}{edition}" for edition in range(1, size + 1)]
    else:
        texts = _texts(rng, batch, size)
    return [Code(text, start, folder.expiry) for text in texts]


def _bounce(rng: Random, batch: Batch, parents: list[Use]) -> list[Code]:
    pairs = zip(_texts(rng, batch, len(parents)), parents, strict=True)
    days = [(text, parent.time.date(), parent.code) for text, parent in pairs]
    return [
        Code(text, day + timedelta(days=1), day + timedelta(days=29), parent)
        for text, day, parent in days
    ]


def _texts(rng: Random, batch: Batch, size: int) -> list[str]:
    # A sample of numbers has no doubles; each number is then spelt in LETTERS.
    prefix, base = batch.prefix, len(LETTERS)
    powers = [base**place for place in range(5)]
    numbers = rng.sample(range(base**5), size)
    return [prefix + "".join([LETTERS[n // power % base] for power in powers]) for n in numbers]


def _use(rng: Random, batch: Batch, codes: list[Code]) -> Iterator[Use]:
    group, busy = batch.group, BUSY_MONTHS[batch.folder.start.month - 1]
    size = round(len(codes) * group.uses_per_code * busy * rng.uniform(0.9, 1.1))
    if group is NEWSPAPER:
        used = rng.choices(codes, range(1, len(codes) + 1), k=size)
    else:
        used = rng.sample(codes, size)
    for code in used:
        yield from _visit(rng, batch, code)


def _visit(rng: Random, batch: Batch, code: Code) -> Iterator[Use]:
    days, busy_days = _days(code.start, code.expiry)
    (day,) = rng.choices(days, cum_weights=busy_days)
    (hour,) = rng.choices(HOURS, cum_weights=BUSY_HOURS)
    (site,) = rng.choices(SITES, cum_weights=BUSY_SITES)
    at = datetime.combine(day, time(hour, rng.randrange(60)))
    cancelled = rng.random() < batch.group.cancelled * CANCELS_MORE.get(site, 1)
    deleted = batch.group is not NEWSPAPER and rng.random() < DELETED
    use = Use(at, code.text, batch, "" if rng.random() < NO_SITE else site, cancelled, deleted)
    yield use
    if cancelled and rng.random() < TRIED_AGAIN:
        yield use._replace(time=at + timedelta(minutes=rng.randint(2, 50)), cancelled=False)


@lru_cache(maxsize=500)
def _days(start: date, expiry: date) -> tuple[list[date], list[float]]:
    days = [start + timedelta(days=age) for age in range((expiry - start).days)]
    busy = (BUSY_DAYS[day.weekday()] / (6 + age) for age, day in enumerate(days))
    return days, list(accumulate(busy))


def _a_few(rng: Random, batch: Batch, uses: list[Use], share: float) -> set[str]:
    if batch.group is NEWSPAPER:
        return set()
    return {use.code for use in uses if not use.cancelled and rng.random() < share}


def _write_codes(to: Path, batch: Batch, codes: list[Code], uses: list[Use]) -> SampleFile:
    path = to / f"codes_batch_{batch.number}.csv"
    latest_first = sorted(uses, key=attrgetter("time"), reverse=True)
    redeemed = {use.code: use.time for use in latest_first if not use.cancelled}
    offer = OFFERS[batch.number % len(OFFERS)]
    rows = (
        (text, batch.group.name, _stamp(start), _stamp(expiry))
        + (*offer, parent, _stamp(redeemed.get(text)))
        for text, start, expiry, parent in codes
    )
    _save(path, CODES, rows)
    return SampleFile(path, batch.folder.name, batch.prefix, str(batch.number))


def _write_transactions(to: Path, folder: Folder, sold: list[Use], ids: count[int]) -> SampleFile:
    path = to / f"transactions_folder_{folder.name.lower().replace(' ', '_')}.csv"
    rows = (
        (f"DF9AF431-5056-A607-F941-{next(ids):012X}", _stamp(use.time), use.code)
        + (use.batch.group.name, *use.batch.campaign, use.site)
        + ("Yes" if use.cancelled else "No", "Yes" if use.deleted else "No")
        for use in sorted(sold, key=attrgetter("time"))
    )
    _save(path, TRANSACTIONS, rows)
    return SampleFile(path, folder.name, None, None)


@lru_cache(maxsize=500)
def _stamp(moment: date | None) -> str:
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""


def _save(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)
