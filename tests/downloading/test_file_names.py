"""The names of downloaded files."""

import re
import unicodedata
from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.downloading.formats import FORMATS
from queries.downloading.job import KINDS
from queries.downloading.names import file_name
from queries.filters import Filters
from tests.support.downloads import ALL, assert_safe, download
from tests.support.downloads import file_name as sent_name
from tests.support.filters import any_filters
from tests.support.queries import filters_of
from tests.support.server import Server

DAY = date(2026, 11, 23)


@given(
    st.sampled_from([*KINDS, "codes_more", "cancellations_by_campaign"]),
    st.sampled_from(list(FORMATS)),
    any_filters,
)
def test_a_name_has_at_most_120_characters_and_is_safe_on_windows(
    kind: str, form: str, filters: Filters
) -> None:
    name = file_name(kind, filters, DAY, form)
    assert_safe(name)
    assert name.endswith(f"2026-11-23.{form}")


@pytest.mark.parametrize(
    "path",
    [
        "/export/codes.parquet?more=yes&group=" + "g" * 400,
        "/export/transactions.xlsx?group=" + "é" * 200 + "&folder=" + "語" * 200,
        "/export/codes.csv?group=CON&folder=..%5C..%5Cnul",
        "/export/codes.csv?group=a%0D%0Ab%22c%3Bd&folder=%F0%9F%8D%BA",
        "/export/changes.csv?import=1&change=new codes",
    ],
    ids=lambda path: path[:40],
)
def test_the_name_that_is_sent_is_short_and_safe(server: Server, path: str) -> None:
    response = httpx.head(server.url + path)
    assert response.status_code == 200
    assert_safe(sent_name(response))
    plain = re.search(r'filename="([^"]*)"', response.headers["content-disposition"])
    assert plain
    assert plain[1].isascii()
    assert_safe(plain[1])


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_a_download_of_any_format_has_its_type_and_is_never_cached_or_compressed(
    server: Server, kind: str, form: str
) -> None:
    response = download(
        server, f"/export/{kind}.{form}?group=Café bounceback", **{"Accept-Encoding": "gzip"}
    )
    assert response.headers["content-type"].startswith(FORMATS[form].media_type)
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers.get("content-encoding", "identity") == "identity"
    assert sent_name(response) == f"{kind}_café-bounceback_{date.today()}.{form}"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "codes_2026-11-23.csv"),
        ("group=Email", "codes_email_2026-11-23.csv"),
        ("folder=January 2016&group=Email", "codes_email_january-2016_2026-11-23.csv"),
        ("group=../../etc/passwd", "codes_etc-passwd_2026-11-23.csv"),
        ("group=....", "codes_2026-11-23.csv"),
        ("group=Email&status=redeemed", "codes_email_redeemed_2026-11-23.csv"),
        ("site=Site100&cancelled=no", "codes_site100_cancelled-no_2026-11-23.csv"),
        (
            "from=2016-01-01&to=2016-01-31",
            "codes_from-2016-01-01_to-2016-01-31_2026-11-23.csv",
        ),
        ("prefix=QZ7", "codes_2026-11-23.csv"),  # it may be a code
        ("prefix!=QZ7", "codes_2026-11-23.csv"),
        ("group=SMS&site!=Site367", "codes_sms_not-site367_2026-11-23.csv"),
        ("expiry_to=2018-04-30", "codes_expiry-to-2018-04-30_2026-11-23.csv"),
        ("group=मुंबई", "codes_मुंबई_2026-11-23.csv"),
        ('group=Newspaper, "Times"', "codes_newspaper-times_2026-11-23.csv"),
    ],
)
def test_the_name_says_what_the_file_holds(query: str, name: str) -> None:
    assert file_name("codes", filters_of(query), date(2026, 11, 23)) == name


@given(st.sampled_from(KINDS), any_filters)
def test_the_name_is_safe_whatever_a_group_is_called(kind: str, filters: Filters) -> None:
    name = file_name(kind, filters, date(2026, 11, 23))
    assert name.startswith(f"{kind}_")
    assert name.endswith("_2026-11-23.csv")
    for letter in name.removesuffix(".csv"):
        assert letter.isalnum() or letter in "_-" or unicodedata.category(letter)[0] == "M"


@pytest.mark.parametrize("letter", ["a", "é", "語", "𠮷"])
def test_the_name_is_no_longer_than_a_file_system_takes(letter: str) -> None:
    name = file_name("transactions", Filters(group=(letter * 400,)), date(2026, 11, 23))
    assert len(name.encode()) <= 255
