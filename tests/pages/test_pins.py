"""Whatever a page shows can be pinned to a notebook, and comes back as it was shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.store.database import Store
from data.store.notebook_text import NotSaved
from pages.cells.charts import chart_of, pivot_choice
from pages.charts.chart import Chart
from pages.charts.exposure_backtest import BACKTEST, BACKTEST_BATCHES
from pages.charts.over_time import over_time
from pages.charts.over_time_split import over_time_split
from pages.charts.pinned import pin_of_chart
from pages.frame.pin import A_CODE, LIST_LEFT_OUT, LIST_PINNED, Wish
from pages.frame.url_state import choosing
from pages.pivoting.choice import Choice
from pages.pivoting.panel import pin_of
from pages.tables import batches
from pages.tables.table_files import TableFile, table_files
from queries.engine.paging import TIES
from queries.engine.totals import run
from queries.filters import Filters
from queries.notebooks.document import Document, read
from queries.notebooks.meaning import Meaning, meanings
from queries.notebooks.pinning import Pin, pinned
from tests.support.notebooks import run_notebook
from tests.support.rows import Code
from tests.support.server import Server, elements, serving
from tests.support.stores import copied, import_rows, opened

CHARTS = [file for file in table_files() if isinstance(file, Chart) and file.key != "pivot"]
PIVOTS = [file for file in table_files() if file.key == "pivot"]
LOOKS = [
    *CHARTS,
    over_time("", "", "week", shows_rate=True),
    over_time_split("", "", "month", "site", shows_rate=True),
]
PERIOD = [("from", "2016-01-15"), ("to", "2016-01-21")]
NEW, COMMIT = "A new notebook", "FormSubmitter:pin-Pin"
EXPECTED = {
    "": ("numbers", "uptake_by_group", "over_time", "by_site", "weekday_hour", "status"),
    "codes": ("numbers", "codes", "status"),
    "transactions": (
        "numbers", "over_time", "cancellations_by_site", "cancellations_by_group",
        "cancellations_by_campaign", "redemptions",
    ),
    "batches": ("numbers", "rate_within_days", "redemption_curve", "batches"),
    "pivot": ("numbers", "pivot"),
    "exposure": (
        "numbers",
        "exposure_numbers", "exposure", "last_stretch", "exposure_backtest",
        "exposure_backtest_batches",
    ),
    "since": ("since_numbers", "since", "codes_since"),
    "to_check": ("numbers", "to_check", "cancellation_funnel"),
}  # fmt: skip


def pinned_alone(pin: Pin) -> tuple[Document, Meaning]:
    document, _ = pinned(read(""), pin, Filters(), None)
    (meaning,) = meanings(document)
    return document, meaning


def of_table(file: TableFile) -> Pin:
    """What is pinned where the table of a file is shown."""
    if file.key == "pivot":
        return pin_of(choice_of(file))
    return pin_of_chart(file) if isinstance(file, Chart) else batches.PIN


def choice_of(file: TableFile) -> Choice:
    """The choice of a pivot."""
    values: dict[str, Any] = dict(file.values)
    return Choice(**values | {"per_day": values["per_day"] == "yes"})


@pytest.mark.parametrize(
    "chart", LOOKS, ids=lambda c: f"{c.key}-{'-'.join(map(str, c.values.values()))}"
)
def test_a_pinned_chart_is_read_back_as_the_same_chart(chart: Chart) -> None:
    _, meaning = pinned_alone(pin_of_chart(chart))
    assert (meaning.problems, meaning.unknown) == ((), ())
    with choosing(meaning.choice.filters):
        found = chart_of(meaning)
    assert (found.key, found.query, found.options) == (chart.key, chart.query, chart.options)
    assert dict(found.values) == dict(chart.values)
    assert found.title == (chart.title or found.title)


@pytest.mark.parametrize("file", PIVOTS, ids=lambda file: file.values["measure"])
def test_a_pinned_pivot_is_read_back_as_the_same_pivot(file: TableFile) -> None:
    _, meaning = pinned_alone(pin_of(choice_of(file)))
    assert (meaning.problems, meaning.unknown) == ((), ())
    assert pivot_choice(meaning) == choice_of(file)


def test_both_charts_of_one_result_are_told_apart() -> None:
    found = [
        chart_of(pinned_alone(pin_of_chart(chart))[1]) for chart in (BACKTEST, BACKTEST_BATCHES)
    ]
    assert [chart.key for chart in found] == [BACKTEST.key, BACKTEST_BATCHES.key]


def test_the_pin_of_every_table_brings_the_rows_that_the_page_shows(loaded: Store) -> None:
    document = read("")
    names: dict[str, TableFile] = {}
    for file in table_files():
        document, name = pinned(document, of_table(file), Filters(), None)
        names[name] = file
    for result in run_notebook(loaded, document.text()).results:
        file = names[result.meaning.name]
        query = "pivot" if file.key == "pivot" else file.query
        with loaded.cursor() as cursor:
            expected = run(cursor, query, Filters(), None, **file.values)
        expected = expected.drop(columns=list(TIES), errors="ignore")
        assert result.error == ""
        assert result.frame is not None
        assert result.frame.equals(expected[: len(result.frame)]), result.meaning.name
        assert result.row_count == len(expected)


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with a folder of notebooks of these tests' own."""
    folder = tmp_path_factory.mktemp("pins")
    store = copied(fixture_file, folder)
    with serving(
        store,
        folder / "server.log",
        VOUCHERS_SAMPLE="0",
        VOUCHERS_NOTEBOOKS=str(folder / "notebooks"),
    ) as running:
        yield running


