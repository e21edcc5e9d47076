"""The process of a sandbox, seen from the app: it is given messages, waited for, and killed."""

import select
import subprocess
import sys
import time
from pathlib import Path

from queries.engine.sandbox.messages import Message, TooLong, packed, read

ROOT = Path(__file__).parents[3]
# Isolated, Python looks for no module beside a script: it is told where the app's are.
START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from queries.engine.sandbox.child import main; main()"
)
STARTING = 30.0  # seconds
LONGEST = 256 * 1024**2  # bytes of an answer


class Ended(Exception):
    """The process is not there any more."""


class TimedOut(Exception):
    """The process did not answer in time."""


class Broken(Exception):
    """The process failed in a way that nobody foresaw; the text is the kind of its error."""


class Patience:
    """How long an answer may still be waited for; what passes otherwise is not counted."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    def wait(self, pipe: int) -> None:
        """Wait until there is something to read. Raises TimedOut."""
        poll = select.poll()  # select() takes no descriptor above 1023
        poll.register(pipe, select.POLLIN)
        began = time.monotonic()
        has_come = poll.poll(max(0.0, self._left) * 1000)
        self._left -= time.monotonic() - began
        if not has_come:
            raise TimedOut


class Process:
    """A process that has one copy of a store open, or none. It can open and write nothing else."""

    def __init__(self, copy: Path | None) -> None:
        """Start it. Raises Ended, TimedOut, Broken."""
        self._popen = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", START, str(ROOT), str(copy or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            close_fds=True,
            start_new_session=True,  # Ctrl+C in the app's terminal is not for it
            bufsize=0,
        )
        try:
            self.receive(Patience(STARTING))
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._popen.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can be given something to do."""
        return self._popen.poll() is None

    def send(self, message: Message) -> None:
        """Give it a message. Raises Ended, Broken."""
        pipe = self._popen.stdin
        assert pipe is not None
        try:
            rest = memoryview(packed(message.values, message.tables))
            while rest:
                rest = rest[pipe.write(rest) or 0 :]
        except TooLong:
            raise Broken("TooLong") from None
        except (OSError, ValueError):  # a pipe that is closed is a ValueError
            raise Ended from None

    def receive(self, patience: Patience) -> Message:
        """Its next message. Raises Ended, TimedOut, Broken."""
        try:
            message = read(lambda length: self._take(length, patience), LONGEST)
        except (OSError, ValueError, TooLong, KeyError, TypeError) as error:
            # Also what a broken process may send: no JSON, no table.
            raise Broken(type(error).__name__) from None
        if "broken" in message.values:
            raise Broken(str(message.values["broken"]))
        return message

    def _take(self, length: int, patience: Patience) -> bytes:
        pipe = self._popen.stdout
        assert pipe is not None
        data = bytearray()
        while len(data) < length:
            patience.wait(pipe.fileno())
            part = pipe.read(length - len(data))
            if not part:
                raise Ended
            data += part
        return bytes(data)

    def kill(self) -> None:
        """End it at once, whatever it does."""
        self._popen.kill()
        self._popen.wait()

    def close(self) -> None:
        """End it, and close the pipes to it. Nobody may be waiting for it."""
        self.kill()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                pipe.close()
