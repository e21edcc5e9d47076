"""A store of odd rows, and its two large tables as Parquet files."""

from contextlib import closing
from pathlib import Path

from data.store.database import Store
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

Files = dict[str, list[str]]
# Texts that SQL, CSV or Spark's substitution of variables might take for something else.
ODD = (
    "O'Brien",
    r"back\slash\n",
    "${x}",
    "two\nlines",
    "🍺 beer",
    "no\u00a0break",
    "=1+1",
    "a=b&c",
    ":p0 $filters {x}",
    "É%_",
)
TIMES = ("08/01/2016 19:42", "09/01/2016 00:00", "14/01/2016 23:59:59", "15/01/2016 12:00")


def fill(store: Store, folder: Path) -> None:
    """Import odd rows in several batches, and a few that no file can have."""
    vouchers = Vouchers(store, folder)
    vouchers.load(*_codes("A"), folder="May", prefix="A", batch="7")
    vouchers.load(*_codes("B"), folder=ODD[2], batch=ODD[0])
    vouchers.load(*_codes(""), prefix=ODD[2][:2])
    vouchers.load(*_transactions("A"))
    vouchers.load(*_transactions("B"), folder="May", batch="8")
    vouchers.load(*_transactions("Z"), folder=ODD[5], prefix="Z")
    # Again, some of them: changed dates, a cancellation that comes later.
    vouchers.load(
        *[row._replace(expiry="10/01/2016 00:00") for row in _codes("A")[:4]],
        folder="May",
        prefix="A",
        batch="7",
    )


def _codes(start: str) -> list[Code]:
    """All statuses, types and missing values, with odd texts in all columns."""
    codes = []
    for number, text in enumerate(ODD):
        codes.append(
            Code(
                f"{start}{text}",
                ODD[(number * 3) % len(ODD)] if number % 2 else "SMS",
                start=("", "01/01/2016 00:00", "10/01/2016 08:30", "01/01/2090 00:00")[number % 4],
                expiry=("01/02/2100 00:00", "", "12/01/2016 00:00")[number % 3],
                type=("Item", "Discount", "")[number % 3],
                quantity=("1", "", "6")[number % 3],
                item=("10000056168", "", text)[number % 3],
                parent=("", f"A{text}", "A1")[number % 3],
                redeemed=("", "", TIMES[number % 4], "")[number % 4],
            )
        )
    codes += [Code(f"{start}{number}", "Email") for number in range(1, 13)]
    return codes


def _transactions(start: str) -> list[Transaction]:
    """Redemptions, single and repeated, live and cancelled, of codes known and unknown."""
    names = [*ODD, *(str(number) for number in range(1, 9))]
    rows = []
    for number, text in enumerate(names):
        group = (
            "Email"
            if number >= len(ODD)
            else (ODD[(number * 3) % len(ODD)] if number % 2 else "SMS")
        )
        for use in range(number % 3):
            rows.append(
                Transaction(
                    f"{start}-{number}-{use}",
                    f"{start}{text}",
                    group if number % 5 else "",
                    time=TIMES[(number + use) % 4],
                    campaign=("", text, "C1")[(number + use) % 3],
                    campaign_name=("", "Times", text)[number % 3],
                    site=("Site001", "", text)[(number + use) % 3],
                    cancelled=("No", "Yes", "No")[(number + 2 * use) % 3],
                    deleted="Yes" if number % 7 == 6 else "No",
                )
            )
    return rows


def make_store(folder: Path) -> Path:
    """A closed store of odd rows."""
    path = folder / "vouchers.duckdb"
    with closing(Store(path)) as store:
        fill(store, folder)
    return path


def write_files(store: Store, folder: Path) -> Files:
    """The store's two tables as Parquet, each in several files, with the place of each row."""
    written: Files = {}
    with store.cursor() as cursor:
        for table in ("codes", "transactions"):
            written[table] = []
            for part in range(3):
                file = folder / f"{table}_{part}.parquet"
                cursor.execute(
                    f"copy (select *, rowid as position from vouchers.{table}"  # noqa: S608
                    f" where rowid % 3 = {part} order by rowid desc)"
                    f" to '{file}' (format parquet, compression zstd)"
                )
                written[table].append(str(file))
    return written
