"""What cells show without a page: the pages' numbers, sentences and figures, or why none."""

from collections.abc import Iterator

import pandas as pd
import pytest

from data.store.database import Store
from pages.answers.held import Held
from pages.cells.charts import lists_rows
from pages.cells.shown import FAILED, NO_RIGHT, shown
from pages.people.person import Person
from pages.tables.table_files import TableFile, table_files
from queries.access import Access
from queries.engine.service import QueryFailed
from queries.notebooks.document import read
from queries.notebooks.freezing.columns import text_of
from queries.notebooks.freezing.shown import Shown
from queries.notebooks.meaning import meanings
from queries.notebooks.offered import NAMES_A_CODE
from tests.support.frozen import SameRows, cell, freeze
from tests.support.notebooks import run_of
from tests.support.rows import Code, Transaction
from tests.support.stores import temporary_store
from tests.support.vouchers import Vouchers

WEEK = "---\nfilter: from=2016-01-08&to=2016-01-14\n---\n"
VERA = Person("vera", "Vera", "viewer", Access(masked=True))
ANNA = Person("anna", "Anna", "analyst", Access(masked=True))
LENA = Person("lena", "Lena", "exporter", Access(groups=("Email",)))
CODES = "SECRET77Q"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Two redemptions in one week; two and a cancelled one in the next."""
    with temporary_store() as opened:
        vouchers = Vouchers(opened, opened.path.parent)
        vouchers.load(
            *[Code(f"{CODES}{n}", "Email" if n % 2 else "SMS", start="01/01/2016 00:00")
              for n in range(1, 6)]
        )  # fmt: skip
        vouchers.load(
            *[Transaction(n, f"{CODES}{n}", "Email" if n % 2 else "SMS",
                          time=f"{day:02}/01/2016 12:00", cancelled="Yes" if n == 5 else "No")
              for n, day in ((1, 2), (2, 3), (3, 9), (4, 10), (5, 11))]
        )  # fmt: skip
        yield opened


def lines_of(file: TableFile) -> str:
    """The keys of a cell with the values of a chart."""
    given = {name: value for name, value in file.values.items() if value is not None}
    texts = {n: ("no", "yes")[v] if isinstance(v, bool) else v for n, v in given.items()}
    return "".join(f"{name}: {text}\n" for name, text in texts.items())


def show(store: Store, cells: str, person: Person | None = None, front: str = WEEK) -> Shown:
    frozen = freeze(store, front + cells, person) if person else freeze(store, front + cells)
    (found,) = frozen.shown
    return found


def test_numbers_are_tiles_with_their_change_their_scope_and_their_definition(
    store: Store,
) -> None:
    one = show(store, "```numbers week\n```\n")
    tiles = {tile.label: tile for tile in one.tiles}
    assert list(tiles)[:3] == ["Codes issued", "Codes live", "Redeemed codes"]
    assert (tiles["Net redemptions"].value, tiles["Net redemptions"].change) == ("2", "")
    assert tiles["Cancelled"].value == "1"
    assert tiles["Cancellation rate"].value == "33.3%"
    assert tiles["Redemption rate"].beside == ("2 of 5 codes live, 8–14 Jan 2016",)
    assert tiles["Net redemptions"].definition.startswith("Redemptions that were not cancelled")
    assert one.in_words == "All codes, 8–14 Jan 2016"
    assert one.query == "from=2016-01-08&to=2016-01-14"


def test_a_change_is_good_or_bad_by_what_it_is_of(store: Store) -> None:
    one = show(store, "```numbers n\nfilter: from=2016-01-09&to=2016-01-11\n```\n")
    assert all(tile.is_good is None for tile in one.tiles if not tile.change)
    before = show(store, "```numbers n\nfilter: from=2016-01-03&to=2016-01-03\n```\n")
    (net,) = [tile for tile in before.tiles if tile.label == "Net redemptions"]
    assert (net.value, net.change) == ("1", "")
    (fewer,) = [
        tile
        for tile in show(store, "```numbers n\nfilter: from=2016-01-10&to=2016-01-15\n```\n").tiles
        if tile.label == "Net redemptions"
    ]
    assert fewer.value == "1"


def test_a_numbers_cell_has_the_tiles_that_it_names_by_label_or_column(store: Store) -> None:
    one = show(store, "```numbers n\ntiles: [net, Cancellation rate]\n```\n")
    assert [tile.label for tile in one.tiles] == ["Net redemptions", "Cancellation rate"]
    wrong = show(store, "```numbers n\ntiles: [nett]\n```\n")
    assert wrong.error.startswith("There is no tile nett: there are Codes issued, ")


def test_the_table_of_numbers_has_whole_numbers_and_fractions(store: Store) -> None:
    one = show(store, "```numbers n\ntiles: [net, cancellation_rate]\n```\n")
    assert one.table is not None
    assert list(one.table["Value"]) == [2, pytest.approx(1 / 3)]
    texts = [text_of(one.kinds["Value"], value) for value in one.table["Value"]]
    assert texts == ["2", "33.3%"]


def test_a_compare_cell_has_both_sides_their_difference_and_the_interval_of_rates(
    store: Store,
) -> None:
    one = show(store, "```compare both\nfilter: group=Email&b.group=SMS\n```\n", front="")
    assert one.table is not None
    rows = one.table.set_index("Number")
    assert list(one.table.columns) == ["Number", "A: Email", "B: SMS", "A − B", "Low", "High"]
    assert list(rows.loc["Codes issued"][:3]) == [3, 2, 1]
    rate = rows.loc["Redemption rate"]
    assert rate["A − B"] == pytest.approx(2 / 3 - 1)
    assert rate["Low"] < rate["A − B"] < rate["High"]
    assert rows["Low"]["Codes issued"] is None
    assert text_of(one.kinds["A − B"], rate["A − B"]) == "-33.3 points"
    assert text_of(one.kinds["A − B"], rows.loc["Codes issued", "A − B"]) == "+1"
    assert one.in_words == "Email, compared with SMS"
    assert any("SMS: 2" in tile.beside for tile in one.tiles)


def test_a_comparison_that_cannot_be_made_says_why(store: Store) -> None:
    one = show(store, "```compare both\nfilter: compare=before\n```\n", front="")
    assert one.error.startswith("Choose a period with a first day")


def test_a_chart_has_the_pages_sentence_figure_and_table(store: Store) -> None:
    one = show(store, "```chart over_time\ngrain: day\n```\n")
    assert one.reading.startswith("8–14 Jan 2016 · ")
    (plot,) = one.plots
    assert plot.figure["data"]
    assert "template" not in plot.figure["layout"]
    assert one.table is not None
    assert one.table["Net redemptions"].sum() == 2
    assert one.sql.startswith("--")
    assert "filters: from=2016-01-08&to=2016-01-14" in one.parameters


def test_a_chart_in_a_comparison_has_both_sides(store: Store) -> None:
    one = show(store, "```chart status\nfilter: group=Email&b.group=SMS\n```\n", front="")
    assert "compared with SMS" in one.in_words
    assert one.difference
    assert one.table is not None
    assert any(str(name).endswith(" A") for name in one.table.columns)
    kinds = {kind for name, kind in one.kinds.items() if name.endswith("A − B")}
    assert kinds == {"points", "more"}


def test_a_pivot_is_whole_and_in_a_comparison_has_the_other_side_too(store: Store) -> None:
    alone = show(store, "```pivot p\nrows: group\ncolumns: none\nmeasure: net\n```\n", front="")
    assert alone.table is not None
    assert alone.table.values.tolist() == [["Email", 2], ["SMS", 2], ["Total", 4]]
    text = "```pivot p\nrows: group\nfilter: group=Email&b.group=SMS\n```\n"
    both = show(store, text, front="")
    assert [rows.title for rows in both.others] == ["Email minus SMS", "SMS"]
    assert both.others[1].table.iloc[-1, 1] == 2


def test_a_control_shows_its_values(store: Store) -> None:
    one = show(store, "```control start\ntype: date\nvalue: 2016-01-09\n```\n")
    assert (one.title, one.reading) == ("Start", "9 Jan 2016")


def test_rows_that_are_no_rates_are_no_percentages(store: Store) -> None:
    one = show(store, "```chart waits\nquery: time_to_redeem\n```\n", front="")
    assert one.table is not None
    assert one.kinds["Median"] == "decimal"
    assert text_of(one.kinds["Median"], one.table["Median"][0]).count(".") == 1


def test_checks_stand_under_the_titles_of_their_page(store: Store) -> None:
    one = show(store, "```chart checks\nquery: to_check\n```\n")
    assert one.table is not None
    assert "Used more than once" in list(one.table["Check"])
    assert "used_twice" not in list(one.table["Check"])


def test_no_failure_of_a_cell_stops_the_others(store: Store) -> None:
    text = WEEK + "```chart a\nquery: nothing\n```\n```numbers b\n```\n```sql c\nselect 1\n```\n"
    frozen = freeze(store, text)
    assert cell(frozen, "a").error == "There is no query nothing."
    assert cell(frozen, "b").tiles
    assert cell(frozen, "c").error == "SQL cells are turned off here."


def test_an_engine_that_fails_leaves_a_sentence_and_no_words_of_its_own() -> None:
    def fails(*_: object) -> pd.DataFrame:
        raise QueryFailed("numbers.sql: OutOfMemoryException")

    document = read("```numbers n\n```\n")
    run = run_of(document.text(), n=pd.DataFrame({"net": [1]}))
    held = Held(data_until=run.data_until, ask=fails)
    (meaning,) = meanings(document)
    assert shown(meaning, held, run.results[0]).error == FAILED


def test_a_notebook_looks_up_no_code(store: Store) -> None:
    for body in (f"query: code_groups\ncode: {CODES}1", f"query: codes_rows\nsearch: {CODES}"):
        one = show(store, f"```chart c\n{body}\n```\n")
        assert one.error == NAMES_A_CODE


def test_whoever_may_not_download_rows_gets_none_and_others_get_theirs(store: Store) -> None:
    rows = "```chart codes_rows\n```\n"
    assert show(store, rows, VERA).error == NO_RIGHT
    masked = show(store, rows, ANNA)
    assert masked.table is not None
    assert CODES not in masked.table.to_csv()
    limited = show(store, rows, LENA)
    assert limited.table is not None
    assert set(limited.table["Group name"]) == {"Email"}


def test_rows_that_are_withheld_are_in_no_text_and_no_result(store: Store) -> None:
    sql = SameRows(pd.DataFrame({"n": [4711]}), 1)
    text = "{{ one.n }}\n\n```sql one\nselect 1\n```\n"
    seen, withheld = freeze(store, text, sql_cells=sql), freeze(store, text, VERA, sql_cells=sql)
    assert seen.run.results[0].frame is not None
    assert withheld.run.results[0].frame is None


def test_sql_is_a_table_and_the_chart_that_it_chooses(store: Store) -> None:
    rows = pd.DataFrame({"site": ["Mall", "Port"], "n": [3, 4]})
    text = "```sql by_site\n-- chart: bar\n-- x: site\n-- y: n\nselect 1\n```\n"
    one = cell(freeze(store, text, sql_cells=SameRows(rows, 3)), "by_site")
    assert one.row_count == 3
    assert one.reading == (
        "2 rows. n is highest, 4, at Port; lowest, 3, at Mall. Drawn are the first 2 of 3 rows."
    )
    assert len(one.plots) == 1
    wrong = text.replace("y: n", "y: m")
    failed = cell(freeze(store, wrong, sql_cells=SameRows(rows, 2)), "by_site")
    assert failed.error == "There is no column m: the cell has site and n."


def test_every_chart_of_the_pages_is_shown_without_a_page(store: Store) -> None:
    charts = {file.query: file for file in table_files() if hasattr(file, "figure")}
    charts.pop("pivot_totals")  # which is a cell of its own kind
    lines = [
        f"```chart c{number}\nquery: {query}\n{lines_of(file)}```\n"
        for number, (query, file) in enumerate(charts.items())
    ]
    frozen = freeze(store, "".join(lines))
    assert {one.name: one.error for one in frozen.shown if one.error} == {}
    assert all(one.reading for one in frozen.shown)
    assert not any(lists_rows(chart, pd.DataFrame({"code": []})) for chart in charts.values())  # type: ignore[arg-type]
