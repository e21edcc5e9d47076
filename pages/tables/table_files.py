"""The tables that can be saved as files: those of the charts, and the list of batches."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Protocol

import pandas as pd

PACKAGES = ("pages.charts", "pages.tables")


class TableFile(Protocol):
    """A query, its parameters, and the table that is made of its result."""

    @property
    def key(self) -> str:
        """The name of the table in addresses and file names."""
        ...

    @property
    def query(self) -> str:
        """The query whose result the table is made of."""
        ...

    @property
    def values(self) -> Mapping[str, object]:
        """The query's parameters beside the filters."""
        ...

    @property
    def table(self) -> Callable[[pd.DataFrame], pd.DataFrame]:
        """Makes the table of the query's result."""
        ...


@cache
def table_files() -> tuple[TableFile, ...]:
    """Every table, from the list TABLE_FILES of each module that has one."""
    return tuple(_found())


def table_file(key: str, texts: Mapping[str, str]) -> TableFile | None:
    """The table with this key whose values the parameters of an address name, if there is one."""
    same = [file for file in table_files() if file.key == key]
    if len(same) == 1:
        return same[0]
    return next((file for file in same if parameters_of(file) == texts), None)


def parameters_of(file: TableFile) -> dict[str, str]:
    """What an address has to name beside the key: nothing where the key says it all."""
    several = sum(other.key == file.key for other in table_files()) > 1
    return {name: str(value) for name, value in file.values.items()} if several else {}


def _found() -> Iterator[TableFile]:
    for package in PACKAGES:
        for module in pkgutil.iter_modules(
            importlib.import_module(package).__path__, f"{package}."
        ):
            yield from getattr(importlib.import_module(module.name), "TABLE_FILES", ())
