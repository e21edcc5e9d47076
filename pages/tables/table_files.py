"""The tables that can be saved as files: those of the charts, and the list of batches."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Protocol

import pandas as pd

PACKAGES = ("pages.charts", "pages.pivoting", "pages.tables")


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
    """Every table that a module lists in TABLE_FILES."""
    return tuple(_found())


def table_file(key: str, texts: Mapping[str, str]) -> TableFile | None:
    """The table with this key whose values the parameters of an address name, if there is one."""
    same = [file for file in table_files() if file.key == key]
    if len(same) == 1:
        return same[0]
    named = (file for file in same if parameters_of(file) == texts)
    return next(named, None) or typed_file(key, texts)


def parameters_of(file: TableFile) -> dict[str, str]:
    """What an address has to name beside the key: nothing where the key says it all."""
    several = _counts()[file.key] > 1
    return {name: str(value) for name, value in file.values.items()} if several else {}


@cache
def _counts() -> Counter[str]:
    """How many tables have the same key."""
    return Counter(file.key for file in table_files())


def typed_file(key: str, texts: Mapping[str, str]) -> TableFile | None:
    """A table with a number that somebody typed, of which no list can have them all."""
    for module in _modules():
        if make := getattr(module, "TYPED_TABLES", {}).get(key):
            found: TableFile | None = make(texts)
            return found
    return None


def _found() -> Iterator[TableFile]:
    for module in _modules():
        yield from getattr(module, "TABLE_FILES", ())


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        folder = importlib.import_module(package).__path__
        for module in pkgutil.iter_modules(folder, f"{package}."):
            yield importlib.import_module(module.name)
