"""A file is verified against its receipt."""

import json
from pathlib import Path

import pytest

from tests.support.commands import run_export
from tests.support.downloads import receipt_beside, verify


@pytest.mark.slow
def test_a_whole_file_is_reported_as_whole(exported_file: Path) -> None:
    done = run_export("--verify", exported_file, receipt_beside(exported_file))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "out.csv: whole and unaltered.\n"


def test_a_file_altered_by_any_one_byte_is_found(
    exported_file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    whole = exported_file.read_bytes()
    for place in (0, 1, len(whole) // 2, len(whole) - 1):
        altered = bytearray(whole)
        altered[place] ^= 1
        exported_file.write_bytes(altered)
        code, message = verify(capsysbinary, exported_file, receipt_beside(exported_file))
        assert code == 1
        assert "altered" in message
    exported_file.write_bytes(whole)
    assert verify(capsysbinary, exported_file, receipt_beside(exported_file))[0] == 0


def test_a_file_cut_short_or_grown_is_found(
    exported_file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    whole = exported_file.read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], b"", whole + b"\n"):
        exported_file.write_bytes(content)
        code, message = verify(capsysbinary, exported_file, receipt_beside(exported_file))
        assert code == 1
        assert f"{len(content):,} bytes" in message
        assert f"{len(whole):,}" in message


def test_the_receipt_of_a_broken_download_proves_nothing(
    exported_file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    receipt = json.loads(receipt_beside(exported_file).read_text("utf-8"))
    for name in ("sha256", "rows", "bytes"):
        del receipt[name]
    receipt_beside(exported_file).write_text(json.dumps(receipt), "utf-8")
    code, message = verify(capsysbinary, exported_file, receipt_beside(exported_file))
    assert code == 1
    assert "broke off" in message


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b'{"sha256": 1}', b'{"sha256": null}',
     b'{"sha256": "x", "bytes": "many"}', b'{"sha256": "x", "bytes": null}'],
    ids=lambda content: repr(content[:20]),
)  # fmt: skip
def test_an_unreadable_receipt_is_reported(
    exported_file: Path, capsysbinary: pytest.CaptureFixture[bytes], content: bytes
) -> None:
    receipt_beside(exported_file).write_bytes(content)
    code, message = verify(capsysbinary, exported_file, receipt_beside(exported_file))
    assert code == 1
    assert "receipt" in message


def test_a_missing_file_or_receipt_is_reported(
    exported_file: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    none = tmp_path / "none"
    for file, receipt in (
        (none, receipt_beside(exported_file)),
        (exported_file, none),
        (tmp_path, none),
    ):
        code, _ = verify(capsysbinary, file, receipt)
        assert code == 1
