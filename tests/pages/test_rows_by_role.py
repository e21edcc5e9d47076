"""What the pages with rows offer to persons of each role."""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import owner
from pages.answers import fetch as answers
from pages.downloading import buttons
from pages.people.lookups import MOST, lookups
from pages.people.person import Person
from pages.tables import batches, code_search, paging
from queries.access import Access
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

CODES = ["QZ7E7K2M8Q", "QZ7AAAA111", "QZ7ZZZZ222"]
PLACES = (answers, buttons, batches, code_search, paging)  # where pages ask who the person is


def a_page() -> None:
    import streamlit as st

    from pages.answers import run_log
    from pages.downloading.buttons import download_button
    from pages.frame.url_state import FILTERS
    from pages.tables.batches import rows
    from pages.tables.codes import codes
    from pages.tables.redemptions import redemptions
    from queries.filters import Filters

    run_log.begin()
    filters = st.session_state.setdefault(FILTERS, Filters())
    download_button("codes", filters)
    codes(filters)
    redemptions(filters)
    rows(0)


@pytest.fixture
def page_for(
    vouchers: Vouchers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., AppTest]]:
    """The rows of a store with three codes, as a person of a role sees them."""
    vouchers.load(*map(Code, CODES), batch="7")
    vouchers.load(*(Transaction(n, code) for n, code in enumerate(CODES)))
    vouchers.store.close()
    monkeypatch.setenv("VOUCHERS_STORE", str(vouchers.store.path))
    # AppTest puts its script there, and child processes of other tests would import it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def page(role: str, name: str, access: Access) -> AppTest:
        person = Person(name, name, role, access)
        for module in PLACES:
            monkeypatch.setattr(module, "person", lambda: person)
        return AppTest.from_function(a_page, default_timeout=30).run()

    yield page
    owner.close()


def shown(app: AppTest) -> str:
    """All that is on the screen."""
    assert not app.exception
    tables = [frame.value.to_dict() for frame in app.dataframe]
    return "".join(str(element.proto) for element in _elements(app.main)) + repr(tables)


def _elements(block: Any) -> Iterator[Any]:  # noqa: ANN401 - Streamlit's own tree
    for child in block.children.values():
        if hasattr(child, "children"):
            yield from _elements(child)
        else:
            yield child


def sorts(app: AppTest) -> set[str]:
    return {option for box in app.selectbox if box.label == "Sort by" for option in box.options}


def test_a_viewer_sees_masked_rows_and_no_search_and_no_link_to_a_file(
    page_for: Callable[..., AppTest],
) -> None:
    app = page_for("viewer", "Vera", Access(masked=True))
    assert not any(code in shown(app) for code in CODES)
    assert "•••••" in shown(app)
    assert [box.label for box in app.text_input] == []
    assert "/export/" not in shown(app)
    assert buttons.NO_FILES in [caption.value for caption in app.caption]
    assert "Code" not in sorts(app)


def test_a_viewer_who_makes_the_field_up_finds_nothing_by_it(
    page_for: Callable[..., AppTest],
) -> None:
    app = page_for("viewer", "Vera", Access(masked=True))
    app.session_state["code_search"] = CODES[0]
    app.run()
    assert not any("found" in caption.value for caption in app.caption)
    assert len(app.dataframe[0].value) == len(CODES)


def test_an_analyst_finds_a_whole_code_and_none_by_a_part_of_it(
    page_for: Callable[..., AppTest],
) -> None:
    app = page_for("analyst", "Anna", Access(masked=True))
    assert "/export/codes.csv" in shown(app)
    for text, count in ((CODES[0], 1), (CODES[0][:6], 0), (CODES[0].lower(), 0)):
        app.text_input(key="code_search").set_value(text).run()
        found = [c.value for c in app.caption if "found" in c.value]
        assert found[0].startswith(f"{count} code")
        assert not app.toggle or "Also codes that contain it" not in [t.label for t in app.toggle]
        assert CODES[0] not in repr([frame.value.to_dict() for frame in app.dataframe])
    assert "Code" not in sorts(app)


def test_an_analyst_waits_after_many_codes(page_for: Callable[..., AppTest]) -> None:
    app = page_for("analyst", "Ada", Access(masked=True))
    for number in range(MOST):
        assert lookups.wait("Ada", f"C{number}", time.monotonic()) == 0
    app.text_input(key="code_search").set_value(CODES[0]).run()
    (warning,) = app.warning
    assert warning.value.startswith(f"You have looked up {MOST} codes within a minute")
    assert "Try again in" in warning.value
    assert not any("found" in caption.value for caption in app.caption)


def test_an_exporter_searches_by_any_part_and_sorts_by_the_code(
    page_for: Callable[..., AppTest],
) -> None:
    app = page_for("exporter", "Emil", Access())
    assert all(code in shown(app) for code in CODES)
    assert "Code" in sorts(app)
    app.text_input(key="code_search").set_value(CODES[0][3:7]).run()
    assert any(c.value.startswith("1 code found") for c in app.caption)


def test_who_sees_another_group_sees_none_of_these_rows(page_for: Callable[..., AppTest]) -> None:
    app = page_for("exporter", "Otto", Access(groups=("SMS",)))
    assert not any(code in shown(app) for code in CODES)
    assert [len(frame.value) for frame in app.dataframe] == [0, 0, 0]
