"""Looks at a file as an import would, and stores nothing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.importing import csv_scan
from data.importing.input_file import UTF8, as_utf8, check_is_file
from data.importing.scope import Scope, guess_scope
from data.importing.stage import drop_staging, stage
from data.store.database import Store
from data.store.errors import refused_by_engine
from data.store.sql import run_script


@dataclass(frozen=True)
class Preview:
    """What a file is, before it is imported."""

    kind: str
    rows: int
    groups: list[str]  # at most ten, the most frequent first
    group_count: int  # all of them
    first: datetime | None  # the earliest start, or redemption
    last: datetime | None  # the latest expiry, or redemption
    guess: Scope


def preview(store: Store, path: Path, name: str, encoding: str = UTF8) -> Preview:
    """What the file at `path`, called `name`, is. Raises Refused."""
    check_is_file(path)
    with as_utf8(store, path, encoding) as readable:
        survey = csv_scan.survey(readable)
        with refused_by_engine(), store.cursor() as cursor:
            stage(cursor, survey)
            rows = run_script(cursor, f"importing/{survey.kind}/preview")
            groups, group_count, first, last, folders = rows[0]
            drop_staging(cursor)
    guess = guess_scope(name, folders or [])
    return Preview(survey.kind, survey.rows, groups or [], group_count, first, last, guess)
