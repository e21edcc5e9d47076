"""The page of a notebook: the pages' own numbers, kept, changed and run again."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from queries.notebooks.as_json import results_in
from tests.support.notebook_page import (
    alerts,
    finished,
    load,
    marks,
    open_notebook,
    texts,
    with_sql,
    write,
)
from tests.support.rows import Code
from tests.support.server import Server, elements, serving, tiles
from tests.support.stores import copied

READING = re.compile(r"All time · [\d,]+ net redemption")
GROUPS = ("Email", "SMS", "Newspaper")
NUMBERS = """---
title: Monday report
filter: group=Email
---
{{ all.net }} net, {{ weeks.net }} in weeks, {{ nobody.net }}

```numbers all
```

```chart weeks
query: over_time
grain: week
```

```numbers sms
filter: group=SMS
tiles: Net redemptions
```
"""


@pytest.fixture(scope="module")
def server(fixture_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("notebook_page")
    with serving(copied(fixture_file, folder), folder / "log", VOUCHERS_SAMPLE="0") as running:
        yield running


def test_its_cells_have_the_numbers_of_the_pages_for_the_same_filter(server: Server) -> None:
    write(server, "Monday", NUMBERS)
    page = open_notebook(server, "Monday")
    shown = [(t["props"]["label"], t["props"]["value"]) for t in elements(page, "metric")]
    own = tiles(server.page("", [("group", "Email")]))
    assert shown[:-1] == [(label, own[label]) for label, _ in shown[:-1]]
    of_sms = tiles(server.page("", [("group", "SMS")]))["Net redemptions"]
    assert shown[-1] == ("Net redemptions", of_sms)
    weeks = server.page("", [("group", "Email"), ("grain", "week")])
    reading = next(t for t in texts(weeks, "caption") if READING.match(t))
    assert reading in texts(page, "caption")
    assert marks(page) == ["fresh"] * 3


def test_a_text_has_live_numbers_and_says_why_one_has_none(server: Server) -> None:
    write(server, "Monday", NUMBERS)
    page = open_notebook(server, "Monday")
    net = tiles(server.page("", [("group", "Email")]))["Net redemptions"]
    assert any(f"**{net}**](#all" in text for text in texts(page, "markdown"))
    assert "there is no cell nobody" in alerts(page)


def test_the_sidebars_filter_is_the_notebooks_and_is_saved(server: Server) -> None:
    file = write(server, "Monday", NUMBERS)
    page = open_notebook(server, "Monday", {"group": ["SMS"]})
    assert file.read_text("utf-8") == NUMBERS.replace("filter: group=Email", "filter: group=SMS", 1)
    own = tiles(server.page("", [("group", "SMS")]))
    assert {t["props"]["value"] for t in elements(page, "metric")} <= {*own.values()}


def test_what_an_import_changes_is_said_and_results_stay_until_they_run_again(
    server: Server,
) -> None:
    write(server, "Monday", NUMBERS)
    page = open_notebook(server, "Monday")
    before = tiles(page)
    load(server, Code("NEW1", "Email"))
    later = server.again(page)
    assert tiles(later) == before
    assert marks(later)[0].startswith("stale")
    assert "1 import since (new.csv)" in alerts(later)
    again = server.press(later, "run_since")
    assert marks(again) == ["fresh"] * 3
    codes = int(before["Codes issued"].replace(",", ""))
    assert tiles(again)["Codes issued"] == f"{codes + 1:,}"


def test_a_cell_that_is_wrong_says_why_and_the_others_go_on(server: Server) -> None:
    text = "```chart nothing\n```\n```numbers all\n```\n```compare c\n```\n"
    write(server, "Monday", text)
    page = open_notebook(server, "Monday")
    assert marks(page) == ["failed", "fresh", "failed"]
    assert "There is no chart or query nothing." in alerts(page)
    assert "compares nothing" in alerts(page)


def test_the_choices_of_a_cell_that_is_edited_stand_above_its_result(server: Server) -> None:
    write(server, "Monday", "```numbers all\n```\n")
    page = server.choose(open_notebook(server, "Monday"), "menu_0", "Edit")
    drawn = json.dumps(page)
    assert -1 < drawn.find('"title_0"') < drawn.find('"metric"')


def test_the_editor_of_a_text_offers_the_numbers_of_cells_below_it(server: Server) -> None:
    write(server, "Monday", "Hello\n\n```numbers all\n```\n")
    page = server.choose(open_notebook(server, "Monday"), "menu_0", "Edit")
    assert "all.net" in json.dumps(page)


def test_a_cell_gets_another_name_that_is_free(server: Server) -> None:
    file = write(server, "Monday", "```sql sql\nselect 1 as n\n```\n```numbers all\n```\n")
    page = server.choose(open_notebook(server, "Monday"), "menu_0", "Edit")
    page = server.set(page, name_0_sql="by group")
    assert file.read_text("utf-8").startswith("```sql by_group\n")
    server.set(page, name_0_by_group="all")
    assert file.read_text("utf-8").startswith("```sql all_2\n")


def test_sql_reads_earlier_cells_and_says_where_it_is_wrong(server: Server) -> None:
    text = (
        "```sql groups\nselect group_name, count(*) as codes from chosen_codes group by all\n```\n"
        "```sql most\nselect max(codes) as codes from groups\n```\n"
        "```sql wrong\nselect\n  codez from groups\n```\n"
        "{{ most.codes }} codes\n"
    )
    write(server, "Monday", text)
    page = with_sql(server)
    assert marks(page) == ["fresh", "fresh", "failed"]
    assert "Line 2, column 3: There is no column codez" in alerts(page)
    most = max(
        int(codes)
        for codes in (tiles(server.page("", [("group", g)]))["Codes issued"] for g in GROUPS)
    )
    assert any(f"**{most}**](#most" in text for text in texts(page, "markdown"))


def test_sql_and_alerts_have_all_rows_of_an_earlier_cell(server: Server) -> None:
    text = (
        "---\nfilter: from=2015-01-01&to=2015-03-31\n---\n"
        "```chart hours\nquery: over_time\ngrain: hour\nalert: net < 0\n```\n"
        "```sql counted\nselect count(*) as hours from hours\n```\n"
        "{{ counted.hours }} hours\n"
    )
    write(server, "Hours", text)
    page = with_sql(server, "Hours")
    assert any("**2,160**](#counted" in text for text in texts(page, "markdown"))
    assert alerts(page) == ""


def test_sql_that_reads_a_cell_without_a_result_says_so(server: Server) -> None:
    write(server, "Failed", "```chart nothing\n```\n```sql s\nselect * from nothing\n```\n")
    page = with_sql(server, "Failed")
    assert "s reads nothing, which has failed." in alerts(page)


def test_a_notebook_that_is_not_there_leads_to_the_list(server: Server) -> None:
    page = open_notebook(server, "Nothing")
    assert "This notebook is not there any more." in alerts(page)
    assert [link["props"]["label"] for link in elements(page, "page_link")].count("All notebooks")


def test_the_links_freeze_what_the_page_shows(server: Server) -> None:
    write(server, "Monday", NUMBERS)
    page = open_notebook(server, "Monday")
    urls = [link["props"]["url"] for link in elements(page, "link_button")]
    (frozen,) = [url for url in urls if "/export/notebooks/Monday.html" in url]
    sent = httpx.get(server.url + frozen, timeout=60)
    results = results_in(sent.content)
    assert results is not None
    whole = {t["props"]["label"]: t["props"]["value"] for t in elements(page, "metric")[:-1]}
    (own,) = [cell for cell in results["cells"] if cell["name"] == "all"]
    net = dict(zip(own["columns"], own["rows"][0], strict=True))["net"]
    assert whole["Net redemptions"] == f"{net:,}"
    assert all(f'<dd class="value">{value}</dd>' in sent.text for value in whole.values())
    (source,) = [url for url in urls if url.endswith("/notebook.md")]
    assert httpx.get(server.url + source).text == NUMBERS


def test_a_notebook_that_goes_while_it_is_open_can_be_made_again(server: Server) -> None:
    file = write(server, "Gone", "A text.\n\n```numbers all\n```\n")
    page = open_notebook(server, "Gone")
    file.unlink()

    page = server.again(page)
    assert "This notebook is not there any more." in alerts(page)
    page = server.press(page, "make_again")

    assert file.read_text("utf-8") == "A text.\n\n```numbers all\n```\n"
    assert tiles(page)


STALE = """{{ total.net }}

