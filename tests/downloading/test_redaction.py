"""No code stands in what lasts: the history and the names of files hide what gives one away."""

import hashlib
import itertools
import json
import re
import shutil
import stat
from collections import Counter, OrderedDict
from pathlib import Path
from typing import Any

import httpx
import pytest

from data.backup import main as backup
from data.importing.scope import Scope
from data.replay.rebuild import rebuild
from data.store.database import Store
from data.store.errors import StoreUnavailable
from data.store.originals import folder_of
from pages.downloading.leak_search import search
from queries import export
from queries.access import Access
from queries.downloading.keys import key_for, key_path
from queries.downloading.leaks import KEY_GONE
from queries.downloading.receipts import History, history_of
from queries.downloading.redaction import HIDDEN, TYPED
from queries.engine.execute import Cursor
from queries.engine.totals import run_on
from queries.filters import Filters
from tests.support.downloads import download, history_of_text, receipt_beside, receipt_of
from tests.support.downloads import file_name as sent_name
from tests.support.queries import NOW
from tests.support.rows import Code, Transaction
from tests.support.server import Server
from tests.support.stores import import_rows, opened
from tests.support.tracing import Downloads
from tests.support.vouchers import Vouchers

pytestmark = pytest.mark.slow

CODE = "NOV26E23RX8Q"


def shown(history: History, store: Store, filters: Filters) -> Filters:
    with store.cursor() as cursor:
        return history.redaction(cursor).filters(filters).filters


@pytest.fixture
def november(vouchers: Vouchers) -> Vouchers:
    """One code that is known well, and 200 that share its first five characters."""
    many = (Code(f"NOV26{number:07}") for number in range(200))
    vouchers.load(Code(CODE, "Email"), *many, folder="November", prefix="NOV26E", batch="7")
    return vouchers


@pytest.mark.parametrize("field", TYPED)
@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE.lower(),
        f"  {CODE.title()} ",
        f"{CODE}X",
        f"{CODE.lower()} of Mrs Miller",
        CODE[:-1],
        CODE[:-4].lower(),
        "NOV26E2",
        "NOV260000",  # begins 100 codes but for those that differ in the last three
    ],
)
def test_a_value_of_any_filter_that_gives_a_code_away_is_hidden(
    november: Vouchers, history: History, field: str, text: str
) -> None:
    filters = Filters().with_(field, (text, "Elsewhere"))
    begins = sum(f"NOV26{number:07}".startswith(text) for number in range(200))
    expected = (text, "Elsewhere") if begins >= 100 else (HIDDEN, "Elsewhere")
    assert shown(history, november.store, filters) == Filters().with_(field, expected)


@pytest.mark.parametrize(
    "form",
    [
        *('"{}"', "'{}", "#{}", "code {}", ",{}", "x,{}", "\t{}", "\u200b{}", "\ufeff{}"),
        *("({}) of May", "b {}"),
    ],
)
def test_a_code_among_other_signs_is_hidden(
    november: Vouchers, history: History, form: str
) -> None:
    for code in (CODE, CODE.lower(), "".join(chr(ord(c) + 0xFEE0) for c in CODE)):
        filters = Filters(group=(form.format(code), "Elsewhere"))
        assert shown(history, november.store, filters) == Filters(group=(HIDDEN, "Elsewhere"))


def test_a_code_with_separators_in_it_is_hidden(november: Vouchers, history: History) -> None:
    for sign in ("-", " ", ".", "/"):
        filters = Filters(batch=(sign.join((CODE[:4], CODE[4:8], CODE[8:])),))
        assert shown(history, november.store, filters) == Filters(batch=(HIDDEN,))


@pytest.mark.parametrize("text", ["NOV26", "nov", "N", "X", "23RX8Q", "Email", "(no prefix)"])
def test_a_value_that_begins_many_codes_or_none_is_shown(
    november: Vouchers, history: History, text: str
) -> None:
    for field in TYPED:
        filters = Filters().with_(field, (text,))
        assert shown(history, november.store, filters) == filters


def test_a_name_that_the_store_has_is_hidden_only_if_it_leaves_little_of_a_code_open(
    vouchers: Vouchers, history: History
) -> None:
    vouchers.load(Code("SPRING12", "SPRING"), prefix="SPRI", batch="SPRING1")
    vouchers.load(Code("AUTUMN-AB12", "AUTUMN-AB"), folder="AUTUMN-")
    vouchers.load(Transaction("T1", "WINTER", site="WINTER 2016", campaign="winter"))
    kept = Filters(prefix=("SPRI",), folder=("AUTUMN-",))
    assert shown(history, vouchers.store, kept) == kept
    for field, name in (
        ("group", "SPRING"),
        ("batch", "SPRING1"),
        ("group", "AUTUMN-AB"),
        ("site", "WINTER 2016"),
        ("campaign", "winter"),
        ("batch", "SPRI"),
    ):  # fmt: skip - a name, but of another filter
        assert shown(history, vouchers.store, Filters().with_(field, (name,))) == Filters().with_(
            field, (HIDDEN,)
        )


