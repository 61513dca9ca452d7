"""Returns: submitted only where the rules hold, standing still while they are looked at, reopened for a reason."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.measures.caller import Caller, rows

YEAR = "2024/25"
FOREST: Json = {"place": "E07000080", "period": YEAR}


@pytest.fixture
async def version(measures: Caller) -> str:
    """A published ratio in percent, by survey year."""
    await measures.places()
    return (await measures.version())[1]


@pytest.fixture
async def partner(app: FastAPI, vouching: Secrets, measures: Caller) -> AsyncIterator[Caller]:
    """A partner organisation's key."""
    async with Caller(app, vouching, measures.movement, organisation=new_id("org")) as caller:
        yield caller


async def begun(caller: Caller, version: str, **figure: object) -> str:
    """A return with one figure; its id."""
    await caller.post("/v1/observations", FOREST | {"measure_version": version, "value": 20} | figure)
    started: Json = await caller.post("/v1/submissions", {"measure_version": version, "period": YEAR}, status=201)
    return f"/v1/submissions/{started['id']}"


async def test_a_return_goes_from_draft_to_locked_and_is_reopened_for_a_reason(
    measures: Caller, partner: Caller, version: str
) -> None:
    path = await begun(partner, version)
    assert (await partner.post(f"{path}/submit"))["status"] == "submitted"
    assert (await measures.post(f"{path}/return", {"reason": "the base is missing"}))["status"] == "returned"
    await partner.post("/v1/observations", FOREST | {"measure_version": version, "value": 21, "reason": "recounted"})
    await partner.post(f"{path}/submit")
    await measures.post(f"{path}/accept")
    await measures.post(f"{path}/lock")
    told = await measures.post(f"{path}/reopen", {"reason": "a form was found"})
    assert [step["status"] for step in told["steps"]] == [
        "draft", "submitted", "returned", "submitted", "accepted", "locked", "reopened",
    ]  # fmt: skip
    assert [step["reason"] for step in told["steps"] if step["reason"]] == ["the base is missing", "a form was found"]
    assert (told["version"], told["steps"][1]["figures"], told["steps"][1]["warnings"]) == (7, 1, 0)
    assert await partner.get(path) == told
    events = [event for event, _ in await measures.published(told["id"])]
    assert events == [f"submission.{word}" for word in (
        "started", "submitted", "returned", "submitted", "accepted", "locked", "reopened"
    )]  # fmt: skip


@ON_ONE_DATABASE
async def test_figures_stand_still_from_submission_on(measures: Caller, version: str) -> None:
    path = await begun(measures, version)
    await measures.post(f"{path}/submit")
    changed = FOREST | {"measure_version": version, "value": 25, "reason": "recounted"}
    status, problem = await measures.refused("/v1/observations", changed)
    assert (status, faults(problem)) == (422, {"/period": "locked_period"})
    file = rows("E07000080,2023/24,19.3", f"E07000080,{YEAR},25", f"E07000078,{YEAR},20")
    problem = (await measures.figures_sent(version, file)).json()
    assert [(fault["row"], fault["column"], fault["code"]) for fault in problem["errors"]] == [
        (2, "period", "locked_period"),
        (3, "period", "locked_period"),
    ]
    said_again = rows("E07000080,2023/24,19.3", f"E07000080,{YEAR},20.0")
    assert (await measures.figures(version, said_again))["unchanged"] == 1
    await measures.post(f"{path}/accept")
    await measures.post(f"{path}/reopen", {"reason": "a form was found"})
    assert (await measures.post("/v1/observations", changed))["revision"] == 2


