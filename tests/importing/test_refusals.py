"""Wrong files are refused as a whole, in plain words, at the right place."""

import json
import re
import shutil
from itertools import count
from pathlib import Path

import pytest

from data.importing.pipeline import load
from data.load import main
from data.store.database import Store
from data.store.errors import Refused
from tests.support.rows import SECRET, Code
from tests.support.stores import all_rows, import_rows
from tests.support.wrong_rows import WRONG

numbers = count(1)


def test_there_are_at_least_sixty_kinds_of_wrong_files() -> None:
    assert len(WRONG) >= 60


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_is_refused_at_the_right_place_and_nothing_is_stored(
    unchanged: Store, tmp_path: Path, kind: str
) -> None:
    wrong = WRONG[kind]
    path = tmp_path / "wrong.csv"
    path.write_bytes(wrong.bytes())
    before = all_rows(unchanged)
    with pytest.raises(Refused) as refused:
        load(unchanged, path)
    error = refused.value
    assert SECRET not in str(error)
    assert re.search(wrong.says, error.reason, re.IGNORECASE | re.DOTALL), error.reason
    assert error.reason.endswith(".")
    assert error.line in ((None, 1) if wrong.line is None else (wrong.line,))
    assert error.column == wrong.column
    assert all_rows(unchanged) == before
    # The next file is imported as if nothing had happened.
    assert import_rows(unchanged, tmp_path / "right.csv", Code(f"NEXT{next(numbers)}")).new == 1


@pytest.fixture(scope="module")
def yesterdays_copy(yesterdays_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with yesterday's rows, which no refused file changes."""
    return Path(shutil.copy(yesterdays_file, tmp_path_factory.mktemp("copy")))


@pytest.mark.parametrize("kind", [kind for kind in WRONG if "100 megabytes" not in kind])
def test_the_command_reports_a_wrong_file_on_standard_error_without_a_code(
    yesterdays_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    wrong = WRONG[kind]
    path = tmp_path / "january.csv"
    path.write_bytes(wrong.bytes())
    assert main(["--store", str(yesterdays_copy), "--json", str(path)]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {"files": []}
    assert SECRET not in err
    assert "january.csv" in err
    if wrong.line:
        assert re.search(rf"line {wrong.line:,}\b", err)
    if wrong.column:
        assert wrong.column in err
