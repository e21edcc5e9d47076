"""Every check fires on the sample chain, whatever the day."""

from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.owner import fill_with_sample
from data.sample import SampleFile, exported_at
from data.sample_oddities import FOLDER, write
from data.store.database import Store
from tests.support.checks import CHECKS, codes_found, counts
from tests.support.vouchers import Vouchers

DAYS = [date(2026, 11, 23), date(2024, 2, 29), date(2026, 11, 1), date(2027, 1, 1)]
# What the planted ones are, beside those that the chain has anyway.
PLANTED = {
    "no_live_transaction": ["ODD7KCANC"],
    "codes_file_silent": ["ODD4MSLNT"],
    "times_disagree": ["ODD9TDSGR"],
    "unknown_code": ["ODD2PNEAR", "odd2pnear"],
    "used_twice": ["ODD3WTWCE", "ODD5BMNTS", "ODD8HSTES"],
    "used_at_two_sites": ["ODD8HSTES"],
    "used_within_minutes": ["ODD5BMNTS"],
    "outside_dates": ["ODD6RERLY"],
    "outside_dates_in_campaign": ["ODD4XLATE"],
    "cancelled_then_elsewhere": ["ODD7VELSW"],
    "last_day": ["ODD3NSNDY"],
    "not_after_start": ["ODD9GNVER"],
    "parent_not_loaded": ["BCK4MISSD"],
    "parent_not_redeemed": ["BCK6UNUSD"],
    "parent_cancelled": ["BCK8VOIDD"],
    "parent_cycle": ["BCK3RNDAA", "BCK3RNDBB"],
}


def load_all(vouchers: Vouchers, files: list[SampleFile], today: date) -> None:
    for path, folder, prefix, batch in files:
        scope = Scope(folder, prefix, batch)
        load(vouchers.store, path, scope, exported_at=exported_at(today))


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_each_planted_anomaly_is_found_by_its_check_and_by_no_other(
    vouchers: Vouchers, today: date
) -> None:
    load_all(vouchers, write(vouchers.directory, today), today)
    found = {check: codes_found(vouchers, check) for check in CHECKS[:-1]}
    assert found == PLANTED


def test_the_anomalies_have_happened_and_have_a_folder_of_their_own(vouchers: Vouchers) -> None:
    today = DAYS[0]
    files = write(vouchers.directory, today)
    assert {file.folder for file in files} == {FOLDER}
    load_all(vouchers, files, today)
    (numbers,) = vouchers.query("numbers", "", datetime.combine(today, time()))
    assert numbers["codes_issued"] < 40
    with vouchers.store.cursor() as cursor:
        ((latest,),) = cursor.execute("select max(time) from vouchers.transactions").fetchall()
    assert latest < datetime.combine(today, time()) - timedelta(days=10)


@pytest.mark.slow
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_check_fires_on_the_sample(tmp_path: Path, today: date) -> None:
    with closing(Store(tmp_path / "vouchers.duckdb")) as store:
        fill_with_sample(store, today)
        found = counts(Vouchers(store, tmp_path))
    assert set(found) == set(CHECKS)
