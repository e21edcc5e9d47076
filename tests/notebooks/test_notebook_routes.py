"""Notebooks leave the app by routes: frozen, cell by cell, with receipts, for those who may."""

import csv
import hashlib
import io
import json
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from data.store import audit
from data.store.audit import Event
from data.store.database import Store
from pages.cells.shown import NO_RIGHT
from pages.people.notebooks import NotebooksOfPeople
from pages.people.person import THIS_COMPUTER, Person
from pages.routes import notebooks
from pages.routes.downloads import ROUTES as RECEIPTS
from pages.text.addresses import notebook_cell_url, notebook_file_url, notebook_source_url
from queries.access import Access
from queries.downloading.receipts import history_of
from queries.notebooks.as_json import results_in
from tests.support.routes import serving_routes
from tests.support.rows import SECRET, Code, Transaction
from tests.support.vouchers import Vouchers

NAME = "Monday report"
TEXT = """---
title: Monday report
filter: from=2016-01-08&to=2016-01-14
---
{{ week.net }} redeemed.

```numbers week
```

```pivot groups
rows: group
```

```chart codes_rows
```

```chart wrong
query: nothing
```

```sql by_group
select group_name, count(*) as codes from chosen_codes group by all order by 1
```
"""
VERA = Person("default:vera", "vera@example.com", "viewer", Access(masked=True))
ANNA = Person("default:anna", "anna@example.com", "analyst", Access(masked=True))
LENA = Person("default:lena", "lena@example.com", "exporter", Access(groups=("Email",)))


@pytest.fixture
def filled(vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """Two codes and two redemptions in the week, and a notebook in the folder."""
    vouchers.load(Code(SECRET), Code("B2", "SMS"))
    vouchers.load(
        Transaction(1, SECRET, time="09/01/2016 12:00"),
        Transaction(2, "B2", "SMS", time="12/01/2016 12:00"),
    )
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / f"{NAME}.md").write_text(TEXT, "utf-8")
    monkeypatch.setenv("VOUCHERS_NOTEBOOKS", str(folder))
    return vouchers.store


def get(
    store: Store, monkeypatch: pytest.MonkeyPatch, address: str, person: Person = THIS_COMPUTER
) -> httpx.Response:
    routes = (*RECEIPTS, *notebooks.ROUTES)
    with serving_routes(store, monkeypatch, routes, person) as url:
        return httpx.get(url + address, timeout=60)


@pytest.mark.parametrize("form", ["html", "xlsx", "md", "ipynb"])
def test_a_notebook_leaves_in_each_form_with_a_receipt_of_its_bytes_and_in_the_log(
    filled: Store, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = filled.path
    sent = get(filled, monkeypatch, notebook_file_url(NAME, form))
    assert sent.status_code == 200, sent.text
    assert quote(f"{NAME}.{form}") in sent.headers["content-disposition"]
    receipt_id = sent.headers["x-receipt"].rpartition("/")[2].removesuffix(".json")
    receipt = history_of(path).receipt(receipt_id)
    assert receipt is not None
    assert receipt["sha256"] == hashlib.sha256(sent.content).hexdigest()
    assert (receipt["what"], receipt["format"]) == ("query notebook", form)
    assert receipt["filters"] == "All codes, 8–14 Jan 2016"
    left, began, *_ = audit.entries(path)
    assert (began["event"], left["event"]) == (Event.FILE_BEGAN, Event.FILE_LEFT)
    assert SECRET not in json.dumps([receipt, began, left])
    if form != "xlsx":
        assert receipt_id in sent.text


def test_other_filters_stand_in_for_the_notebooks(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = get(filled, monkeypatch, notebook_file_url(NAME, "html", "group=SMS"))
    results = results_in(sent.content)
    assert results is not None
    (week,) = [cell for cell in results["cells"] if cell["name"] == "week"]
    assert dict(zip(week["columns"], week["rows"][0], strict=True))["net"] == 1
    assert results["overrides"] == [["group", "SMS"]]


def test_sql_cells_run_on_a_copy_and_are_frozen_too(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = get(filled, monkeypatch, notebook_file_url(NAME, "html"))
    results = results_in(sent.content)
    assert results is not None
    (cell,) = [cell for cell in results["cells"] if cell["name"] == "by_group"]
    assert cell["rows"] == [["Email", 1], ["SMS", 1]], cell["error"]


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        ("groups", [["Group", "Net redemptions"], ["Email", "1"], ["SMS", "1"], ["Total", "2"]]),
        ("by_group", [["Group_Name", "codes"], ["Email", "1"], ["SMS", "1"]]),
    ],
)
def test_all_rows_of_a_cell_leave_as_a_file(
    filled: Store, monkeypatch: pytest.MonkeyPatch, cell: str, rows: list[list[str]]
) -> None:
    sent = get(filled, monkeypatch, notebook_cell_url(NAME, cell, "csv"))
    assert sent.status_code == 200, sent.text
    found = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [[text.casefold() for text in row] for row in found] == [
        [text.casefold() for text in row] for row in rows
    ]
    assert sent.headers["x-receipt"]


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_cell_leaves_in_the_other_forms(
    filled: Store, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    sent = get(filled, monkeypatch, notebook_cell_url(NAME, "week", form))
    assert sent.status_code == 200, sent.text
    assert sent.content[:2] == {"xlsx": b"PK", "parquet": b"PA"}[form]


def test_a_cell_without_a_result_says_why(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = get(filled, monkeypatch, notebook_cell_url(NAME, "wrong", "csv"))
    assert (sent.status_code, sent.text) == (400, "There is no query nothing.")


def test_a_notebooks_own_file_is_as_it_was_written(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = get(filled, monkeypatch, notebook_source_url(NAME))
    assert sent.text == TEXT
    assert "x-receipt" not in sent.headers


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (notebook_file_url("None", "html"), 404),
        (notebook_file_url(NAME, "pdf"), 404),
        (notebook_cell_url(NAME, "none", "csv"), 404),
        (notebook_cell_url(NAME, "week", "html"), 404),
        (notebook_file_url("..%2F..%2Fetc%2Fpasswd", "html"), 404),
        (notebook_file_url(NAME, "html", "nothing=1"), 400),
    ],
)
def test_other_addresses_are_refused(
    filled: Store, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    assert get(filled, monkeypatch, address).status_code == status


def test_a_notebook_that_is_not_for_somebody_is_not_there(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the folder is for those who see everything."""
    assert get(filled, monkeypatch, notebook_file_url(NAME, "html"), LENA).status_code == 404


def shared_with_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NotebooksOfPeople, "_may_read", lambda self, person, entry, text: True)


def test_codes_are_masked_and_rows_withheld_by_role(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_with_everybody(monkeypatch)
    path = filled.path
    masked = get(filled, monkeypatch, notebook_file_url(NAME, "html"), ANNA)
    assert masked.status_code == 200
    assert SECRET not in masked.text
    assert NO_RIGHT not in masked.text
    withheld = get(Store(path), monkeypatch, notebook_file_url(NAME, "html"), VERA)
    assert withheld.text.count(NO_RIGHT) >= 2
    assert "B2" not in withheld.text
    refused = get(Store(path), monkeypatch, notebook_cell_url(NAME, "by_group", "csv"), VERA)
    assert (refused.status_code, refused.text) == (403, NO_RIGHT)
