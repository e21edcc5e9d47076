"""Looks at a file as an import would, and stores nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from data.importing import csv_scan
from data.importing.exported import latest_staged
from data.importing.input_file import UTF8, as_utf8, check_is_file
from data.importing.stage import drop_staging, stage
from data.store.database import Store
from data.store.errors import refused_by_engine
from data.store.sql import run_script

SOME = 100  # codes of a file that are looked up in the store
SHORTEST = 2  # characters of a common prefix that are proposed


@dataclass(frozen=True)
class Preview:
    """What a file is, before it is imported."""

    kind: str
    rows: int
    groups: list[str]  # at most ten, the most frequent first
    group_count: int  # all of them
    first: datetime | None  # the earliest start, or redemption
    last: datetime | None  # the latest expiry, or redemption
    latest: datetime | None  # the latest redemption
    common_prefix: str  # letters and digits with which all codes of a codes file begin, or ""
    some_codes: list[dict[str, str]] = field(repr=False)  # by group_name and code


def preview(store: Store, path: Path, encoding: str = UTF8) -> Preview:
    """What the file at `path` is. Raises Refused."""
    check_is_file(path)
    with as_utf8(store, path, encoding) as readable:
        survey = csv_scan.survey(readable)
        with refused_by_engine(), store.cursor() as cursor:
            stage(cursor, survey)
            script = f"importing/{survey.kind}/preview"
            (row,) = run_script(cursor, script, step=max(1, survey.rows // SOME))
            groups, group_count, first, last, least, greatest, some_codes = row
            latest = latest_staged(cursor, survey.kind)
            drop_staging(cursor)
    return Preview(
        survey.kind,
        survey.rows,
        groups or [],
        group_count,
        first,
        last,
        latest,
        _beginning(least, greatest),
        some_codes or [],
    )


def _beginning(least: str | None, greatest: str | None) -> str:
    """What codes begin with, given the first and the last in the order of their characters.

    Not a whole code, as the common prefix of a file of one code would be.
    """
    if not least or not greatest:
        return ""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(least, greatest, strict=False))
    common_prefix = "".join(takewhile(str.isalnum, (letter for letter, _ in pairs)))
    return common_prefix if SHORTEST <= len(common_prefix) < len(least) else ""
