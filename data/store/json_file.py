"""Small JSON files that are replaced in one step."""

import json
from pathlib import Path
from typing import Any

from data.store.privacy import replace_file


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """The content of a file, None where there is none. Raises ValueError and OSError."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except RecursionError:
        raise ValueError("The file is nested too deeply.") from None


def write_json(path: Path, content: object) -> None:
    """Write a file, and its folder where there is none yet. Raises OSError.

    No two threads or processes may write the same one at a time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(content, indent=1).encode())
