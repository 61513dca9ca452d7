"""Community votes: on paper and online, once each, secret, and counted again by a script that knows nothing of us."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from services.grants.decisions import recount
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller
from tests.grants.decisions.people import Making, Members, begun, closed_round, voting


def run_script(record: Json, at: Path, *more: str) -> tuple[int, str]:
    """What the script that ships ends with and says, run by itself as anybody would."""
    at.write_text(json.dumps(record))
    script = [sys.executable, "-I", recount.__file__, str(at), *more]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


async def test_everybody_on_the_roll_votes_once_and_anybody_can_count_it_again(
    app: FastAPI, grants: Caller, somebody: Making, tmp_path: Path
) -> None:
    opened, (first, second, third) = await closed_round(grants, "vote", 3)
    anna, bo, cy = voters = [somebody() for _ in range(3)]
    decision = await voting(grants, opened, voters, dots=3, most=2)
    receipts = []
    for voter, dots in [(anna, {second: 2, first: 1}), (bo, {second: 1}), (cy, {third: 2, second: 1})]:
        receipts.append((await voter.post("/v1/ballots", {"decision": decision, "dots": dots}))["receipt"])
    status, problem = await anna.refused("/v1/ballots", {"decision": decision, "dots": {third: 1}})
    assert (status, problem["code"]) == (409, "voted_already")
    assert (await grants.refused(f"/v1/decisions/{decision}/record", method="GET"))[1]["code"] == "still_voting"

    closed = await grants.post(f"/v1/decisions/{decision}/close-voting")
    standing = [(each["application"], each["votes"], each["rank"]) for each in closed["candidates"]]
    assert standing == [(second, 4, 1), (third, 2, 2), (first, 1, 3)]
    assert (closed["state"], closed["voted_online"]) == ("ranked", 3)
    (told,) = [payload for kind, payload in await grants.published(decision) if kind == "decision.voting_closed"]
    assert told == {"decision": decision, "online": 3, "paper": 0, "digest": closed["digest"]}

    record = (await grants.client.get(f"/open/{grants.movement}/decisions/{decision}")).json()
    assert sorted(ballot["receipt"] for ballot in record["ballots"]) == sorted(receipts)
    roll = await grants.every(f"/v1/decisions/{decision}/voters")
    assert {each["person"]: each["voted"] for each in roll} == {voter.person: "online" for voter in voters}
    assert not {voter.person for voter in voters} & set(json.dumps(record).split('"'))
    code, said = run_script(record, tmp_path / "record.json", "--digest", closed["digest"], "--receipt", receipts[0])
    assert code == 0, said
    assert [line.split()[1] for line in said.splitlines()[:3]] == [second, third, first]
    assert json.dumps({first: 1, second: 2}, sort_keys=True, separators=(",", ":")) in said
    script = await grants.client.get(f"/open/{grants.movement}/decisions/recount.py")
    assert script.content == Path(recount.__file__).read_bytes()


@ON_ONE_DATABASE
async def test_who_is_not_on_the_roll_is_nobody_or_is_a_key_does_not_vote(
    grants: Caller, key: Caller, somebody: Making
) -> None:
    opened, (asked,) = await closed_round(grants, "vote", 1)
    decision = await voting(grants, opened, [somebody()])
    ballot = {"decision": decision, "dots": {asked: 1}}
    for caller, code in [(somebody(), "not_on_the_roll"), (grants, "not_on_the_roll"), (key, "needs_a_user")]:
        status, problem = await caller.refused("/v1/ballots", ballot)
        assert (status, problem["code"]) == (403, code)
    assert (await grants.post(f"/v1/decisions/{decision}/close-voting"))["voted_online"] == 0


@ON_ONE_DATABASE
async def test_a_faulty_ballot_is_named_and_the_voter_may_vote_still(grants: Caller, somebody: Making) -> None:
    opened, asked = await closed_round(grants, "vote", 3)
    voter, stranger = somebody(), new_id("app")
    decision = await voting(grants, opened, [voter], dots=3, most=2)
    dots = {asked[0]: 3, asked[1]: 1, stranger: 1}
    status, problem = await voter.refused("/v1/ballots", {"decision": decision, "dots": dots})
    assert status == 422
    assert faults(problem) == {
        f"/dots/{asked[0]}": "too_many_dots", f"/dots/{stranger}": "unknown_application", "/dots": "too_many_dots"
    }  # fmt: skip
    assert (await voter.client.post("/v1/ballots", json={"decision": decision, "dots": {}})).status_code == 422
    await voter.post("/v1/ballots", {"decision": decision, "dots": {asked[0]: 2}})


async def test_of_many_ballots_of_one_voter_at_once_one_counts(grants: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "vote", 1)
    voter = somebody()
    decision = await voting(grants, opened, [voter])
    ballot = {"decision": decision, "dots": {asked: 1}}
    answers = await asyncio.gather(*(voter.client.post("/v1/ballots", json=ballot) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    closed = await grants.post(f"/v1/decisions/{decision}/close-voting")
    assert (closed["voted_online"], closed["candidates"][0]["votes"]) == (1, 1)


async def test_a_ballot_that_comes_as_voting_closes_is_in_the_record_or_refused(
    grants: Caller, somebody: Making, tmp_path: Path
) -> None:
    opened, (asked,) = await closed_round(grants, "vote", 1)
    voters = [somebody() for _ in range(5)]
    decision = await voting(grants, opened, voters)
    ballot = {"decision": decision, "dots": {asked: 1}}
    *answers, closed = await asyncio.gather(
        *(voter.client.post("/v1/ballots", json=ballot) for voter in voters),
        grants.client.post(f"/v1/decisions/{decision}/close-voting"),
    )
    taken = [answer.json()["receipt"] for answer in answers if answer.status_code == 201]
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} <= {"not_voting"}
    record: Any = await grants.get(f"/v1/decisions/{decision}/record")
    assert sorted(each["receipt"] for each in record["ballots"]) == sorted(taken)
    assert closed.json()["voted_online"] == len(taken)
    assert list(recount.faults_of(record)) == []


@ON_ONE_DATABASE
async def test_two_tellers_count_each_box_without_seeing_the_other_until_they_agree(
    grants: Caller, colleague: Caller, key: Caller
) -> None:
    opened, (first, second) = await closed_round(grants, "vote", 2)
    decision = await voting(grants, opened, [], dots=2, most=2)
    box, new = f"/v1/decisions/{decision}/boxes/1", {"if-match": "*"}

    async def counts(caller: Caller, ballots: int, dots: Json, tag: str = "*") -> Json:
        body = {"ballots": ballots, "dots": dots}
        answered = await caller.client.put(box, json=body, headers={"if-match": tag})
        assert answered.status_code == 200, answered.text
        found: Json = answered.json()
        return found

    assert (await counts(grants, 4, {first: 3, second: 4}))["agreed"] is False
    (seen,) = (await colleague.get(f"/v1/decisions/{decision}/boxes"))["data"]
    assert (seen["tellers"], seen["own"], seen["differences"]) == (1, None, [])
    status, problem = await grants.refused(f"/v1/decisions/{decision}/close-voting")
    assert (status, problem["code"], problem["box"]) == (409, "tellers_differ", 1)
    differing = await counts(colleague, 5, {first: 3, second: 5})
    assert differing["differences"] == [
        {"application": None, "first": 4, "second": 5},
        {"application": second, "first": 4, "second": 5},
    ]
    third = await key.client.put(box, json={"ballots": 1, "dots": {}}, headers=new)
    assert third.json()["code"] == "needs_a_user"
    stale = await grants.client.put(box, json={"ballots": 5, "dots": {}}, headers={"if-match": '"9"'})
    assert stale.status_code == 412
    assert (await counts(grants, 5, {first: 3, second: 5}, '"1"'))["agreed"] is True
    closed = await grants.post(f"/v1/decisions/{decision}/close-voting")
    assert [(each["application"], each["votes"]) for each in closed["candidates"]] == [(second, 5), (first, 3)]


@ON_ONE_DATABASE
async def test_a_box_counted_by_two_is_counted_by_no_third(grants: Caller, colleague: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "vote", 1)
    decision = await voting(grants, opened, [])
    box = f"/v1/decisions/{decision}/boxes/1"
    for teller, status in [(grants, 200), (colleague, 200), (somebody("decisions:write"), 409)]:
        body = {"ballots": 1, "dots": {asked: 1}}
        assert (await teller.client.put(box, json=body, headers={"if-match": "*"})).status_code == status
    over = {"ballots": 1, "dots": {asked: 2}}
    refused = await grants.client.put(box, json=over, headers={"if-match": "*"})
    assert faults(refused.json()) == {"/dots": "too_many_dots"}


@ON_ONE_DATABASE
async def test_who_was_handed_paper_does_not_vote_online_and_boxes_hold_no_more_than_was_handed_out(
    grants: Caller, colleague: Caller, somebody: Making
) -> None:
    opened, (asked,) = await closed_round(grants, "vote", 1)
    anna, bo = somebody(), somebody()
    decision = await voting(grants, opened, [anna, bo])
    await grants.post(f"/v1/decisions/{decision}/voters/{anna.person}/paper")
    assert (await anna.refused("/v1/ballots", {"decision": decision, "dots": {asked: 1}}))[1]["code"] == "voted_already"
    again = await grants.refused(f"/v1/decisions/{decision}/voters/{anna.person}/paper")
    assert again[1]["code"] == "voted_already"
    for teller in (grants, colleague):
        path, body = f"/v1/decisions/{decision}/boxes/1", {"ballots": 2, "dots": {asked: 2}}
        assert (await teller.client.put(path, json=body, headers={"if-match": "*"})).status_code == 200
    status, problem = await grants.refused(f"/v1/decisions/{decision}/close-voting")
    assert (status, problem["code"]) == (409, "too_many_ballots")
    await grants.post(f"/v1/decisions/{decision}/voters/{bo.person}/paper")
    closed = await grants.post(f"/v1/decisions/{decision}/close-voting")
    assert (closed["candidates"][0]["votes"], closed["voted_online"]) == (2, 0)


@ON_ONE_DATABASE
async def test_too_few_votes_leave_voting_open(grants: Caller, somebody: Making) -> None:
    opened, (asked,) = await closed_round(grants, "vote", 1, quorum=2)
    voters = [somebody(), somebody()]
    decision = await voting(grants, opened, voters)
    await voters[0].post("/v1/ballots", {"decision": decision, "dots": {asked: 1}})
    status, problem = await grants.refused(f"/v1/decisions/{decision}/close-voting")
    assert (status, problem["code"]) == (409, "no_quorum")
    await voters[1].post("/v1/ballots", {"decision": decision, "dots": {asked: 1}})
    assert (await grants.post(f"/v1/decisions/{decision}/close-voting"))["state"] == "ranked"


@ON_ONE_DATABASE
async def test_nobody_puts_another_order_in_the_place_of_a_vote(grants: Caller, somebody: Making) -> None:
    opened, (first, second) = await closed_round(grants, "vote", 2)
    voter = somebody()
    decision = await begun(grants, opened, voting={})
    path, made = f"/v1/decisions/{decision}", {"reason": "Too few dots", "help_offered": "Ada helps"}
    assert (await grants.refused(f"{path}/rank"))[1]["code"] == "not_ranked"
    assert (await grants.refused(f"{path}/make", made))[1]["code"] == "not_ranked"
    await grants.post(f"{path}/voters", {"voters": [{"person": voter.person, "because": "member"}]})
    await grants.post(f"{path}/open-voting")
    await voter.post("/v1/ballots", {"decision": decision, "dots": {second: 1}})
    assert (await grants.refused(f"{path}/rank"))[1]["code"] == "not_ranked"
    assert (await grants.get(path))["state"] == "voting"
    closed = await grants.post(f"{path}/close-voting")
    assert [each["application"] for each in closed["candidates"]] == [second, first]


@ON_ONE_DATABASE
async def test_nobody_is_on_the_roll_who_is_not_of_the_movement_nor_twice(
    grants: Caller, somebody: Making, members: Members
) -> None:
    opened, _ = await closed_round(grants, "vote", 1)
    decision = await begun(grants, opened, voting={})
    known, stranger = somebody(), somebody()
    members.unknown.add(stranger.person)
    path = f"/v1/decisions/{decision}/voters"
    roll = [{"person": each.person, "because": "member"} for each in (known, stranger)]
    status, problem = await grants.refused(path, {"voters": roll})
    assert (status, faults(problem)) == (422, {"/voters/1/person": "unknown_person"})
    assert (await grants.post(path, {"voters": [roll[0], roll[0]]}))["enrolled"] == 1
    assert (await grants.post(path, {"voters": roll[:1]}))["enrolled"] == 0
    members.away.add("/internal/permissions/asked")
    assert (await grants.refused(path, {"voters": roll[:1]}))[0] == 503


@pytest.mark.parametrize("mode", ["draw", "officer"])
@ON_ONE_DATABASE
async def test_only_a_round_that_is_put_to_the_vote_is_voted_on(grants: Caller, mode: str) -> None:
    opened, _ = await closed_round(grants, mode, 1)
    status, problem = await grants.refused("/v1/decisions", {"round": opened, "voting": {}})
    assert (status, problem["code"], problem["mode"]) == (409, "not_the_rounds_mode", mode)
    decision = await begun(grants, opened)
    assert (await grants.refused(f"/v1/decisions/{decision}/open-voting"))[1]["code"] == "not_a_vote"
    assert (await grants.refused(f"/v1/decisions/{decision}/close-voting"))[1]["code"] == "not_a_vote"