def test_all_codes_of_the_store_count_whatever_the_person_may_see(
    november: Vouchers, history: History
) -> None:
    filters = Filters(prefix=(CODE,), access=Access(groups=("SMS",)))
    assert shown(history, november.store, filters).prefix == (HIDDEN,)
    receipt_id = begun(history, november.store, filters)
    receipt = history.receipt(receipt_id)
    assert receipt
    assert receipt["access"] == {"groups": ["SMS"], "folders": None}


def begun(history: History, store: Store, filters: Filters) -> str:
    with store.cursor() as cursor:
        return history.begin(cursor, "codes", "csv", filters, NOW, "codes.csv")


def test_what_is_hidden_is_kept_as_a_digest_that_no_guess_of_codes_finds(
    november: Vouchers, history: History
) -> None:
    receipt = history.receipt(begun(history, november.store, Filters(prefix=(CODE,))))
    assert receipt
    ((digest,),) = receipt["hidden"].values()
    assert re.fullmatch("[0-9a-f]{32}", digest)
    plain = [hashlib.new(name, CODE.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]
    text = history.path.read_text("utf-8")
    assert not any(guess[:16] in text for guess in plain)
    assert CODE.lower() not in text.lower()


def test_the_key_is_random_and_read_by_its_owner_alone(
    november: Vouchers, history: History
) -> None:
    path = key_path(history.path)
    begun(history, november.store, Filters(group=("Email",)))
    assert not path.exists()  # nothing had to be hidden
    begun(history, november.store, Filters(prefix=(CODE,)))
    assert path.name == "vouchers.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch("[0-9a-f]{64}\n", path.read_text("ascii"))
    assert key_for(path) == key_for(path)
    path.with_name("other").mkdir()
    assert key_for(path.with_name("other") / "vouchers.key") != key_for(path)
    path.write_text("cut sh", "ascii")
    assert key_for(path) == key_for(path)


def test_a_code_that_is_hidden_in_any_filter_is_traced(downloads: Downloads) -> None:
    vouchers = downloads.vouchers
    vouchers.load(
        Code("SPRING12", "SPRING"), prefix="SPRING1", folder="spring12", batch="SPRING12X"
    )
    vouchers.load(Code("OTHER-1", "Email"))
    for name, query in {
        "group": "group=SPRING",
        "prefix": "prefix=SPRING1",
        "folder": "folder=spring12",
        "batch": "batch=SPRING12X",
        "whole": "prefix=SPRING12",
        "two": "prefix=SPRING12&prefix=OTHER-1",
        "another case": "prefix=spring12",
        "another group": "group=SPRING12",
    }.items():
        downloads.download(name, query)
    assert "spring" not in downloads.history.path.read_text("utf-8").lower()
    assert downloads.held("SPRING12") == {"group", "prefix", "folder", "batch", "whole", "two"}
    assert downloads.held("OTHER-1") == {"two"}


def test_the_receipts_of_the_first_version_are_still_traced(downloads: Downloads) -> None:
    vouchers = downloads.vouchers
    vouchers.load(Code("SPRING12"), Code("SUMMER34"))
    downloads.download("of 1.0.0", "prefix=SPRING12")
    path = downloads.history.path
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    state, receipt = entries
    for name in ("hidden", "key"):
        del receipt[name]
    del state["key"]
    receipt["whole_codes"] = [hashlib.sha256(b"SPRING12").hexdigest()]
    receipt["url"] = receipt["url"].replace("%28a+code%29", "%28a+whole+code%29")
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), "utf-8")
    assert downloads.held("SPRING12") == {"of 1.0.0"}
    assert downloads.held("SUMMER34") == set()
    downloads.download("of today", "prefix=SPRING12")
    assert downloads.held("SPRING12") == {"of 1.0.0", "of today"}


@pytest.mark.parametrize("how", ["gone", "another"])
def test_without_the_key_it_is_said_that_it_cannot_be_known(downloads: Downloads, how: str) -> None:
    downloads.vouchers.load(Code("SPRING12"), Code("SUMMER34"))
    downloads.download("hidden", "prefix=SPRING12")
    downloads.download("all")
    path = key_path(downloads.history.path)
    path.unlink()
    if how == "another":
        key_for(path)
    for code in ("SPRING12", "SUMMER34"):
        found = downloads.trace(code)
        assert found.unknown == Counter({KEY_GONE: 1})
        assert downloads.named(found) == {"all"}