```chart weeks
query: over_time
grain: week
```

```sql total
select sum(net) as net from weeks
```
"""


def test_sql_that_has_run_again_over_older_rows_is_stale(server: Server) -> None:
    write(server, "Stale", STALE)
    page = with_sql(server, "Stale")
    assert marks(page) == ["fresh", "fresh"]
    load(server, Code("N3", "SMS", redeemed="20/01/2016 10:00"))
    page = server.again(page)
    assert [mark.split(":")[0] for mark in marks(page)] == ["stale", "stale"]
    assert "Stale, of older data: total.net." in texts(page, "caption")

    write(server, "Stale", STALE.replace("sum(net) as net", "sum(net) + 0 as net"))
    page = finished(server, server.again(page))
    assert [mark.split(":")[0] for mark in marks(page)] == ["stale", "stale"]

    page = finished(server, server.pick(page, "menu_3", "Run again"))
    assert marks(page) == ["fresh", "fresh"]
    assert not any(text.startswith("Stale") for text in texts(page, "caption"))


def test_sql_over_a_cell_that_cannot_run_has_no_result_until_it_can(server: Server) -> None:
    text = (
        "```sql first\n-- controls: from=nope\nselect 1 as one\n```\n"
        "```sql second\nselect * from first\n```\n"
    )
    write(server, "Blocked", text)
    page = with_sql(server, "Blocked")
    assert marks(page) == ["failed", "failed"]
    assert "second reads first, which has failed." in alerts(page)

    write(server, "Blocked", text.replace("-- controls: from=nope\n", ""))
    page = with_sql(server, "Blocked")
    assert marks(page) == ["fresh", "fresh"]


def test_filters_of_another_page_or_address_are_not_saved_as_the_notebooks(server: Server) -> None:
    file = write(server, "Own", "---\nfilter: group=Email\n---\n```numbers all\n```\n")
    text = file.read_text("utf-8")
    page = open_notebook(server, "Own")
    page = server.go(page, "")
    page = server.set(page, group=["SMS"])

    for parameters in ({}, {"group": ["SMS"]}):
        page = server.go(page, "notebook", name=["Own"], **parameters)
        assert page["query_params"] == {"group": ["Email"], "name": ["Own"]}
        assert file.read_text("utf-8") == text


def test_a_control_with_a_day_that_is_none_fails_alone(server: Server) -> None:
    control = "```control day\ntype: date\nvalue: 99999-01-01\n```\n"
    write(server, "Day", f"{control}```numbers all\n```\n{{{{ day.value }}}}\n")

    page = open_notebook(server, "Day")

    assert "The control day takes a day such as 2026-11-23." in alerts(page)
    assert tiles(page)


def test_a_filter_with_more_values_than_an_address_has_is_said(server: Server) -> None:
    groups = "&".join(f"group=g{number}" for number in range(1_000))
    file = write(server, "Wide", f"---\nfilter: {groups}\n---\n```numbers all\n```\n")
    text = file.read_text("utf-8")

    page = open_notebook(server, "Wide")

    assert "1,000 values are more than a page can choose at once" in alerts(page)
    assert "You see this notebook with another filter than it has." in alerts(page)
    assert tiles(page)
    assert file.read_text("utf-8") == text


def test_a_notebook_of_more_cells_than_a_page_shows_says_so(server: Server) -> None:
    cells = "".join(f"```control c{number}\ntype: number\n```\n" for number in range(1_002))
    write(server, "Long", cells)

    page = open_notebook(server, "Long")

    assert "The last 2 cells and texts are not shown" in alerts(page)
    assert len(elements(page, "number_input")) == 1_000
