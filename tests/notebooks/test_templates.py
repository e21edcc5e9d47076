"""Templates of notebooks ask for what there is, and find what is to be found."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.owner import fill_with_sample
from data.sample import exported_at
from data.sample_oddities import FOLDER as PLANTED
from data.sample_oddities import write
from data.store.database import Store
from pages.cells.charts import chart_of, pivot_of
from pages.frame.url_state import choosing
from pages.tables.checks import BY_NAME as CHECKS
from pages.tables.table_files import table_files
from queries.engine.by_name import wanted
from queries.filters import Filters
from queries.notebooks.choice import choice_of, pairs_of
from queries.notebooks.document import Document, read
from queries.notebooks.meaning import meanings
from queries.notebooks.references import Reference, filled, pieces
from queries.notebooks.templates import (
    BATCH,
    FOLDER,
    KEYS,
    NotFilledIn,
    new_from,
    templates,
)
from tests.support.notebooks import run_notebook
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

JANUARY, MONDAY, SUNDAY = "January 2016", date(2016, 1, 4), date(2016, 1, 10)
PAIR = ("Email", "SMS")
Results = dict[str, list[dict[str, Any]]]
HOLDS_A_CODE = re.compile(r"code|parent_code|near_code|transaction_id")
# What queries of one row or of checks have, which are no charts.
NO_CHARTS = {"maturity", "time_to_redeem", "to_check", "to_check_count"}
# What the leak hunt says of the planted anomalies. The use under another group's name is one too.
LEAKS = [
    "elsewhere: rows is 1, above 0",
    "outside_dates: rows is 1, above 0",
    "two_sites: rows is 1, above 0",
    "unknown: rows is 2, above 0",
    "used_again: rows is 3, above 0",
    "within_minutes: rows is 1, above 0",
]
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)
every_template = pytest.mark.parametrize("key", KEYS)


def new(key: str, pair: tuple[str, str] | None = None) -> Document:
    """A new notebook, of January 2016."""
    return read(new_from(key, JANUARY, MONDAY, SUNDAY, pair))


def results(vouchers: Vouchers, document: Document, *overrides: tuple[str, str]) -> Results:
    """The rows of each cell but SQL: all of them run."""
    ran = run_notebook(vouchers.store, document.text(), overrides=overrides)
    rows = {}
    for one in ran.results:
        if one.meaning.cell.kind != "sql":
            assert one.frame is not None, f"{one.meaning.name}: {one.error}"
            rows[one.meaning.name] = rows_of(one.frame)
    return rows


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object)
    rows = plain.where(plain.notna(), None).to_dict("records")
    return [{str(column): value for column, value in row.items()} for row in rows]


def alerts(vouchers: Vouchers, document: Document, *overrides: tuple[str, str]) -> list[str]:
    """The sentences of the alerts that fire."""
    ran = run_notebook(vouchers.store, document.text(), overrides=overrides)
    return sorted(sentence for one in ran.results for sentence in one.fired)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vouchers]:
    """A store with the sample chain, for tests that only read."""
    folder = tmp_path_factory.mktemp("sample")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        fill_with_sample(store, date(2026, 11, 23))
        yield Vouchers(store, folder)


@pytest.fixture
def january(loaded: Store, tmp_path: Path) -> Vouchers:
    """The fixtures of Voucher Manager, ready for queries."""
    return Vouchers(loaded, tmp_path)


def plant(vouchers: Vouchers, today: date) -> None:
    for path, folder, prefix, batch in write(vouchers.directory, today):
        scope = Scope(folder, prefix, batch)
        load(vouchers.store, path, scope, exported_at=exported_at(today))


def test_every_file_of_the_folder_is_offered_once() -> None:
    assert sorted(KEYS) == sorted(path.stem for path in FOLDER.iterdir())


def test_each_template_says_in_one_sentence_what_it_answers() -> None:
    for template in templates():
        assert template.title
        assert re.fullmatch(r"[A-Z][^.]+\.", template.says)
    assert [one.key for one in templates() if one.has_pilots] == ["two_pilots"]


@every_template
def test_a_template_as_a_page_begins_with_its_title_and_says_something_about_each_part(
    key: str,
) -> None:
    document = read((FOLDER / f"{key}.md").read_text("utf-8"))
    texts = [cell.body for cell in document.cells if cell.is_text]
    assert texts[0].startswith(f"# {document.title}\n")
    headings = [line for text in texts for line in text.splitlines() if line.startswith("## ")]
    assert len(headings) == len(set(headings)) >= 3
    assert all(len(line) <= 110 for text in texts for line in text.splitlines())


@every_template
@pytest.mark.parametrize("pair", [None, PAIR], ids=["no pilots", "pilots"])
def test_every_cell_has_a_meaning(key: str, pair: tuple[str, str] | None) -> None:
    for one in meanings(new(key, pair)):
        assert (one.problems, one.unknown) == ((), ()), one.name


@every_template
def test_cells_name_only_queries_and_values_that_there_are(key: str) -> None:
    for one in meanings(new(key)):
        if one.query:
            assert set(one.values) <= set(wanted(one.query)), one.name
            assert one.values.get("check", "used_twice") in CHECKS, one.name


@every_template
def test_cells_name_charts_that_the_pages_draw(key: str) -> None:
    drawn = {file.query for file in table_files()}
    for one in meanings(new(key, PAIR)):
        title = one.keys.text("title")
        with choosing(one.choice.filters, one.choice.comparison):
            if one.cell.kind == "chart":
                assert one.query in drawn | NO_CHARTS, one.name
                assert chart_of(one).title == title
            if one.cell.kind == "pivot":
                assert pivot_of(one).title == title


@every_template
def test_every_cell_that_needs_words_has_a_title(key: str) -> None:
    for one in meanings(new(key)):
        assert one.keys.text("title") or (one.control and one.control.label), one.name


@every_template
def test_every_live_number_has_a_value(key: str, january: Vouchers) -> None:
    ran = run_notebook(january.store, new(key, PAIR).text())
    texts = [cell.body for cell in ran.document.cells if cell.is_text]
    live = [part for text in texts for part in pieces(text, ran) if isinstance(part, Reference)]
    assert len(live) == "".join(texts).count("{{")
    # The first redemption of the fixtures is on 8 January: no week lies before that one.
    without = {part.source for part in live if part.reason}
    assert without == ({"{{ week.change }}"} if key == "monday_report" else set())


@every_template
def test_no_result_of_a_template_has_a_code_in_it(key: str, january: Vouchers) -> None:
    for name, found in results(january, new(key, PAIR)).items():
        for row in found:
            assert not any(HOLDS_A_CODE.fullmatch(column) for column in row), name


@every_template
def test_a_template_runs_where_nothing_is_imported_yet(key: str, vouchers: Vouchers) -> None:
    document = new(key, PAIR)
    found = results(vouchers, document)
    assert set(found) == {one.name for one in meanings(document) if one.cell.kind != "sql"}


@pytest.mark.slow
@every_template
def test_a_template_runs_on_the_sample_chain(key: str, sample: Vouchers) -> None:
    pair = ("Email", "Social")
    document = read(new_from(key, "October 2026", date(2026, 10, 5), date(2026, 10, 11), pair))
    found = results(sample, document)
    of_sites = [found[name] for name in ("sites", "cancellation_funnel") if name in found]
    assert all(len(rows_of_sites) > 20 for rows_of_sites in of_sites)
    numbers = [found[name][0] for name in ("week", "whole", "hunted", "a") if name in found]
    assert all(row["net"] > 100 for row in numbers)


@pytest.mark.slow
def test_the_sites_that_cancel_too_often_in_the_sample_raise_alerts(sample: Vouchers) -> None:
    whole_chain = alerts(sample, read(new_from("leak_hunt", None, None, None)))
    assert any(sentence.startswith("far_sites: rows is ") for sentence in whole_chain)
    of_year = read(new_from("campaign_post_mortem", "October 2026", None, None))
    (sites,) = [s for s in alerts(sample, of_year, ("folder", "")) if s.startswith("cancellations")]
    assert "Site012" in sites


def test_the_leak_hunt_finds_the_planted_leaks(vouchers: Vouchers) -> None:
    today = date(2026, 11, 23)
    plant(vouchers, today)
    assert alerts(vouchers, read(new_from("leak_hunt", PLANTED, None, None))) == LEAKS
    last_week = read(new_from("leak_hunt", PLANTED, date(2026, 11, 16), today))
    assert alerts(vouchers, last_week) == []


def test_the_leak_hunt_is_quiet_where_nothing_leaked(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("N1", "Newspaper"), folder=JANUARY)
    vouchers.load(
        Transaction(1, "A1"),
        Transaction(2, "A2", cancelled="Yes"),
        Transaction(3, "A2", time="08/01/2016 19:50"),  # tried again at the same site
        Transaction(4, "N1", "Newspaper", campaign="C1", campaign_name="Two for one"),
        Transaction(5, "N1", "Newspaper", campaign="C1", site="Site002"),
        folder=JANUARY,
    )
    assert alerts(vouchers, new("leak_hunt")) == []


def test_each_leak_fires_its_own_alert_and_no_other(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("A3", expiry="05/01/2016 00:00"), folder=JANUARY)
    vouchers.load(
        Transaction(1, "A1", time="07/01/2016 12:00"),
        Transaction(2, "A1", time="08/01/2016 12:00"),
        Transaction(3, "A2", time="07/01/2016 12:00", cancelled="Yes"),
        Transaction(4, "A2", time="08/01/2016 12:00", site="Site002"),
        Transaction(5, "A3", time="06/01/2016 12:00"),
        Transaction(6, "A4", time="06/01/2016 12:00"),
        folder=JANUARY,
    )
    assert alerts(vouchers, new("leak_hunt")) == [
        "elsewhere: rows is 1, above 0",
        "outside_dates: rows is 1, above 0",
        "unknown: rows is 1, above 0",
        "used_again: rows is 1, above 0",
    ]


def test_the_busiest_hours_are_of_single_sites_and_outside_campaigns(vouchers: Vouchers) -> None:
    vouchers.load(
        Transaction(1, "A1", time="08/01/2016 19:00"),
        Transaction(2, "A2", time="08/01/2016 19:59"),
        Transaction(3, "A3", time="08/01/2016 19:30", site="Site002"),
        Transaction(4, "A4", time="08/01/2016 19:30", campaign="C1"),
        Transaction(5, "A5", time="08/01/2016 19:30", cancelled="Yes"),
    )
    cell = new("leak_hunt").named("busiest_hours")
    assert cell
    with vouchers.store.cursor() as cursor:
        cursor.execute(
            "create temp table chosen_transactions as from redemptions_for_sql($f)",
            {"f": Filters().parameters(NOW)},
        )
        rows = cursor.execute(cell.body).fetchall()
    assert rows == [
        ("Site001", datetime(2016, 1, 8, 19), 2),
        ("Site002", datetime(2016, 1, 8, 19), 1),
    ]


def test_the_bounceback_template_finds_the_planted_parents(vouchers: Vouchers) -> None:
    plant(vouchers, date(2026, 11, 23))
    document = read(new_from("bounceback", PLANTED, None, None))
    assert alerts(vouchers, document) == [
        "cancelled: rows is 1, above 0",
        "circles: rows is 2, above 0",
        "not_loaded: rows is 1, above 0",
        "not_redeemed: rows is 1, above 0",
    ]


def test_a_bounceback_that_came_back_raises_no_alert(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("A1", start="04/01/2016 00:00"),
        Code("B1", "Bounceback", start="05/01/2016 00:00", parent="A1"),
        folder=JANUARY,
    )
    vouchers.load(
        Transaction(1, "A1", time="05/01/2016 12:00"),
        Transaction(2, "B1", "Bounceback", time="09/02/2016 12:00"),
        folder=JANUARY,
    )
    document = new("bounceback")
    assert alerts(vouchers, document) == []
    (every,) = [row for row in results(vouchers, document)["bounceback"] if row["of"] == "all"]
    assert (every["children"], every["redeemed"], every["within_28"]) == (1, 1, 0)


def test_the_expiry_cliff_counts_what_expires_in_its_period(vouchers: Vouchers) -> None:
    vouchers.load(
        Code("A1", expiry="13/01/2016 00:00"),  # a Wednesday
        Code("A2", expiry="31/01/2016 00:00"),  # a Sunday, and the month's last day
        Code("A3", start="20/01/2016 00:00", expiry="20/01/2016 00:00"),
        Code("A4", expiry="12/02/2016 00:00"),
        Code("A5", expiry="13/01/2016 00:00"),
        Code("A6", expiry="10/01/2016 00:00"),  # a Sunday that is over
        folder=JANUARY,
    )
    vouchers.load(Transaction(1, "A5", time="10/01/2016 12:00"), folder=JANUARY)
    document = read(new_from("expiry_cliff", JANUARY, date(2016, 1, 1), date(2016, 1, 31)))
    asof = ("asof", "2016-01-11")
    found = results(vouchers, document, asof)
    (now,) = found["now"]
    assert (now["outstanding"], now["expiring_7"], now["expiring_30"]) == (2, 1, 2)
    assert {row["days_left"]: row["codes"] for row in found["exposure"]} == {2: 1, 20: 1}
    assert alerts(vouchers, document, asof) == [
        "last_day: rows is 1, above 0",
        "never_valid: rows is 1, above 0",
    ]


def test_the_monday_report_has_the_numbers_of_its_week(vouchers: Vouchers) -> None:
    times = ["01/01/2016 12:00", "04/01/2016 00:00", "07/01/2016 12:00", "10/01/2016 23:59"]
    vouchers.load(*[Code(f"A{n}") for n in range(6)], folder=JANUARY)
    vouchers.load(
        *[Transaction(n, f"A{n}", time=time) for n, time in enumerate(times)],
        Transaction(8, "A4", time="08/01/2016 12:00", cancelled="Yes", site="Site002"),
        Transaction(9, "A5", time="11/01/2016 00:00"),
        folder=JANUARY,
    )
    vouchers.load(Transaction(10, "B1", time="28/12/2015 12:00"), folder="December 2015")
    document = new("monday_report")
    found = results(vouchers, document)
    (week,) = found["week"]
    assert (week["net"], week["cancelled"], week["cancellation_rate"]) == (3, 1, 0.25)
    compared = {row["number"]: (row["a"], row["b"]) for row in found["against_before"]}
    assert compared["net"] == (3, 1)
    assert [row["net"] for row in found["days"]] == [1, 0, 0, 1, 0, 0, 1]
    assert [(row["period"], row["net"]) for row in found["weeks"]] == [
        (datetime(2015, 12, 28), 1),
        (datetime(2016, 1, 4), 3),
    ]
    assert sum(row["value"] for row in found["sites"]) == 3
    run = run_notebook(vouchers.store, document.text())
    first = filled(document.cells[0].body, run)
    assert "**3** redemptions, **+200.0%** against the period before." in first
    assert alerts(vouchers, document) == ["week: cancellation_rate is 25.0%, above 8%"]


def test_a_week_without_a_redemption_raises_an_alert(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), folder=JANUARY)
    vouchers.load(Transaction(1, "A1", time="02/01/2016 12:00"), folder=JANUARY)
    assert alerts(vouchers, new("monday_report")) == ["week: net is 0, equal to 0"]


def test_two_pilots_are_each_counted_as_if_alone(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), Code("S1", "SMS"), Code("N1", "News"), folder=JANUARY)
    vouchers.load(Code("A9"), Code("S9", "SMS"), folder="February 2016")
    vouchers.load(
        Transaction(1, "A1", time="05/01/2016 12:00"),
        Transaction(2, "S1", "SMS", time="05/01/2016 12:00"),
        Transaction(3, "A2", time="11/01/2016 12:00"),  # after the period
        folder=JANUARY,
    )
    found = results(vouchers, new("two_pilots", PAIR))
    both = {row["number"]: (row["a"], row["b"]) for row in found["both"]}
    assert both["codes_issued"] == (2, 1)
    assert both["net"] == (1, 1)
    assert both["live_rate"] == (0.5, 1)
    (a,), (b,) = found["a"], found["b"]
    assert (a["codes_issued"], b["codes_issued"]) == (2, 1)
    assert {row["name"] for row in found["same_age"]} == {"Email", "SMS"}
    assert {row["column"] for row in found["sites"]} == {"Email", "SMS"}


def test_pilots_may_be_batches(vouchers: Vouchers) -> None:
    vouchers.load(Code("A1"), Code("A2"), folder=JANUARY, batch="1041")
    vouchers.load(Code("A3"), folder=JANUARY, batch="1042")
    vouchers.load(Transaction(1, "A3", time="05/01/2016 12:00"), folder=JANUARY)
    text = new_from("two_pilots", JANUARY, MONDAY, SUNDAY, ("1041", "1042"), BATCH)
    found = results(vouchers, read(text))
    both = {row["number"]: (row["a"], row["b"]) for row in found["both"]}
    assert both["codes_issued"] == (2, 1)
    assert both["net"] == (0, 1)
    assert {row["name"] for row in found["same_age"]} == {"1041", "1042"}


def test_pilots_that_nobody_has_chosen_yet_are_the_whole_folder() -> None:
    both = next(one for one in meanings(new("two_pilots")) if one.name == "both")
    assert both.choice.query() == (
        "folder=January+2016&from=2016-01-04&to=2016-01-10"
        "&b.folder=January+2016&b.from=2016-01-04&b.to=2016-01-10"
    )


@pytest.mark.parametrize(
    ("key", "query"),
    [
        ("monday_report", "folder=January+2016&from=2016-01-04&to=2016-01-10"),
        ("expiry_cliff", "folder=January+2016&expiry_from=2016-01-04&expiry_to=2016-01-10"),
        ("bounceback", "folder=January+2016&start_from=2016-01-04&start_to=2016-01-10"),
        ("two_pilots", ""),
    ],
)
def test_the_period_is_of_what_the_template_asks_about(key: str, query: str) -> None:
    assert new(key).filter == query


@every_template
def test_a_new_notebook_keeps_no_key_of_the_template_and_no_cell_is_lost(key: str) -> None:
    template = read((FOLDER / f"{key}.md").read_text("utf-8"))
    document = new(key, PAIR)
    assert not re.search(r"^(says|needs|period):", document.front, re.MULTILINE)
    assert document.title == f"{template.title}, January 2016"
    same = [cell.source for cell in template.cells if cell.kind != "control"]
    assert [cell.source for cell in document.cells if cell.kind != "control"] == same


def test_without_a_folder_the_title_is_the_templates() -> None:
    document = read(new_from("leak_hunt", None, None, None))
    assert (document.title, document.filter) == ("Leak hunt", "")


@settings(deadline=None)
@given(
    st.sampled_from([key for key in KEYS if key != "two_pilots"]),
    NAMES.filter(str.strip),
    st.dates(date(1950, 1, 1)),
)
def test_any_folder_and_day_are_the_choice_of_the_new_notebook(
    key: str, folder: str, day: date
) -> None:
    document = read(new_from(key, folder, day, day))
    choice = choice_of(pairs_of(document.filter))
    assert choice.problems == []
    assert choice.filters.folder == (folder,)
    rest = replace(choice.filters, folder=None)
    assert {text for name, text in rest.to_query()} == {day.isoformat()}
    assert all(one.problems == () for one in meanings(document))


@settings(deadline=None)
@given(st.lists(NAMES, min_size=3, max_size=3, unique=True))
def test_any_names_of_pilots_are_the_values_of_their_controls(names: list[str]) -> None:
    folder, a, b = names
    document = read(new_from("two_pilots", folder, MONDAY, None, (a, b)))
    values = [one.control.values for one in meanings(document) if one.control]
    assert values == [(folder,), ("2016-01-04",), (), (a,), (b,)]
    (both,) = [one for one in meanings(document) if one.name == "both"]
    assert both.choice.filters == Filters(folder=(folder,), group=(a,), from_=MONDAY)


@pytest.mark.parametrize(
    ("key", "folder", "first", "last", "pair", "reason"),
    [
        ("nothing", None, None, None, None, "There is no template nothing. There are: monday_"),
        ("monday_report", JANUARY, None, SUNDAY, None, "Choose a period with a first day"),
        ("campaign_post_mortem", None, MONDAY, SUNDAY, None, "Choose a reporting folder"),
        ("two_pilots", None, None, None, PAIR, "Choose a reporting folder"),
        ("leak_hunt", None, SUNDAY, MONDAY, None, "The period ends before it begins."),
        ("two_pilots", JANUARY, None, None, ("A", "A"), "Choose two different pilots."),
    ],
)
def test_what_a_template_cannot_do_without_is_said(
    key: str,
    folder: str | None,
    first: date | None,
    last: date | None,
    pair: tuple[str, str] | None,
    reason: str,
) -> None:
    with pytest.raises(NotFilledIn, match=re.escape(reason)):
        new_from(key, folder, first, last, pair)
