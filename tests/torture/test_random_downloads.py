"""Page, file and receipt agree for random filters."""

from datetime import datetime
from random import Random
from urllib.parse import urlencode

import httpx

from data.store.database import Store
from queries.downloading.formats import FORMATS
from queries.downloading.job import KINDS
from queries.engine.totals import run
from queries.filters import Filters
from tests.support.choices import fixture_choices, random_filters
from tests.support.downloads import rows_in, sha256
from tests.support.effort import rounds
from tests.support.server import Server

ROUNDS = rounds(40, torture=1_000)


def test_page_file_and_receipt_agree_whatever_is_chosen(server: Server, loaded: Store) -> None:
    random = Random(2026)
    values = fixture_choices(loaded)
    forms = random.choices(list(FORMATS), [6, 2, 2], k=ROUNDS)
    not_empty = 0
    with httpx.Client(base_url=server.url, timeout=60) as client, loaded.cursor() as cursor:
        for form in forms:
            pairs = random_filters(random, values)
            kind = random.choice(KINDS)
            filters, problems = Filters.from_query(pairs)
            assert not problems
            counted = run(cursor, f"export_{kind}_facts", filters, datetime.now())["rows"][0]
            response = client.get(f"/export/{kind}.{form}", params=urlencode(pairs))
            assert response.status_code == 200, pairs
            receipt = client.get(response.headers["X-Receipt"]).json()
            assert rows_in(response.content, form) == receipt["rows"] == counted, (kind, pairs)
            assert receipt["sha256"] == sha256(response.content)
            assert receipt["bytes"] == len(response.content)
            not_empty += counted > 0
    assert not_empty > ROUNDS / 5