async def test_a_return_that_breaks_a_rule_stays_where_it_was_with_every_fault_named(
    measures: Caller, version: str
) -> None:
    rule = {"measure_version": version, "name": "Below a half", "severity": "error"}
    rule = await measures.post("/v1/validation-rules", rule | {"test": {"kind": "between", "most": 50}}, status=201)
    warning = {"measure_version": version, "name": "Both sexes", "test": {"kind": "required", "cells": ["sex=female"]}}
    await measures.post("/v1/validation-rules", warning)
    path = await begun(measures, version, value=60)
    await measures.post("/v1/observations", FOREST | {"measure_version": version, "value": 70, "place": "E07000078"})
    status, problem = await measures.refused(f"{path}/submit")
    assert (status, problem["code"]) == (422, "faulty_return")
    assert faults(problem) == {"/E07000080/all": "rule_broken", "/E07000078/all": "rule_broken"}
    assert (await measures.get(path))["status"] == "draft"
    found = (await measures.get(f"{path}/findings"))["data"]
    assert [(each["severity"], each["cell"]) for each in found].count(("warning", "sex=female")) == 2

    answered = await measures.client.patch(
        f"/v1/validation-rules/{rule['id']}", json={"retired": True}, headers={"if-match": '"1"'}
    )
    assert (answered.status_code, answered.headers["etag"]) == (200, '"2"')
    submitted = await measures.post(f"{path}/submit")
    assert (submitted["steps"][-1]["figures"], submitted["steps"][-1]["warnings"]) == (2, 2)


@ON_ONE_DATABASE
async def test_each_step_begins_only_where_it_may(measures: Caller, partner: Caller, version: str) -> None:
    path = await begun(partner, version)
    for step in ("accept", "lock", "reopen", "return"):
        status, problem = await measures.refused(f"{path}/{step}", {"reason": "why"} if step[:2] == "re" else None)
        assert (status, problem["code"]) == (409, "wrong_status"), step
    await partner.post(f"{path}/submit")
    status, problem = await partner.refused(f"{path}/accept")
    assert (status, problem["code"]) == (403, "own_return")
    again = {"measure_version": version, "period": YEAR}
    status, problem = await partner.refused("/v1/submissions", again)
    assert (status, problem["submission"]) == (409, path.rsplit("/", 1)[1])
    status, problem = await partner.refused("/v1/submissions", again | {"period": "2024"})
    assert (status, faults(problem)) == (422, {"/period": "invalid_period"})
    empty = (await measures.post("/v1/submissions", again | {"period": "2023/24"}))["id"]
    status, problem = await measures.refused(f"/v1/submissions/{empty}/submit")
    assert (status, problem["errors"][0]["code"]) == (422, "no_figures")


@ON_ONE_DATABASE
async def test_a_partner_sees_its_own_returns_and_no_others(measures: Caller, partner: Caller, version: str) -> None:
    own, movements = await begun(partner, version), await begun(measures, version)
    assert [f"/v1/submissions/{each['id']}" for each in await partner.every("/v1/submissions")] == [own]
    assert len(await measures.every("/v1/submissions", status="draft", period=YEAR)) == 2
    assert (await partner.refused(movements, method="GET"))[0] == 404
    assert (await partner.refused(f"{movements}/submit"))[0] == 404


async def test_a_locked_period_takes_nobodys_figures_until_it_is_lifted(
    measures: Caller, partner: Caller, version: str
) -> None:
    wanted = {"measure_version": version, "period": YEAR, "reason": "the year is closed"}
    lock = await measures.post("/v1/submissions/period-locks", wanted, status=201)
    figure = FOREST | {"measure_version": version, "value": 20}
    for caller in (measures, partner):
        status, problem = await caller.refused("/v1/observations", figure)
        assert (status, faults(problem)) == (422, {"/period": "locked_period"})
    assert (await measures.refused("/v1/submissions/period-locks", wanted))[1]["code"] == "period_locked"
    assert (await partner.refused("/v1/submissions/period-locks", wanted))[0] == 403
    lifted = await measures.post(f"/v1/submissions/period-locks/{lock['id']}/lift", {"reason": "late figures"})
    assert (lifted["lifted_because"], await measures.every("/v1/submissions/period-locks")) == (
        "late figures",
        [lifted],
    )
    assert (await partner.post("/v1/observations", figure))["revision"] == 1
    again = {"reason": "again"}
    assert (await measures.refused(f"/v1/submissions/period-locks/{lock['id']}/lift", again))[1][
        "code"
    ] == "lock_lifted"
    assert await measures.post("/v1/submissions/period-locks", wanted)


