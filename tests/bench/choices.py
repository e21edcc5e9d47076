"""What the benchmark narrows its pages to; all of it exists at every scale.

Each filter has as many choices of about the same size as there are runs, and one for the tab's
first view.
"""

from datetime import date, timedelta

from queries.filters import Filters

GROUPS = tuple(
    Filters(group=groups)
    for groups in (
        ("Email",),
        ("SMS", "Social"),
        ("SMS", "Receipt bounceback"),
        ("Email", "Newspaper"),
        ("SMS", "Social", "Newspaper"),
        ("SMS", "Receipt bounceback", "Newspaper"),
    )
)
MONTHS = [date(2025, month, 1) for month in range(4, 10)]
FOLDERS = tuple(Filters(folder=(f"{month:%B %Y}",)) for month in MONTHS)
PREFIXES = tuple(Filters(prefix=(f"{month:%b%y}E".upper(),)) for month in MONTHS)
BATCHES_CHOSEN = tuple(Filters(batch=(str(1041 + 7 * number),)) for number in range(15, 21))
SITES = tuple(Filters(site=(f"Site{number:03}",)) for number in (8, 15, 22, 29, 36, 43))
PERIODS = tuple(Filters(from_=month, to=month + timedelta(days=29)) for month in MONTHS)
PILOTS = 6
PILOT_CODES = 5_000  # whatever the scale
PILOT_GROUPS = tuple(Filters(group=(f"Pilot {number}",)) for number in range(1, PILOTS + 1))
PILOT_BATCHES = tuple(Filters(batch=(f"Pilot {number}",)) for number in range(1, PILOTS + 1))
STATUS_DAY = date(2025, 9, 1)  # codes of every status from here to the end of the year
