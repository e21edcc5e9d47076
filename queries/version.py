"""The version of Voucher Explorer, for queries/, which import nothing of data/."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """The version that pyproject.toml names."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    number: str = project["project"]["version"]
    return number
