"""A stand-in for a cluster that hands back the rows near a file: the same queries, asked here."""

from collections.abc import Callable
from pathlib import Path

from data.store.lake import files, near
from data.store.lake.placing import lake_of
from data.store.sql import Cursor
from queries.engine.texts import sql


class StandIn:
    """Hands back rows of the lake of the store at `path`, and notes how many of which query."""

    def __init__(self, path: Path, *, answers: int = 1_000_000, lacks: str = "") -> None:
        """It answers as often as `answers` says, and without a file of the kind that it lacks."""
        self._folder = lake_of(path).folder
        self._answers = answers
        self._lacks = lacks
        self.handed_back: list[tuple[str, int]] = []

    def as_cluster(self) -> near.Cluster:
        """As an import uses it."""
        return near.Cluster(self._write, lambda _: None)

    def _write(self, cursor: Cursor, name: str, path: Path) -> bool:
        if len(self.handed_back) == self._answers:
            return False
        text = sql(name)
        for kind in files.KINDS:
            paths = files.paths(cursor, self._folder, kind)
            if kind == self._lacks:
                del paths[0]
            text = text.replace(f"vouchers.{kind}", f"rows_in({paths})")
        rows = cursor.sql(text)
        self.handed_back.append((name, len(rows)))
        rows.write_parquet(str(path))
        return True


HandBack = Callable[[StandIn], StandIn]
