"""What a person may see of the rows: the part of the filters that they cannot change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Access:
    """None stands for all groups, or all folders. `masked`: codes show a few characters only.

    The engine looks up `hidden` and `answered` (queries/engine/prefixes.py). Without them no
    prefix is shown to a person who sees codes masked, and none chooses anything.
    """

    groups: tuple[str, ...] | None = None
    folders: tuple[str, ...] | None = None
    masked: bool = False
    hidden: tuple[str, ...] | None = None  # known prefixes that would show too much of a code
    answered: tuple[str, ...] = ()  # of the chosen and excluded prefixes those that may choose

    @property
    def is_limited(self) -> bool:
        """Whether there are rows that the person does not see."""
        return self.groups is not None or self.folders is not None


EVERYTHING = Access()
