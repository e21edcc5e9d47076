"""Imports files through the running app, which has the store locked."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from data import handover
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.store.errors import Refused


@dataclass(frozen=True)
class ImportByApp:
    """The app of a store, for files of one encoding. All of it raises AppNotRunning."""

    store: Path
    encoding: str

    def import_file(
        self, scope: Scope, clear_sample: bool, path: Path, name: str, exported_at: datetime | None
    ) -> ImportResult:
        """Import a file, called `name`. Raises Refused."""
        parameters = {
            "path": str(path.resolve()),
            "name": name,
            "encoding": self.encoding,
            "exported_at": exported_at and exported_at.isoformat(),
            "scope": asdict(scope),
            "clear_sample": clear_sample,
        }
        result = handover.ask(self.store, "import", parameters)
        if "refused" in result:
            raise Refused(result["refused"])
        return ImportResult(**result["imported"])

    def propose(self, paths: list[Path]) -> datetime | None:
        """When files were exported that are imported together; None where that cannot be said."""
        files = [str(path.resolve()) for path in paths]
        parameters = {"paths": files, "encoding": self.encoding}
        result = handover.ask(self.store, "propose_exported_at", parameters)
        return None if "refused" in result else datetime.fromisoformat(result["exported_at"])
