"""Values that no browser would send for a widget show a sentence or nothing, and are not logged."""

import pytest

from tests.support.hostile_tab import HostileTab
from tests.support.rows import SECRET
from tests.support.server import Server

TEXT = f"{SECRET}HOSTILE\x1b[31m"
NOT_MADE = "This part of the page could not be made."
# One widget of each kind, on the page that has it.
WIDGETS = [
    *(("", key) for key in ("folder", "period", "from", "status", "grain", "chart_by_site")),
    *(("codes", key) for key in ("code_search", "codes_sort", "codes_descending", "rows_codes")),
    ("imports", "uploads_0"),
]
VALUES: list[dict[str, object]] = [
    {"string_value": TEXT},
    {"string_array_value": [TEXT]},
    {"string_array_value": ["0001-01-01", "9999-12-31"]},
    {"int_value": 10**9},
    {"int_array_value": [99, -7]},
    {"double_value": float("nan")},
    {"bool_value": True},
    {"json_value": f'["{SECRET}"'},
    {"json_value": f'{{"selection": {{"rows": [999], "points": [{{"x": "{SECRET}"}}]}}}}'},
    {"bytes_value": b"\xff"},
]


@pytest.mark.parametrize(("page", "key"), WIDGETS)
def test_a_hostile_value_of_a_widget_shows_no_traceback_and_logs_no_text(
    server: Server, page: str, key: str
) -> None:
    for value in VALUES:
        before = server.log.stat().st_size
        with HostileTab(server.url, page) as tab:
            tab.open()
            shown = tab.send(key, **value)
        logged = server.log.read_bytes()[before:].decode()
        assert not [text for text in shown if text.startswith("exception")]
        assert not [text for text in shown if "Traceback" in text or "Error" in text]
        assert SECRET not in logged
        assert "Traceback" not in logged
        # What is logged as a failure is said on the page.
        assert ("Uncaught" in logged) <= any(NOT_MADE in text for text in shown)


@pytest.mark.parametrize(
    ("page", "key", "value"),
    [
        ("", "period", {"string_value": "For ever"}),
        ("", "folder", {"string_array_value": ["Nowhere"]}),
        ("", "from", {"string_array_value": ["9999-12-31"]}),
        ("codes", "codes_sort", {"string_value": "Luck"}),
        ("codes", "rows_codes", {"string_value": '{"selection": {"rows": [999]}}'}),
        ("batches", "rows_batches", {"string_value": '{"selection": {"rows": [-1, 999]}}'}),
    ],
)
def test_a_value_of_the_right_kind_that_is_not_offered_fails_nothing(
    server: Server, page: str, key: str, value: dict[str, object]
) -> None:
    before = server.log.stat().st_size
    with HostileTab(server.url, page) as tab:
        tab.open()
        shown = tab.send(key, **value)
    assert not [text for text in shown if NOT_MADE in text]
    assert "Uncaught" not in server.log.read_bytes()[before:].decode()


def test_a_page_that_had_a_hostile_value_works_again(server: Server) -> None:
    with HostileTab(server.url) as tab:
        tab.open()
        assert any(NOT_MADE in text for text in tab.send("folder", string_value=TEXT))
        assert tab.send("folder", string_array_value=[]) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("codes_page", {"int_value": 10**9}),
        ("codes_page", {"int_value": 0}),
        ("codes_page", {"int_value": -5}),
        ("codes_page_typed", {"double_value": 1e9}),
        ("codes_page_typed", {"double_value": -1.0}),
    ],
)
def test_a_page_number_beyond_the_pages_fails_nothing(
    large_server: Server, key: str, value: dict[str, object]
) -> None:
    before = large_server.log.stat().st_size
    with HostileTab(large_server.url, "codes") as tab:
        tab.open()
        shown = tab.send(key, **value)
    assert shown == []
    assert "Uncaught" not in large_server.log.read_bytes()[before:].decode()
