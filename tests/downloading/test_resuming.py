"""Downloads are resumed from any byte."""

import re
import time
from datetime import datetime
from pathlib import Path
from random import Random

import httpx
import pytest

from queries.downloading.formats import FORMATS
from tests.support.downloads import (
    ALL,
    download,
    import_code,
    receipt_of,
    sha256,
    wait_until_no_spool,
)
from tests.support.server import Server


@pytest.mark.parametrize(("kind", "form"), ALL)
def test_the_rest_of_a_file_is_given_from_any_byte_on(
    own_server: Server, kind: str, form: str
) -> None:
    path = f"/export/{kind}.{form}?asof=2016-02-10"
    whole = download(own_server, path)
    assert whole.headers["accept-ranges"] == "bytes"
    size, tag = len(whole.content), whole.headers["etag"]
    assert re.fullmatch(r'"[^"]+"', tag)
    for start in (1, 2, 100, size // 2, size - 1):
        for headers in ({}, {"If-Range": tag}):
            rest = download(own_server, path, Range=f"bytes={start}-", **headers)
            assert rest.status_code == 206
            assert rest.headers["content-range"] == f"bytes {start}-{size - 1}/{size}"
            assert rest.headers["etag"] == tag
            assert rest.content == whole.content[start:]
    again = download(own_server, path, Range="bytes=0-")
    assert again.status_code in (200, 206)
    assert again.content == whole.content


@pytest.mark.parametrize("form", FORMATS)
def test_a_range_beyond_the_end_is_416_with_the_size(own_server: Server, form: str) -> None:
    size = len(download(own_server, f"/export/codes.{form}").content)
    for start in (str(size), str(size + 1), "9" * 30, "9" * 5000):
        response = download(own_server, f"/export/codes.{form}", Range=f"bytes={start}-")
        assert response.status_code == 416, f"{len(start)} digits"
        assert response.headers["content-range"] == f"bytes */{size}"
        assert response.content == b""
    wait_until_no_spool(own_server)


@pytest.mark.parametrize(
    "header", ["bytes=x-", "lines=1-", "bytes=1-2,5-6", "bytes=-5", "bytes=5-8"]
)
def test_a_range_of_another_kind_gives_its_bytes_or_the_whole_file(
    own_server: Server, header: str
) -> None:
    whole = download(own_server, "/export/codes.csv").content
    response = download(own_server, "/export/codes.csv", Range=header)
    right = {"bytes=-5": whole[-5:], "bytes=5-8": whole[5:9]}.get(header)
    assert (response.status_code, response.content) in [(200, whole), (206, right)]


def test_the_tag_is_the_same_for_the_same_data_and_another_for_anything_else(
    own_server: Server, tmp_path: Path
) -> None:
    paths = [
        *(f"/export/{kind}.{form}?asof=2016-02-10" for kind, form in ALL),
        *("/export/codes.csv", "/export/codes.csv?group=Email", "/export/codes.csv?prefix=Email"),
        "/export/codes.csv?asof=2016-02-11",
        "/export/codes.csv?more=yes&asof=2016-02-10",
    ]

    def tags() -> dict[str, str]:
        return {path: httpx.head(own_server.url + path).headers["etag"] for path in paths}

    before = tags()
    assert len(set(before.values())) == len(paths)
    if datetime.now().second > 57:
        time.sleep(3)
    assert {path: download(own_server, path).headers["etag"] for path in paths[:7]} == {
        path: before[path] for path in paths[:7]
    }
    import_code(own_server, "TAG1", tmp_path)
    assert not set(tags().values()) & set(before.values())


@pytest.mark.parametrize("form", FORMATS)
def test_resuming_after_an_import_gives_the_whole_new_file(
    own_server: Server, tmp_path: Path, form: str
) -> None:
    path = f"/export/codes.{form}"
    old = download(own_server, path)
    import_code(own_server, f"RESUMED-{form}", tmp_path)
    response = download(own_server, path, Range="bytes=10-", **{"If-Range": old.headers["etag"]})
    new = download(own_server, path)
    assert response.status_code == 200
    assert "content-range" not in response.headers
    assert response.content == new.content != old.content
    assert response.headers["etag"] == new.headers["etag"] != old.headers["etag"]


def test_the_parts_of_a_download_that_broke_off_often_make_the_whole(large_server: Server) -> None:
    whole = httpx.get(f"{large_server.url}/export/codes.csv?prefix=C1", timeout=120)
    tag, size = whole.headers["etag"], len(whole.content)
    random = Random(44)
    got = b""
    for _ in range(4):
        headers = {"Range": f"bytes={len(got)}-", "If-Range": tag} if got else {}
        with httpx.stream(
            "GET", f"{large_server.url}/export/codes.csv?prefix=C1", headers=headers, timeout=60
        ) as response:
            assert response.status_code == (206 if got else 200)
            until = len(got) + random.randrange(size // 5)
            for data in response.iter_bytes():
                got += data
                if len(got) > until:
                    break
    last = download(large_server, "/export/codes.csv?prefix=C1", Range=f"bytes={len(got)}-")
    assert last.status_code == 206
    assert sha256(got + last.content) == sha256(whole.content)
    wait_until_no_spool(large_server)


def test_a_download_that_was_resumed_to_its_end_has_the_receipt_of_the_whole_file(
    own_server: Server,
) -> None:
    """What the client has in the end is whole, so something must prove it."""
    whole = download(own_server, "/export/codes.csv")
    rest = download(
        own_server, "/export/codes.csv", Range="bytes=50-", **{"If-Range": whole.headers["etag"]}
    )
    receipt = receipt_of(own_server, rest)
    assert receipt["sha256"] == sha256(whole.content)
    assert receipt["bytes"] == len(whole.content)


def test_a_rest_without_if_range_is_sent_only_of_the_data_that_the_client_has_seen(
    own_server: Server, tmp_path: Path
) -> None:
    path = "/export/codes.csv?group=Email&group=SMS"
    whole = download(own_server, path).content
    assert download(own_server, path, Range="bytes=10-").content == whole[10:]
    import_code(own_server, "SPLICED1", tmp_path)
    for _ in range(2):  # a client that does not take it may ask again
        changed = download(own_server, path, Range="bytes=10-")
        assert changed.status_code == 200
        assert changed.content != whole
    assert download(own_server, path).content == changed.content
    rest = download(own_server, path, Range="bytes=10-")
    assert (rest.status_code, rest.content) == (206, changed.content[10:])


def test_a_rest_without_if_range_is_never_sent_of_what_changes_with_the_clock(
    own_server: Server,
) -> None:
    path = "/export/codes.csv?status=active"
    download(own_server, path)
    assert download(own_server, path, Range="bytes=10-").status_code == 200
    assert download(own_server, f"{path}&asof=2016-02-10", Range="bytes=10-").status_code == 206
