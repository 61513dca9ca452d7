import json
import sqlite3

import psycopg
import pytest
import sqlalchemy.exc
from structlog.testing import capture_logs

from shared.errors import AppError, Conflict, Fault, Invalid, NotFound, Unauthenticated, Unavailable, problem
from shared.problems import Problem, translate


class OverBudget(Conflict):
    """More than is left."""

    code, title = "over_budget", "More than the round has left"


def test_a_problem_has_the_members_of_rfc_9457_and_our_code() -> None:
    told = json.loads(problem(OverBudget("£500 is left", left_pence=50000), "req_1"))
    assert told == {
        "type": "urn:backbone:problem:over_budget",
        "title": "More than the round has left",
        "status": 409,
        "code": "over_budget",
        "detail": "£500 is left",
        "instance": "urn:backbone:request:req_1",
        "left_pence": 50000,
    }


def test_a_fault_says_where_and_leaves_out_what_is_not_known() -> None:
    faults = [Fault("/data/0/email", "is not an address"), Fault(None, "no such place", "unknown", 7, "area_code")]
    told = json.loads(problem(Invalid(faults=faults), ""))
    assert told["errors"] == [
        {"pointer": "/data/0/email", "reason": "is not an address"},
        {"reason": "no such place", "code": "unknown", "row": 7, "column": "area_code"},
    ]


def test_of_many_faults_the_first_hundred_are_listed_and_all_are_counted() -> None:
    told = json.loads(problem(Invalid(faults=[Fault(None, "bad", row=row) for row in range(1, 251)]), ""))
    assert [fault["row"] for fault in told["errors"]] == list(range(1, 101))
    assert told["errors_total"] == 250


def test_every_problem_is_as_documented() -> None:
    Problem.model_validate_json(problem(Invalid("x", faults=[Fault("/a", "b", "c", 1, "d")]), "req_1"))


def test_headers_that_a_status_calls_for_are_there_and_can_be_replaced() -> None:
    assert Unauthenticated().headers == {"www-authenticate": "Bearer"}
    assert Unavailable(headers={"retry-after": "9"}).headers == {"retry-after": "9"}


def test_an_error_of_ours_is_told_as_it_is() -> None:
    error = NotFound()
    assert translate(error, "req_1") is error


def _sqlite_full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    "away",
    [
        psycopg.OperationalError("connection refused"),
        sqlalchemy.exc.OperationalError("SELECT 1", {}, psycopg.OperationalError("gone")),
        sqlalchemy.exc.TimeoutError("QueuePool limit"),
        _sqlite_full(),
    ],
)
def test_a_database_that_is_away_is_unavailable_and_says_when_to_come_back(away: Exception) -> None:
    told = translate(away, "req_1")
    assert (told.status, told.code, told.headers) == (503, "unavailable", {"retry-after": "1"})


def test_a_query_cut_off_at_its_deadline_is_told_as_such() -> None:
    assert translate(psycopg.errors.QueryCanceled("statement timeout"), "req_1").code == "deadline_passed"


def test_a_wrong_statement_is_our_fault_and_not_the_databases() -> None:
    error = sqlite3.OperationalError("no such table: person")
    error.sqlite_errorcode = sqlite3.SQLITE_ERROR
    assert translate(error, "req_1").status == 500


def test_what_nobody_foresaw_is_logged_and_tells_the_caller_nothing() -> None:
    with capture_logs() as lines:
        told = translate(KeyError("alice@example.org"), "req_1")
    assert (type(told), told.detail) == (AppError, "")
    assert [(line["event"], line["request_id"]) for line in lines] == [("unexpected_error", "req_1")]