def test_the_names_of_imports_and_their_files_hide_codes_too(
    vouchers: Vouchers, history: History, tmp_path: Path
) -> None:

    scope = Scope(folder="spring12", prefix="SPRING1", batch="SPRING12 b")
    import_rows(vouchers.store, tmp_path / "codes_SPRING12.csv", Code("SPRING12"), scope=scope)
    vouchers.load(Code("JUNE-1234"), folder="May", batch="7")
    receipt = history.receipt(begun(history, vouchers.store, Filters()))
    assert receipt
    hidden, plain = receipt["rests_on"]
    assert "spring" not in history.path.read_text("utf-8").lower()
    for name in ("folder", "prefix", "batch", "file"):
        assert hidden[name].startswith("(a code ")
    assert (plain["folder"], plain["batch"], plain["file"]) == ("May", "7", "codes.csv")


def test_the_name_of_a_downloaded_file_hides_codes(server: Server) -> None:
    for query in ("group=JANE7K2QD", "site=jane7k2qd", "folder=JANE7K2QD extended"):
        for kind in ("codes", "tables/by_site"):
            path = f"/export/{kind}.csv?{query}"
            sent = download(server, path)
            head = httpx.head(server.url + path)
            for response in (sent, head):
                assert "jane7k" not in response.headers["content-disposition"].lower()
                assert "a-code" in sent_name(response)
            assert "jane7k" not in json.dumps(receipt_of(server, sent)).lower()
    assert "jane7k" not in (history_of_text(server) + server.log.read_text("utf-8")).lower()


def test_the_name_that_the_command_writes_to_is_hidden_in_its_receipt(
    fixture_file: Path, tmp_path: Path
) -> None:
    store = Path(shutil.copy(fixture_file, tmp_path / "vouchers.duckdb"))
    for name, recorded in (("jane7k2qd.csv", "(a code).csv"), ("for JANE7K2QD.csv", "(a code).csv"),
                           ("codes of May.csv", "codes of May.csv")):  # fmt: skip
        assert export.main(["codes", "--store", str(store), "-o", str(tmp_path / name)]) == 0
        assert json.loads(receipt_beside(tmp_path / name).read_text("utf-8"))["file"] == recorded


def test_a_backup_and_a_rebuilt_store_keep_the_key(downloads: Downloads, tmp_path: Path) -> None:
    store = downloads.vouchers.store
    downloads.vouchers.load(Code("SPRING12"))
    downloads.download("hidden", "prefix=SPRING12")
    key = key_path(downloads.history.path).read_bytes()
    store.close()
    target = tmp_path / "backups" / "copy.duckdb"
    target.parent.mkdir()
    assert backup([str(target), "--store", str(store.path)]) == 0
    copied = target.with_name("copy.key")
    assert copied.read_bytes() == key
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    rebuild(folder_of(store.path), tmp_path / "rebuilt.duckdb").close()
    (tmp_path / "rebuilt.duckdb").replace(store.path)
    with opened(store.path) as again:
        found = search(again, history_of(again.path).receipts(), "SPRING12")
    assert downloads.named(found) == {"hidden"}


def test_no_store_has_the_name_of_a_key(tmp_path: Path) -> None:
    # The key would be read from the store's own file, which drops the engine's lock on it.
    with pytest.raises(StoreUnavailable, match="cannot be a store"):
        Store(tmp_path / "vouchers.key")


def test_without_a_typed_value_no_code_is_looked_at(
    november: Vouchers, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[str] = []

    def noted(cursor: Cursor, tables: Any, name: str, *rest: Any, **values: Any) -> Any:  # noqa: ANN401
        run.append(name)
        return run_on(cursor, tables, name, *rest, **values)

    monkeypatch.setattr("queries.downloading.likeness.run_on", noted)
    monkeypatch.setattr("queries.downloading.likeness._verdicts", OrderedDict())
    shown(history, november.store, Filters())
    assert run == []
    shown(history, november.store, Filters(group=("Email",), batch=("7",)))
    assert run == ["stored_names", "batches_near"]  # both of the totals
    run.clear()
    for _ in range(2):
        shown(history, november.store, Filters(prefix=("NOV26E",)))
    assert run.count("texts_like_codes") == 1  # it is remembered for as long as the data stay


def test_of_very_many_typed_values_each_is_judged(november: Vouchers, history: History) -> None:
    endings = map("".join, itertools.product("ABC", repeat=4))
    typed = (*(f"NOV26{ending}" for ending in endings), CODE[:7].lower(), "NOV2600")
    assert shown(history, november.store, Filters(prefix=typed)).prefix == tuple(
        HIDDEN if text == CODE[:7].lower() else text for text in typed
    )
