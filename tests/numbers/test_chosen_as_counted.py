"""What an option or a bar counts is what choosing it gives, also where values have twins."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.scope import Scope
from pages.charts import (
    by_site,
    cancellations,
    clicks,
    funnel,
    over_time,
    status,
    uptake_by_group,
)
from pages.charts.chart import Chart
from pages.charts.cohorts import KINDS, SPLITS
from pages.charts.over_time_split import over_time_split
from pages.charts.rate_within_days import rate_within_days
from pages.charts.redemption_curves import redemption_curves
from pages.frame import options
from pages.tables import batches
from queries.filters import FIELDS, Filters
from tests.support.effort import examples, rounds
from tests.support.model import File
from tests.support.page_views import view_of
from tests.support.queries import NOW, Record, filters_of, query_rows
from tests.support.rows import Code, Transaction
from tests.support.strategies import SLOW

OFFERED = {
    field.name: "codes_issued" if field.chooses == "codes" else "redemptions"
    for field in FIELDS
    if field.takes == "texts" and not field.words and not field.excludes
}
SOME = settings(SLOW, max_examples=examples(rounds(12, torture=200)))
TIMES = ["08/01/2016 19:42", "09/01/2016 07:00", "01/03/2016 12:00"]
# Names that a rule may take for one another: in two cases, as a label, as what stands for none,
# as an ID that is another one's name, as the start of another.
GROUPS = ["Email", "email", "Email (1)", "(no group)"]
SITES = ["", "Site1", "site1", "(no site)"]
CODES = ["NOV1", "NOV26A", "nov1", "NO", "(no prefix)1"]
CAMPAIGNS = ["", "C1", "Summer", "(no campaign)"]
SCOPES = st.builds(
    Scope,
    st.sampled_from([None, "May", "may", "(no folder)"]),
    st.sampled_from([None, "NOV", "NOV26", "(no prefix)"]),
    st.sampled_from([None, "7", "07", "(no batch)"]),
)


def _transaction(id: int, code: str, group: str, **columns: str) -> Transaction:
    return Transaction(id, code, group, **columns)


def _code(text: str, group: str, **columns: str) -> Code:
    return Code(text, group, **columns)


CODE_ROWS = st.builds(
    _code,
    st.sampled_from(CODES),
    st.sampled_from(GROUPS),
    type=st.sampled_from(["Item", "item", "", "(no type)"]),
    item=st.sampled_from(["1", "", "(no item)"]),
    redeemed=st.sampled_from(["", *TIMES]),
)
TRANSACTION_ROWS = st.builds(
    _transaction,
    st.integers(1, 6),
    st.sampled_from(CODES),
    st.sampled_from(["", *GROUPS]),
    time=st.sampled_from(TIMES),
    campaign=st.sampled_from(CAMPAIGNS),
    campaign_name=st.sampled_from(CAMPAIGNS),
    site=st.sampled_from(SITES),
    cancelled=st.sampled_from(["No", "No", "Yes"]),
)
FILES = st.lists(
    st.one_of(
        st.builds(File, st.just("codes"), st.lists(CODE_ROWS, min_size=1, max_size=6), SCOPES),
        st.builds(
            File,
            st.just("transactions"),
            st.lists(TRANSACTION_ROWS, min_size=1, max_size=6),
            SCOPES,
        ),
    ),
    min_size=1,
    max_size=4,
)
VIEWS = st.sampled_from(
    [
        *[Filters()] * 3,
        Filters(group=("Email", "(no group)")),
        Filters(prefix=("NOV",)),
        Filters(site=("", "(no site)"), from_=date(2016, 1, 9)),
        Filters(campaign=("Summer",)),
        Filters(batch=("(no batch)",), cancelled=False),
        Filters(status=("redeemed",), to=date(2016, 1, 31)),
        filters_of("group!=Email&site!=(no site)"),
        filters_of("prefix!=NOV26&campaign!=C1&status!=expired"),
        filters_of("expiry_from=2016-01-01&type!=item"),
    ]
)


@SOME
@given(FILES, VIEWS, st.sampled_from([None, "o"]))
def test_an_option_counts_what_choosing_it_gives(
    files: list[File], filters: Filters, search: str | None
) -> None:
    with view_of(files, filters, options) as view:
        for name, counted in OFFERED.items():
            for option in options.options(name, search, filters).to_dict("records"):
                tiles = view.tiles(filters.with_(name, (option["value"],)))
                assert option["count"] == tiles[counted], (name, option)


CHARTS: list[tuple[Chart, str, Mapping[str, str]]] = [
    (uptake_by_group.UPTAKE_BY_GROUP, "group_name",
     {n: n for n in ("codes_issued", "redeemed_codes", "net", "cancelled")}),
    (by_site.BY_SITE, "site", {n: n for n in ("net", "cancelled", "redemptions")}),
    (funnel.FUNNEL, "site", {n: n for n in ("cancelled", "redemptions")}),
    (status.STATUS, "status", {"codes": "codes_issued"}),
    *((chart, "name", {n: n for n in ("cancelled", "redemptions")})
      for chart in cancellations.TABLE_FILES),
    *((chart, "period", {n: n for n in ("net", "cancelled")})
      for chart in over_time.TABLE_FILES if chart.on_click),
]  # fmt: skip


@SOME
@given(FILES, VIEWS)
def test_a_bar_counts_what_a_click_on_it_gives(files: list[File], filters: Filters) -> None:
    with view_of(files, filters) as view:
        for chart, name, columns in CHARTS:
            assert chart.on_click
            bars = query_rows(view.db, chart.query, filters, NOW, **chart.values)
            for bar in with_a_click(bars, name):
                tiles = view.tiles(view.click(chart.on_click, str(bar[name])))
                wanted = {tile: bar[column] for column, tile in columns.items()}
                assert {tile: tiles[tile] for tile in wanted} == wanted, (chart.key, bar)


def with_a_click(bars: list[Record], name: str) -> list[Record]:
    """The bars that a click chooses: “(no site)” only where nothing without a site is beside it."""
    shown = [bar for bar in bars if not bar.get("from_codes_file")]
    return [bar for bar in shown if len(shown) == len(bars) or bar[name] != "(no site)"]


def test_every_chart_that_can_be_clicked_is_among_them() -> None:
    clicked = {chart.key for chart, _, _ in CHARTS}
    modules = Path(clicks.__file__).parent.glob("*.py")
    using = {m.stem for m in modules if "on_click=" in m.read_text()} - {"card"}
    of_names = {"rate_within_days", "redemption_curves", "over_time_split"}
    # They count less than what a click chooses: outstanding codes, and what imports changed.
    of_parts = {"exposure", "since"}
    assert using - of_names - of_parts == {
        *("by_site", "cancellations", "funnel", "over_time", "status", "uptake_by_group"),
    }
    # Cancellations by site, group and campaign.
    assert len(clicked) == len(using - of_names - of_parts) + 2


SPLIT = [over_time_split("", "", "day", by, shows_rate=False) for by in SPLITS]


@SOME
@given(FILES, VIEWS, st.sampled_from(SPLIT))
def test_a_line_counts_what_a_click_on_it_gives(
    files: list[File], filters: Filters, chart: Chart
) -> None:
    assert chart.on_click
    with view_of(files, filters) as view:
        rows = query_rows(view.db, chart.query, filters, NOW, **chart.values)
        names = {row["name"] for row in with_a_click(rows, "name")} - {None, "(no start)"}
        for name in names:
            tiles = view.tiles(view.click(chart.on_click, name))
            of_line = [row for row in rows if row["name"] == name]
            for counted in ("net", "cancelled"):
                assert tiles[counted] == sum(row[counted] for row in of_line), (chart.values, name)


COHORTS = [chart for by in KINDS for chart in (rate_within_days(by, 28), redemption_curves(by))]


@SOME
@given(FILES, VIEWS, st.sampled_from(COHORTS))
def test_a_click_on_a_cohort_leaves_its_rates_as_they_are(
    files: list[File], filters: Filters, chart: Chart
) -> None:
    assert chart.on_click
    with view_of(files, filters) as view:
        rows = query_rows(view.db, chart.query, filters, NOW, **chart.values)
        for name in {row["name"] for row in rows}:
            narrowed = view.click(chart.on_click, name)
            assert query_rows(view.db, chart.query, narrowed, NOW, **chart.values) == [
                row for row in rows if row["name"] == name
            ], (chart.values, name)


@SOME
@given(FILES, VIEWS)
def test_a_row_of_the_batches_counts_what_selecting_it_gives(
    files: list[File], filters: Filters
) -> None:
    with view_of(files, filters) as view:
        for row in query_rows(view.db, "batches", filters, NOW, **batches.ALL_BATCHES.values):
            tiles = view.tiles(filters.with_("batch", (row["batch"],)))
            wanted = {
                "codes_issued": row["codes"],
                "redeemed_codes": row["redeemed_codes"],
                "net": row["net"],
                "cancelled": row["cancelled"],
            }
            assert {tile: tiles[tile] for tile in wanted} == wanted, row