def text_of(server: Server, name: str) -> str:
    return (server.store.parent / "notebooks" / f"{name}.md").read_text("utf-8")


def pins_of(page: dict[str, Any]) -> list[str]:
    keys = [str(e.get("key")) for e in elements(page, "button")]
    return [key.removeprefix("pin_") for key in keys if key.startswith("pin_")]


def commit(
    server: Server, page: dict[str, Any], name: str = NEW, /, **fields: object
) -> dict[str, Any]:
    """The page after the dialog: into the notebook of this name, or a new one."""
    return server.press(server.set(page, pin_notebook=name), COMMIT, **fields)


def pin_all(server: Server, page: dict[str, Any], name: str) -> dict[str, Any]:
    """Press every button that pins, each into the same notebook; returns the last page."""
    first, *others = pins_of(page)
    page = server.press(page, f"pin_{first}")
    page = commit(server, page, pin_name=name)
    for pin in others:
        page = server.press(page, f"pin_{pin}")
        page = commit(server, page, name)
    return page


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path or "overview")
def test_everything_on_a_page_can_be_pinned_and_runs(
    server: Server, loaded: Store, path: str
) -> None:
    page = server.page(path, [("asof", "2016-02-10")])
    assert sorted(pins_of(page)) == sorted(EXPECTED[path])
    name = f"All of {path or 'overview'}"
    pin_all(server, page, name)
    text = text_of(server, name)
    assert read(text).filter == "asof=2016-02-10"
    results = run_notebook(loaded, text).results
    assert [result.meaning.name for result in results] == pins_of(page)
    assert {result.error for result in results} == {""}
    assert {result.meaning.choice.query() for result in results} == {"asof=2016-02-10"}


def test_a_selected_check_is_pinned_with_its_thresholds(server: Server, loaded: Store) -> None:
    page = server.page("to_check", [("check", "used_within_minutes"), ("minutes", "7")])
    page = server.press(page, "pin_used_within_minutes")
    commit(server, page, pin_name="A check")
    (result,) = run_notebook(loaded, text_of(server, "A check")).results
    assert result.meaning.query == "to_check_rows"
    assert result.meaning.values == {
        "check": "used_within_minutes", "minutes": "7", "limits": "99.8"
    }  # fmt: skip
    assert result.error == ""


def test_the_less_common_numbers_are_pinned_as_the_queries_that_they_are_of(
    server: Server, loaded: Store
) -> None:
    page = server.page("", [*PERIOD, ("more", "yes")])
    page = server.press(page, "pin_more_numbers")
    commit(server, page, pin_name="More")
    results = run_notebook(loaded, text_of(server, "More")).results
    assert [one.meaning.query for one in results] == ["numbers", "maturity", "time_to_redeem"]
    assert [one.meaning.choice.query() for one in results] == [
        "from=2016-01-15&to=2016-01-21", "", ""
    ]  # fmt: skip
    assert {one.error for one in results} == {""}


