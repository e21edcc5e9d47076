"""The log has failures by their kind and place, and never quotes a code."""

import io
import logging
from datetime import datetime
from pathlib import Path

import pytest

from data.store import logs
from data.store.database import Store
from queries.engine.service import QueryFailed, QueryService
from queries.filters import Filters

SECRET = "NOV26E23RXWWSECRET"


def fail() -> None:
    raise ValueError(f"Could not convert '{SECRET}'")


def test_an_exception_is_logged_by_its_type_and_frames_without_its_message() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.FramesOnly("%(message)s"))
    logger = logging.Logger("data.test")
    logger.addHandler(handler)
    try:
        fail()
    except ValueError:
        logger.exception("It failed")
    text = stream.getvalue()
    assert text.startswith("It failed\nValueError\n")
    assert "test_log.py" in text
    assert "in fail" in text
    assert SECRET not in text


def test_a_query_that_fails_is_logged_without_the_engines_words(
    loaded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "app.log"
    monkeypatch.setenv("VOUCHERS_LOG_FILE", str(file))
    before = {name: logging.getLogger(name).handlers for name in logs.ROOMS}
    logs.configure()
    try:
        service, now = QueryService(lambda: loaded), datetime(2016, 2, 10)
        request = service.request("over_time", Filters(), (("grain", SECRET),), now)
        query = service.start(request, now)
        with pytest.raises(QueryFailed) as raised:
            query.future.result(10)
        service.finish(request, query)
    finally:
        for name, handlers in before.items():
            logging.getLogger(name).handlers = handlers
            logging.getLogger(name).propagate = True
    text = file.read_text("utf-8")
    assert "WARNING queries.engine.service: The query over_time failed" in text
    assert "service.py" in text
    assert SECRET not in text
    assert SECRET not in str(raised.value)


def test_the_level_of_the_log_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: logging.getLogger(name).handlers for name in logs.ROOMS}
    monkeypatch.setenv("VOUCHERS_LOG_LEVEL", "error")
    try:
        logs.configure()
        assert logging.getLogger("queries.engine.service").getEffectiveLevel() == logging.ERROR
    finally:
        for name, handlers in before.items():
            logging.getLogger(name).handlers = handlers
            logging.getLogger(name).setLevel(logging.NOTSET)
            logging.getLogger(name).propagate = True
