"""The process of a sandbox: started for one copy of a store, it runs what the pipe brings.

Started by queries/engine/sandbox/process.py. It ends when its input does.
"""

import contextlib
import os
import queue
import resource
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from queries.engine.sandbox.cells import SqlError
    from queries.engine.sandbox.messages import Message
    from queries.engine.sandbox.runner import Runner

ADDRESS_SPACE = 4 * 1024**3  # bytes
LIMITS = {
    resource.RLIMIT_AS: ADDRESS_SPACE,
    resource.RLIMIT_FSIZE: 0,  # it writes no file, wherever it finds a place
    resource.RLIMIT_CORE: 0,
}
NICE = 10  # as the engine's own threads, of which a page's statement needs a little


def main() -> None:
    """Limit this process, open the copy that the last argument may name, and serve the pipe."""
    pipe = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever prints, prints to nowhere
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    os.nice(NICE)
    _serve(Path(sys.argv[-1]) if sys.argv[-1] else None, pipe)


def _serve(copy: Path | None, pipe: BinaryIO) -> None:
    # Not before there are limits: these load the engine.
    import pyarrow as pa

    from queries.engine.sandbox.messages import packed
    from queries.engine.sandbox.runner import Runner

    pa.set_memory_pool(pa.system_memory_pool())
    try:
        runner = Runner(copy)
    except Exception as error:
        _send(pipe, packed({"broken": type(error).__name__}))
        return
    _send(pipe, packed({"ready": True}))
    for message in _requests():
        for answer in _answers(runner, message):
            _send(pipe, answer)


def _requests() -> Iterator["Message"]:
    """Requests as they come. The process ends with its input, also while a query runs."""
    from queries.engine.sandbox.messages import read

    waiting: queue.Queue[Message] = queue.Queue()

    def take(length: int) -> bytes:
        data = sys.stdin.buffer.read(length)
        if len(data) < length:
            os._exit(0)
        return data

    def listen() -> None:
        while True:
            waiting.put(read(take))

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield waiting.get()


def _answers(runner: "Runner", message: "Message") -> Iterator[bytes]:
    from queries.engine.sandbox.cells import SqlError
    from queries.engine.sandbox.messages import packed
    from queries.engine.sandbox.requests import answers

    try:
        for values, tables in answers(runner, message):
            yield packed(values, tables)
    except SqlError as error:
        yield packed({"error": _described(error)})
    except MemoryError:
        yield packed({"broken": "MemoryError"})
    except Exception as error:  # whatever it is: no text of it may leave
        yield packed({"broken": type(error).__name__})


def _described(error: "SqlError") -> dict[str, object]:
    return {
        "kind": type(error).__name__,
        "reason": error.reason,
        "cell": error.cell,
        "place": error.place,
    }


def _send(pipe: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    with contextlib.suppress(BrokenPipeError):
        while rest:
            rest = rest[pipe.write(rest) or 0 :]
