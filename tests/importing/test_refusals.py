"""Wrong files are refused as a whole, in plain words, at the right place."""

import json
import re
import shutil
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.load import main
from data.store.database import Store
from data.store.errors import Refused
from tests.support.rows import SECRET, codes_file
from tests.support.stores import all_rows
from tests.support.wrong_files import B
from tests.support.wrong_rows import WRONG


def test_there_are_more_kinds_of_wrong_files_than_sixty() -> None:
    assert len(WRONG) >= 60


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_is_refused_at_the_right_place_and_nothing_is_stored(
    yesterday: Store, tmp_path: Path, kind: str
) -> None:
    wrong = WRONG[kind]
    path = tmp_path / "wrong.csv"
    path.write_bytes(wrong.bytes())
    before = all_rows(yesterday)
    with pytest.raises(Refused) as refused:
        load(yesterday, path)
    error = refused.value
    assert SECRET not in str(error)
    assert re.search(wrong.says, error.reason, re.IGNORECASE | re.DOTALL), error.reason
    assert error.reason.endswith(".")
    assert error.line in ((None, 1) if wrong.line is None else (wrong.line,))
    assert error.column == wrong.column
    assert all_rows(yesterday) == before
    # And the next file goes in as if nothing had been.
    assert load(yesterday, codes_file(tmp_path / "right.csv", B)).new == 1


@pytest.mark.parametrize("kind", [kind for kind in WRONG if "100 megabytes" not in kind])
def test_the_command_reports_a_wrong_file_on_standard_error_without_a_code(
    yesterdays_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    wrong = WRONG[kind]
    store = shutil.copy(yesterdays_file, tmp_path / "vouchers.duckdb")
    path = tmp_path / "january.csv"
    path.write_bytes(wrong.bytes())
    assert main(["--store", str(store), "--json", str(path)]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {"files": []}
    assert SECRET not in err
    assert "january.csv" in err
    if wrong.line:
        assert re.search(rf"line {wrong.line:,}\b", err)
    if wrong.column:
        assert wrong.column in err
