"""Two stores in one folder share no originals, history of downloads or audit log."""

from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest

from data import rebuild
from data.store.audit_file import log_of
from data.store.copying import backup
from data.store.database import Store
from data.store.originals import base_name, folder_of
from queries.downloading.receipts import history_of
from tests.support.rows import Code
from tests.support.stores import import_rows, stored_rows

pytestmark = pytest.mark.slow

BESIDE = ("v.duckdb", "v.originals", "v.backup.originals", "v.duckdb.originals")
STORES = ("v.duckdb", "v.backup", "v", "v.backup.duckdb", "v.x.backup")


def test_a_rebuild_of_one_store_loses_no_code_that_was_imported_into_the_other(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "v.duckdb", tmp_path / "v.backup"
    with closing(Store(first)) as store:
        import_rows(store, tmp_path / "a.csv", Code("A"))
        backup(store, second)
    with closing(Store(second)) as store:
        import_rows(store, tmp_path / "b.csv", Code("B"))
    with closing(Store(first)) as store:
        import_rows(store, tmp_path / "c.csv", Code("C"))
    assert rebuild.main(["--store", str(first)]) == 0
    with closing(Store(first)) as store:
        assert [row[0] for row in stored_rows(store, "codes")] == ["A", "C"]
    assert history_of(first).path != history_of(second).path
    assert log_of(first) != log_of(second)


def test_a_store_of_an_older_version_keeps_its_originals_and_its_history(tmp_path: Path) -> None:
    store = tmp_path / "v.backup"
    (tmp_path / "v.originals").mkdir()
    assert folder_of(store).name == "v.originals"
    assert history_of(store).path.name == "v.downloads.jsonl"
    (tmp_path / "v.duckdb").touch()  # whose originals they are
    assert folder_of(store).name == "v.backup.originals"
    assert history_of(store).path.name == "v.backup.downloads.jsonl"


@pytest.mark.parametrize("name", STORES)
def test_the_history_begins_as_the_originals_do(tmp_path: Path, name: str) -> None:
    for number in range(len(BESIDE) + 1):
        for there in combinations(BESIDE, number):
            folder = tmp_path / f"{number}-{'-'.join(there)}"
            folder.mkdir()
            for other in there:
                (folder / other).touch()
            store = (folder / name).resolve()
            assert history_of(store).path.name == f"{base_name(store)}.downloads.jsonl"