async def test_a_figure_and_its_submission_at_once_never_leave_a_change_behind_it(
    measures: Caller, version: str
) -> None:
    path = await begun(measures, version)
    changes = [FOREST | {"measure_version": version, "value": 30 + n, "reason": "recounted"} for n in range(6)]
    answers = await asyncio.gather(
        *(measures.client.post("/v1/observations", json=change) for change in changes[:3]),
        measures.client.post(f"{path}/submit"),
        *(measures.client.post("/v1/observations", json=change) for change in changes[3:]),
    )
    assert answers[3].status_code == 200
    submitted_at = (await measures.get(path))["updated_at"]
    taken = [answer.json() for answer in answers if answer.status_code == 201]
    assert all(figure["recorded_at"] <= submitted_at for figure in taken)


@ON_ONE_DATABASE
async def test_outliers_name_their_method_and_its_parameters(measures: Caller, partner: Caller, version: str) -> None:
    earlier = [(2015 + n, 20 + n % 3) for n in range(9)]
    await measures.figures(
        version, rows(*(f"E07000080,{y}/{y - 1999},{v}" for y, v in earlier), f"E07000080,{YEAR},40")
    )
    query = {"measure_version": version, "period": YEAR}
    (flag,) = (await measures.get("/v1/observations/outliers", **query))["data"]
    assert (flag["place"], flag["by"]["method"], flag["by"]["threshold"], flag["by"]["middle"]) == (
        "E07000080", "robust_z", 3.5, 21.0,
    )  # fmt: skip
    assert flag["score"] > 3.5
    assert (await measures.get("/v1/observations/outliers", **query, threshold=90))["data"] == []
    assert (await measures.get("/v1/observations/outliers", **query, against="places"))["data"] == []
    of_others = {"measure_version": version, "period": YEAR, "reporter": new_id("org")}
    status, problem = await partner.refused("/v1/observations/outliers", method="GET", **of_others)
    assert (status, faults(problem)) == (422, {"?reporter": "not_yours"})


BAD_TESTS: list[Json] = [
    {"kind": "between"},
    {"kind": "between", "least": 5, "most": 1},
    {"kind": "change"},
    {"kind": "change", "most_percent": -1},
    {"kind": "sum", "dimension": "Sex"},
    {"kind": "guess"},
]


@ON_ONE_DATABASE
async def test_a_rule_that_asks_nothing_is_refused(measures: Caller, version: str) -> None:
    for test in BAD_TESTS:
        rule = {"measure_version": version, "name": "A rule", "test": test}
        status, problem = await measures.refused("/v1/validation-rules", rule)
        assert status == 422, test
        assert all(pointer.startswith("/test") for pointer in faults(problem)), test
    rule = {"measure_version": new_id("mver"), "name": "A rule", "test": {"kind": "change", "most_percent": 20}}
    status, problem = await measures.refused("/v1/validation-rules", rule)
    assert (status, faults(problem)) == (422, {"/measure_version": "unknown_version"})


@ON_ONE_DATABASE
async def test_another_movement_sees_no_return_no_rule_and_no_lock(
    measures: Caller, other: Caller, version: str
) -> None:
    path = await begun(measures, version)
    wanted = {"measure_version": version, "period": YEAR, "reason": "the year is closed"}
    lock = (await measures.post("/v1/submissions/period-locks", wanted))["id"]
    test = {"kind": "change", "most_percent": 20}
    rule = {"measure_version": version, "name": "A rule", "test": test}
    rule = (await measures.post("/v1/validation-rules", rule))["id"]
    for there in (path, f"{path}/findings", f"/v1/submissions/period-locks/{lock}", f"/v1/validation-rules/{rule}"):
        assert (await other.refused(there, method="GET"))[0] == 404, there
    for step in (f"{path}/submit", f"{path}/accept", f"/v1/submissions/period-locks/{lock}/lift"):
        assert (await other.refused(step, {"reason": "why"} if step.endswith("lift") else None))[0] == 404, step
    for listed in ("/v1/submissions", "/v1/submissions/period-locks", "/v1/validation-rules"):
        assert (await other.client.get(listed)).json() == {"data": [], "next_cursor": None}
