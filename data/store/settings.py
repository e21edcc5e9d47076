"""Every environment variable that the app and its commands read, and their version."""

import math
import os
import tomllib
from pathlib import Path

from data.store.names import beside

DATA = Path(__file__).parents[1]  # the folder data/

PARQUET = "parquet"
CLUSTER = "sc://"  # as Spark Connect writes its addresses
EXAMPLE = f"{CLUSTER}host:15002"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def version() -> str:
    """The version of Voucher Explorer, which pyproject.toml names."""
    project = tomllib.loads((DATA.parent / "pyproject.toml").read_text("utf-8"))
    number: str = project["project"]["version"]
    return number


def store_path() -> Path:
    """The store's file: VOUCHERS_STORE, or data/vouchers.duckdb."""
    return Path(os.environ.get("VOUCHERS_STORE") or DATA / "vouchers.duckdb")


def inbox_folder() -> Path:
    """The folder whose CSV files are offered for import: VOUCHERS_INBOX, or data/inbox."""
    return Path(os.environ.get("VOUCHERS_INBOX") or DATA / "inbox")


def notebooks_folder() -> Path:
    """The folder of notebooks: VOUCHERS_NOTEBOOKS, or one beside the store."""
    named = os.environ.get("VOUCHERS_NOTEBOOKS")
    return Path(named) if named else beside(store_path(), ".notebooks")


def memory_limit() -> str:
    """How much memory the engine may use: VOUCHERS_MEMORY, as DuckDB writes it, or 4GB."""
    return os.environ.get("VOUCHERS_MEMORY") or "4GB"


def wants_sample() -> bool:
    """Whether a new store is filled with sample data; not with VOUCHERS_SAMPLE=0."""
    return os.environ.get("VOUCHERS_SAMPLE") != "0"


def allows_sql() -> bool:
    """Whether notebooks may have cells of SQL; not with VOUCHERS_SQL=0."""
    return os.environ.get("VOUCHERS_SQL") != "0"


def further_hosts() -> list[str]:
    """Host names beside this computer's under which the app may be opened: VOUCHERS_HOSTS."""
    return os.environ.get("VOUCHERS_HOSTS", "").split()


def allowed_hosts() -> list[str]:
    """Host names under which the app may be opened: this computer's, and further_hosts()."""
    return ["127.0.0.1", "localhost", "[::1]", *further_hosts()]


def roles_file() -> Path | None:
    """The file that gives people their roles: VOUCHERS_ROLES, or None."""
    named = os.environ.get("VOUCHERS_ROLES")
    return Path(named) if named else None


def wants_key() -> bool:
    """Whether the app is opened by an address with a key: VOUCHERS_KEY=on. Raises SettingError."""
    text = os.environ.get("VOUCHERS_KEY", "").lower()
    if text not in ("", "on", "off"):
        raise SettingError("VOUCHERS_KEY takes on or off.")
    return text == "on"


def engine() -> str:
    """Where the rows lie and what asks them: VOUCHERS_ENGINE. Raises SettingError.

    "" stands for the store itself, PARQUET for files that this process asks, and an address such
    as sc://host:15002 for files that a cluster asks.
    """
    named = os.environ.get("VOUCHERS_ENGINE", "")
    if named not in ("", PARQUET) and not is_cluster(named):
        raise SettingError(
            f"VOUCHERS_ENGINE takes {PARQUET}, or the address of a cluster, such as {EXAMPLE}."
        )
    return named


def asks_cluster() -> bool:
    """Whether a cluster asks the files of rows."""
    return is_cluster(os.environ.get("VOUCHERS_ENGINE", ""))


def is_cluster(engine: str) -> bool:
    """Whether an engine is the address of a cluster."""
    return engine.startswith(CLUSTER) and len(engine) > len(CLUSTER)


def rows_folder(store: Path) -> Path:
    """The folder of a lake: VOUCHERS_ROWS, or one beside the store."""
    named = os.environ.get("VOUCHERS_ROWS")
    return Path(named).resolve() if named else beside(store, ".rows")


class SettingError(Exception):
    """An environment variable has a value that it cannot have; the text is a sentence."""


def header_seconds() -> float:
    """Seconds in which a request must come: VOUCHERS_HEADER_SECONDS, or 20. Raises SettingError."""
    return _positive("VOUCHERS_HEADER_SECONDS", 20)


def stalled_seconds() -> float:
    """How long a client may stand still within a download or an upload: 600 seconds.

    Or VOUCHERS_STALLED_SECONDS. Raises SettingError.
    """
    return _positive("VOUCHERS_STALLED_SECONDS", 600)


def most_connections() -> int:
    """How many connections are open at most: VOUCHERS_CONNECTIONS, or 1000. Raises SettingError."""
    return int(_positive("VOUCHERS_CONNECTIONS", 1000))


def _positive(name: str, default: float) -> float:
    try:
        value = float(os.environ.get(name) or default)
    except ValueError:
        value = 0
    if not 0 < value < math.inf:
        raise SettingError(f"{name} takes a number above 0.")
    return value


def log_level() -> str:
    """From which level on the app logs: VOUCHERS_LOG_LEVEL, or INFO. Raises SettingError."""
    level = (os.environ.get("VOUCHERS_LOG_LEVEL") or "INFO").upper()
    if level not in LOG_LEVELS:
        raise SettingError(f"VOUCHERS_LOG_LEVEL takes {', '.join(LOG_LEVELS)}.")
    return level


def log_file() -> Path | None:
    """Where the app logs to: the file VOUCHERS_LOG_FILE, or standard error (None)."""
    named = os.environ.get("VOUCHERS_LOG_FILE")
    return Path(named) if named else None
