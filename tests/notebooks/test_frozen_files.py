"""The files of a frozen notebook: whole, true, and harmless whatever a notebook says."""

import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.database import Store
from pages.people.person import Person
from queries.access import Access
from queries.notebooks.as_json import as_json, results_in
from queries.notebooks.freezing import columns
from queries.notebooks.freezing.columns import kinds_of_rows, text_of
from queries.notebooks.freezing.plain import harmless, plain
from queries.notebooks.freezing.workbook import FIRST_SHEET, LONGEST_NAME, sheet_names
from queries.notebooks.freezing.write import FORMS
from tests.support.frozen import RECEIPT, SameRows, freeze, written
from tests.support.hostile_notebook import HOSTILE
from tests.support.rows import Code, Transaction
from tests.support.stores import temporary_store
from tests.support.vouchers import Vouchers

SECRET = "SECRET77Q"
REPORT = """---
title: Monday report
filter: from=2016-01-08&to=2016-01-14
---
# Monday report

{{ week.net }} redeemed, {{ week.change }}; {{ week.nett }}; `{{ week.net }}`.

## Numbers

```numbers week
alert: net > 1
```

```chart over_time
grain: day
```

```pivot sites
rows: site
measure: net
```

```chart codes_rows
```

```sql by_day
select 1
```
"""
ANNA = Person("anna", "Anna", "analyst", Access(masked=True))
LENA = Person("lena", "Lena", "exporter", Access(groups=("Email",)))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Three redemptions in a week and one before it; a site whose name is a formula."""
    with temporary_store() as opened:
        vouchers = Vouchers(opened, opened.path.parent)
        vouchers.load(*[Code(f"{SECRET}{n}", "Email" if n % 2 else "SMS") for n in range(1, 6)])
        vouchers.load(
            *[Transaction(n, f"{SECRET}{n}", "Email" if n % 2 else "SMS", site=site,
                          time=f"{day:02}/01/2016 12:00")
              for n, day, site in ((1, 1, "Mall"), (2, 9, "=1+1"), (3, 10, "</script>"),
                                   (4, 11, "Mall"))]
        )  # fmt: skip
        yield opened


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text outside scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text, self._inside = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        self.text += "" if self._inside else data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def page(store: Store, text: str, person: Person | None = None) -> Elements:
    frozen = freeze(store, text, person) if person else freeze(store, text)
    return Elements(written(frozen, "html").decode())


def test_a_page_says_what_its_numbers_rest_on(store: Store) -> None:
    frozen = freeze(store, REPORT)
    facts = dict(frozen.facts())
    assert facts["Filter"] == "All codes, 8–14 Jan 2016"
    assert facts["Filter as in an address"] == "from=2016-01-08&to=2016-01-14"
    assert facts["State of the data"] == frozen.run.state
    assert facts["Receipt"] == RECEIPT
    assert facts["Imports in force"] == "codes.csv, transactions.csv"
    text = Elements(written(frozen, "html").decode()).text
    assert all(words in text for words in facts.values())
    assert "week: net is 3, above 1" in text


def test_imports_are_named_to_nobody_who_sees_some_rows_only(store: Store) -> None:
    assert "Imports in force" not in dict(freeze(store, REPORT, LENA).facts())


def test_a_page_has_a_title_a_language_headings_and_links_to_them(store: Store) -> None:
    elements = page(store, REPORT)
    assert elements.all("html") == [{"lang": "en"}]
    assert len(elements.all("h1")) == 1
    assert [len(elements.all(f"h{level}")) for level in (2, 3, 4)] == [2, 5, 0]
    anchors = [link["href"] for link in elements.all("a")]
    ids = {attributes["id"] for _, attributes in elements.found if attributes.get("id")}
    assert {str(anchor)[1:] for anchor in anchors} <= ids


def test_live_numbers_lead_to_their_cell_and_say_what_they_are_of(store: Store) -> None:
    elements = page(store, REPORT)
    live = [link for link in elements.all("a") if link.get("class") == "live"]
    assert [link["href"] for link in live] == ["#cell-1", "#cell-1"]
    assert str(live[0]["title"]).startswith("week.net: All codes, 8–14 Jan 2016 · state of")
    assert "3 redeemed, +200.0%; (week has no column nett: did you mean net?); {{ week.net }}." in (
        elements.text
    )


def test_tables_have_captions_and_name_their_columns_and_rows(store: Store) -> None:
    elements = page(store, REPORT)
    scopes = {header.get("scope") for header in elements.all("th")}
    assert scopes == {"col", "row"}
    assert len(elements.all("table")) == len(elements.all("caption"))


def test_a_page_may_load_nothing_and_runs_its_own_scripts_only(store: Store) -> None:
    elements = page(store, REPORT)
    policy = next(
        str(one["content"])
        for one in elements.all("meta")
        if one.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    for tag, attributes in elements.found:
        assert tag not in ("iframe", "object", "embed", "link", "base", "form")
        assert not any(name.startswith("on") for name in attributes), tag
        assert "src" not in attributes or str(attributes["src"]).startswith("data:")


def test_the_results_in_a_page_are_those_of_its_run(store: Store) -> None:
    frozen = freeze(store, REPORT)
    assert results_in(written(frozen, "html")) == as_json(frozen.run, [], RECEIPT)


def test_codes_are_masked_in_every_form_for_whom_they_are(store: Store) -> None:
    for form in FORMS:
        content = written(freeze(store, REPORT, ANNA), form)
        texts = sheets(content) if form == "xlsx" else content.decode()
        assert SECRET not in texts
    assert SECRET in written(freeze(store, REPORT), "html").decode()


def sheets(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(value) for sheet in book for row in sheet.values for value in row)


def test_a_table_that_is_too_wide_for_paper_says_so_there(store: Store) -> None:
    for count in (30, 31):
        rows = pd.DataFrame([range(count)])
        frozen = freeze(store, "```sql wide\nselect 1\n```\n", sql_cells=SameRows(rows, 1))
        text = Elements(written(frozen, "html").decode()).text
        assert ("31 columns, too many for paper" in text) == (count == 31)


# Hostile texts


def test_nothing_that_a_notebook_says_becomes_an_element_or_a_script(store: Store) -> None:
    elements = page(store, HOSTILE)
    scripts = [one for one in elements.all("script") if one.get("type") is None]
    assert len(scripts) == 2  # Plotly's and ours
    assert elements.all("img") == []
    assert elements.all("svg") == []
    assert elements.all("b") == []
    for link in elements.all("a"):
        assert re.match(r"#|https://example\.com/", str(link["href"])), link
        assert str(link["href"]).startswith("#") or link["rel"] == "noopener noreferrer"
    assert "<script>window.ran = 3</script>" in elements.text


def test_nothing_in_markdown_or_jupyter_is_markup(store: Store) -> None:
    frozen = freeze(store, HOSTILE)
    texts = [written(frozen, "md").decode()]
    book = json.loads(written(frozen, "ipynb"))
    texts += [cell["source"] for cell in book["cells"] if cell["cell_type"] == "markdown"]
    for text in texts:
        outside = re.sub(r"(?ms)^```.*?^```$", "", text).replace("\\<", "")
        assert "<script" not in outside
        assert "<img" not in outside
        assert "![" not in outside.replace("\\!", "")
    htmls = [
        output["data"].get("text/html", "")
        for cell in book["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
    ]
    assert "<script" not in "".join(htmls)


def test_no_text_in_a_workbook_is_a_formula_or_a_link(store: Store) -> None:
    for text in (HOSTILE, REPORT):
        book = openpyxl.load_workbook(io.BytesIO(written(freeze(store, text), "xlsx")))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
        assert not any(cell.hyperlink for cell in cells)
    values = [cell.value for cell in cells]
    assert "=1+1" in values


def test_a_text_that_looks_like_a_cell_in_xml_is_a_text_in_a_workbook(store: Store) -> None:
    long = f"<r>{'&' * 8_000}</r>"
    for title, shown in (("<r>&</r>",) * 2, ("<r><t>x</t></r>",) * 2, (long, long[:5_460])):
        report = REPORT.replace("title: Monday report", f"title: '{title}'")
        book = openpyxl.load_workbook(io.BytesIO(written(freeze(store, report), "xlsx")))
        assert book[FIRST_SHEET]["A1"].value == shown


# The workbook


def test_a_workbook_has_a_sheet_per_cell_with_all_rows_typed(store: Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(freeze(store, REPORT), "xlsx")))
    assert book.sheetnames == [FIRST_SHEET, "week", "over_time", "sites", "codes_rows", "by_day"]
    front = {row[0]: row[1] for row in book[FIRST_SHEET].iter_rows(min_row=3, values_only=True)}
    assert front["Receipt"] == RECEIPT
    assert front["by_day"] == "By day. SQL cells are turned off here."
    sites = [row[:2] for row in book["sites"].iter_rows(min_row=6, values_only=True)]
    assert sites[0] == ("Site", "Net redemptions")
    assert ("Mall", 1) in sites
    assert sites[-1] == ("Total", 3)
    assert book["week"]["B7"].number_format == "#,##0"
    assert len(list(book["codes_rows"].iter_rows(min_row=7))) == 5


@given(st.lists(st.text(max_size=40), max_size=8))
def test_sheets_have_names_that_excel_takes_each_once(names: list[str]) -> None:
    found = sheet_names(names)
    assert len({name.casefold() for name in found} | {FIRST_SHEET.casefold()}) == len(found) + 1
    for name in found:
        assert 0 < len(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() != "history"


# Jupyter


def test_a_notebook_of_jupyter_has_the_structure_of_its_format(store: Store) -> None:
    frozen = freeze(store, REPORT)
    book = json.loads(written(frozen, "ipynb"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert set(book) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", one) for one in ids)
    for cell in book["cells"]:
        assert isinstance(cell["source"], str)
        assert isinstance(cell["metadata"], dict)
        if cell["cell_type"] == "code":
            assert cell["execution_count"] is None
            for output in cell["outputs"]:
                assert output["output_type"] == "display_data"
                assert set(output) == {"output_type", "data", "metadata"}
                assert all(isinstance(text, str | dict) for text in output["data"].values())
        else:
            assert set(cell) == {"id", "cell_type", "metadata", "source"}
    mimes = {
        mime for cell in book["cells"] for one in cell.get("outputs", ()) for mime in one["data"]
    }
    assert mimes == {"text/plain", "text/html", "application/vnd.plotly.v1+json"}


# Markdown


def test_markdown_has_texts_with_their_numbers_and_tables(store: Store) -> None:
    text = written(freeze(store, REPORT), "md").decode()
    assert text.startswith("# Monday report\n")
    assert text.count("# Monday report\n") == 1
    assert "3 redeemed, +200.0%" in text
    assert "`{{ week.net }}`" in text
    assert "| \\(no site\\) | 0 |" in text or "| Mall | 1 |" in text
    assert f"- Receipt: {RECEIPT}" in text


def test_code_in_a_text_stays_as_it_is() -> None:
    source = "a < b `c < d` ![x](y)\n\n```\n<b> ![\n```\n~~~\n```\n<i>\n~~~\n<u>\n"
    assert harmless(source) == (
        "a &lt; b `c < d` [x](y)\n\n```\n<b> ![\n```\n~~~\n```\n<i>\n~~~\n&lt;u>\n"
    )


def test_names_are_letters_in_markdown() -> None:
    assert plain("*a* | <b>\n`c`") == "\\*a\\* \\| \\<b\\> \\`c\\`"


# Kinds of columns


def test_columns_of_rows_are_rates_by_their_names_and_whole_numbers_by_their_values() -> None:
    frame = pd.DataFrame(
        {
            "redemption_rate": [0.5, None],
            "mean": [1.5, 2.0],
            "n": [1.0, None],
            "at": pd.to_datetime(["2016-01-02 03:04", "2016-01-02 00:00"]),
            "day": pd.to_datetime(["2016-01-02", "2016-01-03"]),
            "name": ["a", None],
        }
    )
    kinds = kinds_of_rows(frame)
    texts = {n: [text_of(kinds[n], value) for value in frame[n]] for n in frame.columns}
    assert texts == {
        "redemption_rate": ["50.0%", "–"],
        "mean": ["1.50", "2.00"],
        "n": ["1", "–"],
        "at": ["2 Jan 2016, 03:04", "2 Jan 2016, 00:00"],
        "day": ["2 Jan 2016", "3 Jan 2016"],
        "name": ["a", "–"],
    }


def test_differences_are_points_of_rates_and_signed_counts() -> None:
    assert text_of(columns.POINTS, -0.0123) == "-1.2 points"
    assert text_of(columns.MORE, 12345) == "+12,345"
    assert text_of(columns.ROW_APART, 3) == "+3"
    assert text_of(columns.ROW_APART, 0.25) == "+25.0 points"
    assert text_of(columns.ROW, 0.25) == "25.0%"
