"""The log has failures by their kind and place, and never quotes a code."""

import io
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import logs
from data.store.database import Store
from data.store.settings import SettingError
from queries.engine.service import QueryFailed, QueryService
from queries.filters import Filters

SECRET = "NOV26E23RXWWSECRET"


@pytest.fixture
def as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Restore what logs.configure() sets."""
    for module, name in (
        *((threading, "excepthook"), (sys, "excepthook"), (sys, "unraisablehook")),
        *(
            (traceback, "format_exc"),
            (traceback, "print_exc"),
            (traceback, "print_exception"),
            (warnings, "showwarning"),
        ),
        (logging, "raiseExceptions"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    factory = logging.getLogRecordFactory()
    before = {name: logging.getLogger(name).handlers for name in logs.LOGGERS}
    yield
    logging.setLogRecordFactory(factory)
    for name, handlers in before.items():
        logging.getLogger(name).handlers = handlers
        logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger(name).propagate = True


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


@pytest.mark.usefixtures("as_before")
def test_a_query_that_fails_is_logged_without_the_engines_message(
    loaded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "app.log"
    monkeypatch.setenv("VOUCHERS_LOG_FILE", str(file))
    logs.configure()
    service = QueryService(lambda: loaded)
    request = service.request("over_time", Filters(), (("grain", SECRET),))
    query = service.start(request)
    with pytest.raises(QueryFailed) as raised:
        query.future.result(10)
    service.finish(request, query)
    text = file.read_text("utf-8")
    assert "WARNING queries.engine.service: The query over_time failed" in text
    assert "service.py" in text
    assert SECRET not in text
    assert SECRET not in str(raised.value)


@pytest.mark.usefixtures("as_before")
def test_a_thread_that_fails_is_logged_without_the_exceptions_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "app.log"
    monkeypatch.setenv("VOUCHERS_LOG_FILE", str(file))
    logs.configure()
    thread = threading.Thread(target=fail, name="cancel")
    thread.start()
    thread.join()
    text = file.read_text("utf-8")
    assert "ERROR data.store.logs: The thread cancel failed\nValueError\n" in text
    assert "in fail" in text
    assert SECRET not in text
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("as_before")
def test_the_level_of_the_log_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCHERS_LOG_LEVEL", "error")
    logs.configure()
    assert logging.getLogger("queries.engine.service").getEffectiveLevel() == logging.ERROR


@pytest.mark.usefixtures("as_before")
def test_a_failure_that_is_handed_on_as_a_text_has_no_message_but_that_of_a_setting() -> None:
    logs.configure()
    try:
        fail()
    except ValueError:
        text = traceback.format_exc()
    assert text.startswith("ValueError\n")
    assert "in fail" in text
    assert SECRET not in text
    try:
        raise SettingError("VOUCHERS_LOG_LEVEL takes INFO.")
    except SettingError:
        assert traceback.format_exc().startswith("VOUCHERS_LOG_LEVEL takes INFO.\nSettingError\n")
