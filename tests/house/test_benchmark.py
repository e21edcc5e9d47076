"""What the benchmark measures beside the app still runs."""

from pathlib import Path

from tests.bench.imports import import_into_empty, staging
from tests.support.rows import CODES, Code, csv_bytes


def test_an_import_and_its_peer_read_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_bytes(csv_bytes([CODES, Code("A1"), Code("A2")]))
    assert import_into_empty(tmp_path, file) > 0
    assert staging(file) > 0
