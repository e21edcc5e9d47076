"""The address on a receipt shows its view again."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.support.downloads import download, import_code, receipt_of
from tests.support.server import Server, elements


def page_of(server: Server, receipt: dict[str, Any]) -> dict[str, Any]:
    """The page at a receipt's address."""
    path, _, query = receipt["url"].partition("?")
    return server.page(path.removeprefix("/"), parse_qsl(query))


def test_the_address_on_a_receipt_shows_the_view_again(server: Server) -> None:
    response = download(server, "/export/codes.csv?group=Email&group=SMS&asof=2016-02-10")
    receipt = receipt_of(server, response)
    page = page_of(server, receipt)
    labels = [button["props"]["label"] for button in elements(page, "link_button")]
    assert f"Download CSV ({receipt['rows']} rows)" in labels


def receipt_note(page: dict[str, Any]) -> list[str]:
    """The messages of a page about the receipt that its address names."""
    messages = [e["props"]["body"] for kind in ("info", "warning") for e in elements(page, kind)]
    return [text for text in messages if "download" in text or "receipt" in text]


def test_the_view_of_a_receipt_says_of_which_download_and_whether_the_data_has_changed(
    own_server: Server, tmp_path: Path
) -> None:
    receipt = receipt_of(own_server, download(own_server, "/export/codes.csv?group=Email"))
    at = datetime.fromisoformat(receipt["asked_at"])
    about = f"This is the view of the download {receipt['file']} of {at.day} {at:%b %Y, %H:%M}."
    about = about.replace("_", r"\_")
    page = page_of(own_server, receipt)
    assert page["query_params"] == {"group": ["Email"], "receipt": [receipt["receipt"]]}
    assert receipt_note(page) == [f"{about} The data has not changed since."]
    import_code(own_server, "VIEW1", tmp_path)
    assert receipt_note(page_of(own_server, receipt)) == [
        f"{about} The data has changed since then, so numbers may differ: "
        "1 import added, 0 taken back."
    ]


def test_a_missing_receipt_or_one_of_another_view_is_reported_in_one_sentence(
    server: Server,
) -> None:
    receipt = receipt_of(server, download(server, "/export/codes.csv?group=Email"))["receipt"]
    for path, query in (
        ("codes", [("receipt", "0123456789abcdef")]),
        ("codes", [("group", "SMS"), ("receipt", receipt)]),
        ("transactions", [("group", "Email"), ("receipt", receipt)]),
        ("codes", [("receipt", "<b>x"), ("receipt", "y")]),
    ):
        page = server.page(path, query)
        assert receipt_note(page) == [
            "There is no receipt of this view under the ID that the address names."
        ]
        assert not elements(page, "exception")
