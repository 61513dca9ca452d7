import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from shared import log


@pytest.fixture(autouse=True)
def _own_configuration() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """The one line on standard error."""
    (text,) = capsys.readouterr().err.splitlines()
    line: dict[str, object] = json.loads(text)
    return line


def test_a_line_is_a_json_object_with_time_level_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    structlog.get_logger().warning("relay_waits", service="members", lag=40)
    line = written(capsys)
    assert line.pop("timestamp")
    assert line == {"event": "relay_waits", "level": "warning", "service": "members", "lag": 40}


def test_a_field_of_a_name_that_is_not_known_to_be_safe_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    structlog.get_logger().info("signed_up", email="alice@example.org", count=1)
    line = written(capsys)
    assert line["withheld"] == ["email"]
    assert "alice" not in json.dumps(line)


def test_an_exception_is_its_class_and_its_way_and_never_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    try:
        int("alice@example.org")
    except ValueError as error:
        structlog.get_logger().error("failed", exc_info=error)
    line = written(capsys)
    assert line["exception"] == "builtins.ValueError"
    assert "test_log.py" in str(line["trace"])
    assert "alice" not in json.dumps(line)


def test_a_librarys_line_comes_as_json_too_without_its_exceptions_words(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("info")
    try:
        int("alice@example.org")
    except ValueError:
        logging.getLogger("somebody.elses").exception("it broke")
    line = written(capsys)
    assert (line["logger"], line["reason"], line["level"]) == ("somebody.elses", "it broke", "error")
    assert "alice" not in json.dumps(line)


def test_what_is_less_severe_than_asked_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("error")
    structlog.get_logger().warning("relay_waits")
    logging.getLogger("somebody.elses").warning("hm")
    assert capsys.readouterr().err == ""
