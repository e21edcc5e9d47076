"""The generated sample data look like the exports of a real chain."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from data import sample

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 23)
AWKWARD_DAYS = [date(2024, 2, 29), date(2026, 11, 1), date(2027, 1, 1)]
Row = dict[str, str]


class SampleChain(NamedTuple):
    today: date
    files: list[sample.SampleFile]
    codes: list[Row]
    by_key: dict[tuple[str, str], Row]
    transactions: list[Row]
    live: list[Row]


def key(row: Row) -> tuple[str, str]:
    return row["Group_Name"], row["Code"]


@cache
def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")


def rows(file: sample.SampleFile) -> Iterator[Row]:
    with file.path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def written(directory: Path, today: date) -> SampleChain:
    files = sample.write(directory, today)
    codes = [row for file in files if file.batch for row in rows(file)]
    transactions = [row for file in files if not file.batch for row in rows(file)]
    live = [row for row in transactions if row["Cancelled"] == "No"]
    return SampleChain(today, files, codes, {key(row): row for row in codes}, transactions, live)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> SampleChain:
    return written(tmp_path_factory.mktemp("sample"), TODAY)


@pytest.fixture(scope="module", params=[TODAY, *AWKWARD_DAYS], ids=str)
def any_day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SampleChain:
    return written(tmp_path_factory.mktemp("day"), request.param)


def test_the_same_day_always_gives_the_same_bytes(chain: SampleChain, tmp_path: Path) -> None:
    again = sample.write(tmp_path / "new", TODAY)
    assert [file.path.name for file in again] == [file.path.name for file in chain.files]
    assert [file[1:] for file in again] == [file[1:] for file in chain.files]
    for one, other in zip(again, chain.files, strict=True):
        assert one.path.read_bytes() == other.path.read_bytes()


def test_the_chain_has_about_60_000_codes_and_20_000_transactions(any_day: SampleChain) -> None:
    assert len(any_day.codes) == pytest.approx(60_000, rel=0.1)
    assert len(any_day.transactions) == pytest.approx(20_000, rel=0.15)
    assert len({row["Site_Ref"] for row in any_day.transactions} - {""}) == 40
    assert len({file.folder for file in any_day.files}) == 14
    assert 30 <= len({file.batch for file in any_day.files} - {None}) <= 36


def test_the_files_look_as_voucher_manager_writes_them(chain: SampleChain) -> None:
    for file in chain.files:
        text = file.path.read_bytes().decode("utf-8")
        columns = sample.CODES if file.batch else sample.TRANSACTIONS
        assert text.startswith(columns + "\n")
        assert text.endswith("\n")
        assert "\r" not in text
        assert all("," in quoted for quoted in re.findall('"([^"]*)"', text))


def test_dates_have_the_documented_format(chain: SampleChain) -> None:
    dates = {row[name] for row in chain.codes for name in ("Start_Date", "Expiry_Date")}
    times = {row["Time"] for row in chain.transactions}
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4} 00:00", text) for text in dates)
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", text) for text in times)


def test_each_folder_brings_its_codes_before_its_transactions(any_day: SampleChain) -> None:
    batches = [int(file.batch) for file in any_day.files if file.batch]
    assert batches == sorted(batches)
    for file, following in zip(any_day.files, any_day.files[1:], strict=False):
        assert file.folder == following.folder or file.batch is None or following.batch


def test_each_batch_has_one_group_and_one_prefix_that_no_other_batch_has(
    any_day: SampleChain,
) -> None:
    batches = [file for file in any_day.files if file.batch]
    for file in batches:
        codes = list(rows(file))
        assert len({row["Group_Name"] for row in codes}) == 1
        assert all(row["Code"].startswith(file.prefix or "?") for row in codes)
    prefixes = [file.prefix or "" for file in batches]
    assert not [a for a in prefixes for b in prefixes if a is not b and a.startswith(b)]


def test_no_file_is_without_rows(any_day: SampleChain) -> None:
    assert all(next(rows(file), None) for file in any_day.files)


def test_each_code_of_a_group_appears_once(any_day: SampleChain) -> None:
    assert len(any_day.by_key) == len(any_day.codes)


def test_each_transaction_has_an_id_of_its_own(any_day: SampleChain) -> None:
    ids = {row["Transaction_ID"] for row in any_day.transactions}
    assert len(ids) == len(any_day.transactions)
    assert all(re.fullmatch(r"5A3B1E0C-5056-A607-F941-[0-9A-F]{12}", each) for each in ids)


def test_everything_has_already_happened(any_day: SampleChain) -> None:
    midnight = datetime.combine(any_day.today, time())
    assert all(moment(row["Time"]) <= midnight for row in any_day.transactions)
    redeemed = [row["Redemption_Time"] for row in any_day.codes if row["Redemption_Time"]]
    assert all(moment(text) <= midnight for text in redeemed)


def test_no_redemption_lies_outside_its_codes_dates(any_day: SampleChain) -> None:
    codes = any_day.by_key
    redeemed = [(key(row), row["Time"]) for row in any_day.transactions if key(row) in codes]
    redeemed += [(key(row), at) for row in any_day.codes if (at := row["Redemption_Time"])]
    for which, at in redeemed:
        start, expiry = codes[which]["Start_Date"], codes[which]["Expiry_Date"]
        assert moment(start) <= moment(at) < moment(expiry)


def test_the_redemption_time_is_that_of_the_first_live_transaction(any_day: SampleChain) -> None:
    first: dict[tuple[str, str], datetime] = {}
    for row in any_day.live:
        at = moment(row["Time"])
        first[key(row)] = min(at, first.get(key(row), at))
    seen = {key(row) for row in any_day.transactions}
    for row in any_day.codes:
        if key(row) in seen:
            at_till = first.get(key(row))
            assert row["Redemption_Time"] == (f"{at_till:%d/%m/%Y %H:%M}" if at_till else "")


def test_some_redemptions_are_known_only_from_the_codes_files(any_day: SampleChain) -> None:
    seen = {key(row) for row in any_day.transactions}
    redeemed = {key(row) for row in any_day.codes if row["Redemption_Time"]}
    assert 60 <= len(redeemed - seen) <= 160


def test_every_kind_of_code_status_occurs(any_day: SampleChain) -> None:
    live = {key(row) for row in any_day.live}
    cancelled = {key(row) for row in any_day.transactions} - live
    deleted = {key(row) for row in any_day.transactions if row["Code Deleted"] == "Yes"}

    def status(row: Row) -> str:
        if key(row) in deleted:
            return "Deleted"
        if key(row) in live or row["Redemption_Time"]:
            return "Redeemed"
        if key(row) in cancelled:
            return "Cancelled only"
        if moment(row["Expiry_Date"]).date() <= any_day.today:
            return "Expired"
        return "Scheduled" if moment(row["Start_Date"]).date() > any_day.today else "Active"

    counts = Counter(map(status, any_day.codes))
    statuses = ("Deleted", "Redeemed", "Cancelled only", "Expired", "Scheduled", "Active")
    assert all(counts[each] >= 20 for each in statuses), counts


def test_a_deleted_code_is_deleted_in_all_its_transactions(any_day: SampleChain) -> None:
    flags = {(key(row), row["Code Deleted"]) for row in any_day.transactions}
    assert len(flags) == len({which for which, _ in flags})


def test_a_few_codes_were_cancelled_and_then_used_again(any_day: SampleChain) -> None:
    cancelled = {
        row["Code"]: moment(row["Time"])
        for row in any_day.transactions
        if row["Cancelled"] == "Yes" and not row["Campaign_ID"]
    }
    again = [row for row in any_day.live if row["Code"] in cancelled]
    assert 30 <= len(again) <= 300
    assert all(moment(row["Time"]) > cancelled[row["Code"]] for row in again)


def test_only_a_campaign_lets_a_code_be_used_twice(any_day: SampleChain) -> None:
    uses = Counter(row["Code"] for row in any_day.live)
    campaigns = {row["Code"]: row["Campaign_ID"] for row in any_day.live}
    assert all(campaigns[code] for code, count in uses.items() if count > 1)
    assert uses.most_common(1)[0][1] > 500


def test_a_bounceback_names_the_code_that_triggered_it(any_day: SampleChain) -> None:
    sold = {(row["Code"], moment(row["Time"]).date()) for row in any_day.live}
    for row in any_day.codes:
        is_bounceback = row["Group_Name"] == "Receipt bounceback"
        assert bool(row["Parent_Code"]) == is_bounceback
        if is_bounceback:
            day_before = moment(row["Start_Date"]).date() - sample.DAY
            assert (row["Parent_Code"], day_before) in sold


def test_a_handful_of_transactions_lack_their_code_or_their_site(any_day: SampleChain) -> None:
    codes = any_day.by_key
    assert 3 <= sum(key(row) not in codes for row in any_day.transactions) <= 30
    assert 1 <= sum(not row["Site_Ref"] for row in any_day.transactions) <= 30


def test_some_codes_and_names_are_hard_on_a_spreadsheet(any_day: SampleChain) -> None:
    codes = [row["Code"] for row in any_day.codes]
    for pattern in (r"0\w+", r"\d+", r"\d+E\d+"):
        assert any(re.fullmatch(pattern, code) for code in codes), pattern
    names = {row["Campaign_Name"] for row in any_day.transactions}
    assert any("é" in name for name in names)
    assert any("," in name for name in names)


def test_items_have_eleven_digits_and_discounts_and_payments_two(chain: SampleChain) -> None:
    offers = {(row["Aztec_Redemption_Type"], len(row["Aztec_Item_Code"])) for row in chain.codes}
    assert offers == {("Item", 11), ("Discount", 2), ("Payment", 2)}


def test_the_channels_work_clearly_differently(chain: SampleChain) -> None:
    over = [row for row in chain.codes if moment(row["Expiry_Date"]).date() <= TODAY]
    issued = Counter(row["Group_Name"] for row in over)
    redeemed = Counter(row["Group_Name"] for row in over if row["Redemption_Time"])
    rates = {group: redeemed[group] / issued[group] for group in issued}
    assert rates["Social"] == pytest.approx(0.08, abs=0.03)
    assert rates["Email"] == pytest.approx(0.18, abs=0.03)
    assert rates["SMS"] == pytest.approx(0.30, abs=0.04)
    assert rates["Receipt bounceback"] == pytest.approx(0.42, abs=0.06)


def test_one_group_and_two_sites_cancel_clearly_more(any_day: SampleChain) -> None:
    def rate(column: str, value: str) -> float:
        flags = [row["Cancelled"] for row in any_day.transactions if row[column] == value]
        return flags.count("Yes") / len(flags)

    everything = len(any_day.transactions)
    overall = (everything - len(any_day.live)) / everything
    assert 0.03 <= overall <= 0.06
    assert rate("Group_Name", "Social") > 2 * overall
    assert min(rate("Site_Ref", "Site012"), rate("Site_Ref", "Site035")) > 1.5 * overall


def test_weekends_and_mealtimes_are_busy(chain: SampleChain) -> None:
    times = [moment(row["Time"]) for row in chain.transactions]
    days, hours = Counter(at.weekday() for at in times), Counter(at.hour for at in times)
    assert min(days[4], days[5], days[6]) > 1.3 * max(days[day] for day in range(4))
    assert min(hours[13], hours[19]) > 3 * hours[16]


def test_sites_are_of_clearly_different_size(chain: SampleChain) -> None:
    sites = Counter(row["Site_Ref"] for row in chain.transactions if row["Site_Ref"])
    assert max(sites.values()) > 8 * min(sites.values())