def test_a_comparison_is_pinned_with_what_it_compares(server: Server, loaded: Store) -> None:
    page = server.page("", [*PERIOD, ("group", "Email"), ("b.group", "SMS")])
    page = server.press(page, "pin_compare")
    page = commit(server, page, pin_name="Two groups")
    page = server.press(page, "pin_over_time")
    commit(server, page, "Two groups")
    document = read(text_of(server, "Two groups"))
    assert document.filter == "group=Email&from=2016-01-15&to=2016-01-21"
    numbers, chart = run_notebook(loaded, document.text()).results
    assert [numbers.meaning.cell.kind, chart.meaning.cell.kind] == ["compare", "chart"]
    for result in (numbers, chart):
        assert result.error == ""
        assert result.meaning.choice.query() == (
            "group=Email&from=2016-01-15&to=2016-01-21&b.group=SMS"
        )


def test_a_pin_with_other_filters_carries_what_differs(server: Server) -> None:
    page = server.page("", [("group", "Email")])
    page = server.press(page, "pin_status")
    commit(server, page, pin_name="Groups")
    page = server.page("", [("group", "SMS")])
    page = server.press(page, "pin_status")
    page = commit(server, page, "Groups")
    assert text_of(server, "Groups").endswith(
        "```chart status_2\nquery: status\ntitle: Status of the codes\nfilter: group=SMS\n```\n"
    )
    (notice,) = elements(page, "success")
    assert notice["props"]["body"] == "Pinned to “Groups”. It is the cell “status\\_2” at its end."


def test_the_notice_leads_to_the_notebook(server: Server) -> None:
    page = server.press(server.page("", [("group", "Email")]), "pin_status")
    page = commit(server, page, pin_name="A & B")
    links = [link["props"] for link in elements(page, "page_link")]
    (link,) = (link for link in links if link["label"] == "Open the notebook")
    assert link["page"] == "notebook"
    assert link["query_params"] == {"group": ["Email"], "name": ["A & B"]}


@pytest.mark.parametrize(
    ("fields", "list_", "note"),
    [({"pin_with_list": True}, "abc", LIST_PINNED), ({}, None, LIST_LEFT_OUT)],
)
def test_a_list_of_codes_is_pinned_where_somebody_wants_it(
    server: Server, fields: dict[str, bool], list_: str | None, note: str
) -> None:
    page = server.press(server.page("", [("list", "abc"), ("group", "Email")]), "pin_numbers")
    page = commit(server, page, pin_name=f"With list {list_}", **fields)
    (notice,) = elements(page, "success")
    assert notice["props"]["body"].endswith(note)
    document = read(text_of(server, f"With list {list_}"))
    (meaning,) = meanings(document)
    assert document.filter == "group=Email"
    assert meaning.choice.filters == Filters(group=("Email",), list_=list_)


def test_without_its_list_a_checked_list_is_not_pinned() -> None:
    of_list = Filters(list_="abc")
    pin = Pin("numbers", "list", filters=of_list, is_a_list=True)
    with pytest.raises(NotSaved, match="Without the list there is nothing to pin"):
        Wish(((pin, of_list, None),)).without_lists()


@pytest.mark.parametrize(("name", "problem"), [("", "name"), ("a/b", "name"), ("x" * 200, "name")])
def test_a_name_that_no_notebook_can_have_is_refused_with_a_sentence(
    server: Server, name: str, problem: str
) -> None:
    page = server.press(server.page(""), "pin_status")
    page = commit(server, page, pin_name=name)
    (error,) = elements(page, "error")
    assert problem in error["props"]["body"].lower()
    assert elements(page, "success") == []


def test_no_code_gets_into_a_notebook_by_a_filter_or_a_name(tmp_path: Path) -> None:
    with opened(tmp_path / "vouchers.duckdb") as store:
        import_rows(store, tmp_path / "codes.csv", Code("JANE7K2QD"))
    folder = tmp_path / "notebooks"
    with serving(
        store.path, tmp_path / "log", VOUCHERS_SAMPLE="0", VOUCHERS_NOTEBOOKS=str(folder)
    ) as running:
        for filters, name in (([("batch", "JANE7K2QD")], "Monday"), ([], "About jane7k2qd")):
            page = (
                running.press(running.page("codes", filters), "pin_codes")
                if not filters
                else (running.press(running.page("pivot", filters), "pin_numbers"))
            )
            page = commit(running, page, pin_name=name)
            assert [e["props"]["body"] for e in elements(page, "error")] == [A_CODE]
        assert "JANE" not in running.log.read_text("utf-8")
    assert list(folder.glob("*.md")) == []
