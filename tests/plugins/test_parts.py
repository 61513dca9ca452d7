"""What a run says and does where a part is missing: it skips, and under CI it fails."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from shared.testing.kafka import KAFKA_VERSION
from shared.testing.postgres import PostgresServer
from tests.plugins.parts import scale

TEST = """
pytest_plugins = ["tests.plugins.parts"]
def test_that_needs_kafka(real_kafka): ...
"""


def run_without_programs(folder: Path, ci: bool) -> tuple[int, list[str]]:
    """The exit code and the lines of a run, in a folder that is also the home and the only place with programs."""
    (folder / "test_it.py").write_text(TEST)
    (folder / "pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", str(folder)],
        env={
            "PATH": str(folder),
            "XDG_CACHE_HOME": str(folder),
            "CI": str(ci).lower(),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        cwd=folder, check=False, capture_output=True, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout.strip().splitlines()


@pytest.mark.parametrize("ci", [False, True])
def test_where_kafkas_jars_cannot_be_had_the_test_is_skipped_and_the_last_line_says_so(
    tmp_path: Path, ci: bool
) -> None:
    code, lines = run_without_programs(tmp_path, ci)
    assert code == 0
    assert "1 skipped" in lines[-2]
    assert lines[-1].startswith("real Kafka: NOT RUN (no Maven")


def test_where_the_jars_are_there_but_nothing_to_run_them_the_test_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "backbone-test-kafka" / KAFKA_VERSION).mkdir(parents=True)
    code, lines = run_without_programs(tmp_path, ci=False)
    assert code == 0
    assert any("SKIPPED" in line and "no java" in line for line in lines)
    assert lines[-1] == "real Kafka: NOT RUN (no java on the PATH)"


def test_under_ci_that_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "backbone-test-kafka" / KAFKA_VERSION).mkdir(parents=True)
    code, lines = run_without_programs(tmp_path, ci=True)
    assert code == 1
    assert any("no java on the PATH, which CI must have" in line for line in lines)


def test_a_copied_database_has_what_its_template_was_given_and_others_do_not(postgres_server: PostgresServer) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE award (id text)")

    for url in (postgres_server.copy_of("of this test", prepare), postgres_server.copy_of("of this test", prepare)):
        with connect(url) as connection:
            connection.execute("INSERT INTO award VALUES ('award_1')")
            assert connection.execute("SELECT count(*) FROM award").fetchone() == (1,)
        postgres_server.drop(url)

    assert len(prepared) == 1
    with connect(postgres_server.new_database()) as connection:
        assert connection.execute("SELECT to_regclass('award')").fetchone() == (None,)


def test_a_database_that_was_emptied_is_as_a_new_one_whatever_refers_to_its_rows(
    postgres_server: PostgresServer,
) -> None:
    def prepare(url: str) -> None:
        with connect(url) as connection:
            connection.execute("CREATE TABLE award (id bigserial PRIMARY KEY)")
            connection.execute("CREATE TABLE payment (award bigint REFERENCES award)")

    first = postgres_server.without_rows("to be emptied", prepare)
    with connect(first) as connection:
        connection.execute("INSERT INTO award DEFAULT VALUES")
        connection.execute("INSERT INTO payment VALUES (1)")
    left_open = connect(first)
    postgres_server.empty("to be emptied", first)

    assert postgres_server.without_rows("to be emptied", prepare) == first
    with connect(first) as connection:
        assert connection.execute("SELECT count(*) FROM payment").fetchone() == (0,)
        assert connection.execute("INSERT INTO award DEFAULT VALUES RETURNING id").fetchone() == (1,)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")
    assert postgres_server.without_rows("to be emptied", prepare) != first


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""))


def test_scale_multiplies_and_never_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBONE_TEST_SCALE", "2.5")
    assert scale(10) == 25
    monkeypatch.setenv("BACKBONE_TEST_SCALE", "0.01")
    assert scale(10) == 1
    monkeypatch.delenv("BACKBONE_TEST_SCALE")
    assert scale(10) == 10
