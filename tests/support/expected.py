"""The fixtures of Voucher Manager, with numbers that were worked out without this program."""

import json
from typing import Any

from data.importing.pipeline import load
from data.importing.scope import Scope
from data.store.database import Store
from tests.support.paths import FIXTURES

EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text("utf-8"))

FOLDER_FILES = {
    "codes": FIXTURES / "codes_folder_january_2016.csv",
    "transactions": FIXTURES / "transactions_folder_january_2016.csv",
}


def import_fixtures(store: Store) -> None:
    """Import the fixtures with the scopes that expected.json names."""
    for file in EXPECTED["load"]:
        scope = Scope(file.get("folder"), file.get("prefix"), file.get("batch"))
        load(store, FIXTURES / file["file"], scope)


def parameters_of(case: dict[str, Any]) -> list[tuple[str, str]]:
    """The URL parameters of one of the expected results."""
    pairs = [
        (name, value)
        for name, values in case["filters"].items()
        for value in (values if isinstance(values, list) else [values])
    ]
    return [*pairs, ("asof", case["asof"])]
