"""A list of codes that chooses rows: the part of the filters that stands in memory alone."""

from dataclasses import dataclass

NO_LIST = "no_list"  # the table of one that is not known, which has no codes (chosen.sql)


@dataclass(frozen=True)
class Listed:
    """The table in memory that has the codes of a list, and how many lines the list has."""

    table: str
    lines: int
