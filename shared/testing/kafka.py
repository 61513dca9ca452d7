"""A throwaway Apache Kafka for tests: one KRaft node on loopback, its jars by Maven, its data deleted at the end."""

import base64
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from shared.testing.orphans import swept_up
from shared.testing.ports import free_ports

KAFKA_VERSION = "3.9.1"

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>backbone.test</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-reload4j</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""
_PROPERTIES = """
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:{controller}
log.dirs={folder}/logs
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=2097152
log.index.size.max.bytes=65536
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
"""
_LOGGING = """
log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
"""
_STARTED_WITHIN = 60.0


class JarsMissing(Exception):
    """The broker's jars are neither cached nor to be had from a Maven registry."""


class KafkaMissing(Exception):
    """The jars are there, but nothing to run them."""


class KafkaServer:
    """A broker. ``stop``, ``kill`` and ``start`` keep its data and its address."""

    def __init__(self, servers: str, process: "_Process | None") -> None:
        self.servers = servers
        self._process = process
        self._run = uuid.uuid4().hex[:8]
        self._numbers = count(1)

    @property
    def ours(self) -> bool:
        """Whether this run started the broker, and so may stop it."""
        return self._process is not None

    def new_url(self) -> str:
        """BUS_URL with a prefix for topics and groups that nobody else uses."""
        return f"kafka://{self.servers}?replication_factor=1&prefix=test.{self._run}.{next(self._numbers)}."

    def start(self) -> None:
        self._owned().start()

    def stop(self) -> None:
        """Shut down in good order."""
        self._owned().end(signal.SIGTERM)

    def kill(self) -> None:
        self._owned().end(signal.SIGKILL)

    def ensure_running(self) -> None:
        """Undo whatever a test did to it."""
        self.thaw()
        self._owned().start()

    def freeze(self) -> None:
        """Stop answering while every connection stays open, as behind a broken network."""
        self._owned().hold()

    def thaw(self) -> None:
        self._owned().send(signal.SIGCONT)

    def _owned(self) -> "_Process":
        if self._process is None:
            raise KafkaMissing("the broker at BACKBONE_TEST_KAFKA is not this run's to stop")
        return self._process


@contextlib.contextmanager
def running_kafka() -> Iterator[KafkaServer]:
    """The broker at ``BACKBONE_TEST_KAFKA``, else one of our own on free loopback ports, deleted at the end.

    Raises :class:`JarsMissing` or :class:`KafkaMissing`.
    """
    if servers := os.environ.get("BACKBONE_TEST_KAFKA"):
        yield KafkaServer(servers, None)
        return
    jars = _jars()
    java = shutil.which("java")
    if java is None:
        raise KafkaMissing("no java on the PATH")
    folder = Path(tempfile.mkdtemp(prefix="backbone-kafka-"))
    process = _Process(java, jars, folder)
    try:
        with swept_up(folder, folder / "pid"):
            process.format()
            process.start()
            yield KafkaServer(f"127.0.0.1:{process.port}", process)
    finally:
        process.end(signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


class _Process:
    """The Java process and its folder."""

    def __init__(self, java: str, jars: Path, folder: Path) -> None:
        self.port, controller = free_ports(2)
        self._java = [java, "-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        self._java += [f"-Dlog4j.configuration=file:{folder}/log4j.properties", "-cp", f"{jars}/*"]
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None
        (folder / "log4j.properties").write_text(_LOGGING)
        properties = _PROPERTIES.format(port=self.port, controller=controller, folder=folder)
        (folder / "server.properties").write_text(properties)

    def format(self) -> None:
        # Sixteen bytes in base64; the fixed ones make sure that it does not begin with a dash, like an option.
        cluster = base64.urlsafe_b64encode(b"backbone" + os.urandom(8)).rstrip(b"=").decode()
        arguments = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", f"{self._folder}/server.properties"]
        done = subprocess.run([*self._java, *arguments], check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"Kafka's storage could not be formatted: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Start and wait until the broker answers; harmless while it runs."""
        if self._running is not None:
            return
        with (self._folder / "broker.log").open("ab") as log:
            command = [*self._java, "kafka.Kafka", f"{self._folder}/server.properties"]
            self._running = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        (self._folder / "pid").write_text(f"{self._running.pid}\n")
        deadline = time.monotonic() + _STARTED_WITHIN
        while not _answers(self.port):
            if self._running.poll() is not None or time.monotonic() > deadline:
                self.end(signal.SIGKILL)
                raise RuntimeError(f"Kafka did not start:\n{(self._folder / 'broker.log').read_text()[-4000:]}")
            time.sleep(0.1)

    def send(self, number: signal.Signals) -> None:
        if self._running is not None:
            self._running.send_signal(number)

    def hold(self) -> None:
        """Stop it where it stands; it stands still when this returns, and not somewhat after the signal."""
        if self._running is not None:
            self.send(signal.SIGSTOP)
            os.waitpid(self._running.pid, os.WUNTRACED)

    def end(self, number: signal.Signals) -> None:
        if self._running is not None:
            self.send(number)
            self._running.wait(timeout=60)
            self._running = None


def _jars() -> Path:
    """The folder with the broker's jars, filled by Maven the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backbone-test-kafka"
    jars = cache / KAFKA_VERSION
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise JarsMissing(f"no Maven on the PATH to fetch org.apache.kafka:kafka_2.13:{KAFKA_VERSION}")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:  # one process of a run fetches them, and the others wait
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.is_dir():
            _fetch(maven, cache, jars)
    return jars


def _fetch(maven: str, cache: Path, jars: Path) -> None:
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        (Path(folder) / "pom.xml").write_text(_POM)
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}/jars"]
        try:
            done = subprocess.run(
                [maven, "-B", "-q", *goal], cwd=folder, check=False, capture_output=True, text=True, timeout=600
            )
        except subprocess.TimeoutExpired:
            raise JarsMissing("Maven had not fetched the jars after ten minutes") from None
        if done.returncode:
            raise JarsMissing(f"Maven could not fetch the jars: {(done.stdout + done.stderr)[:300].strip()}")
        Path(folder, "jars").rename(jars)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
