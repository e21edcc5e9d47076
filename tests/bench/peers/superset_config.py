"""The settings of the Apache Superset that `make bench` starts: its own, but for these."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Connection
from superset.utils.log import StdOutEventLogger

DATA_CACHE_CONFIG = {
    "CACHE_TYPE": "FileSystemCache",  # which its processes share
    "CACHE_DIR": str(Path(os.environ["SUPERSET_HOME"]) / "cache"),
    "CACHE_DEFAULT_TIMEOUT": 86_400,  # seconds
    "CACHE_THRESHOLD": 10_000,  # results
}
CACHE_CONFIG = DATA_CACHE_CONFIG
# A log in its SQLite file of settings would slow down each request.
EVENT_LOGGER = StdOutEventLogger()
JWT_ACCESS_TOKEN_EXPIRES = False
# It refuses files otherwise, as anybody could name one: here nobody else can sign in.
PREVENT_UNSAFE_DB_CONNECTIONS = False
RATELIMIT_ENABLED = False
SUPERSET_WEBSERVER_TIMEOUT = 600  # seconds
WTF_CSRF_ENABLED = False  # its tokens are for browsers

held: list[Connection] = []
Options = dict[str, Any]


def DB_CONNECTION_MUTATOR(url: URL, options: Options, *_: object) -> tuple[URL, Options]:
    """Keep one connection open: without any, DuckDB opens its file again for each query."""
    if not held:
        held.append(create_engine(url, **options).connect())
    return url, options
