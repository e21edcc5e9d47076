"""What an import did."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class ImportResult:
    """One file's import, in rows. rows = new + updated + unchanged + duplicates."""

    file: str
    kind: str
    rows: int
    new: int
    updated: int
    unchanged: int
    duplicates: int
    import_id: int
    warnings: tuple[str, ...] = field(default=(), compare=False)

    def as_row(self) -> dict[str, Any]:
        """What --json prints, and the imports table keeps."""
        return {name: value for name, value in asdict(self).items() if name != "warnings"}
