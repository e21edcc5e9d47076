"""What a person may see of the rows: the part of the filters that they cannot change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """None stands for all groups, or all folders. `masked`: codes show a few characters only."""

    groups: tuple[str, ...] | None = None
    folders: tuple[str, ...] | None = None
    masked: bool = False

    @property
    def is_limited(self) -> bool:
        """Whether there are rows that the person does not see."""
        return self.groups is not None or self.folders is not None


EVERYTHING = Access()
