"""Random draws: promised by a digest before anybody has applied, shown afterwards, and drawn again by anybody."""

import json
from pathlib import Path

from fastapi import FastAPI

from services.grants.decisions.ranking import digest_of, lot_of
from shared.ids import new_id
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller
from tests.grants.decisions.people import begun, closed_round
from tests.grants.decisions.test_votes import run_script


async def test_the_digest_of_the_seed_is_told_as_the_round_opens(grants: Caller) -> None:
    opened = await grants.open_round(decision_mode="draw")
    draw = await grants.get(f"/v1/rounds/{opened}/draw")
    assert (draw["seed"], draw["revealed_at"]) == (None, None)
    promise = {"draw": draw["id"], "round": opened, "digest": draw["digest"]}
    assert ("draw.committed", promise) in await grants.published(draw["id"])


@ON_ONE_DATABASE
async def test_lots_are_drawn_from_the_promised_seed_and_anybody_can_draw_them_again(
    app: FastAPI, grants: Caller, tmp_path: Path
) -> None:
    opened, asked = await closed_round(grants, "draw", 6, priority_places=["E07000080"])
    decision = await begun(grants, opened)
    promised = (await grants.get(f"/v1/rounds/{opened}/draw"))["digest"]
    assert (await grants.refused(f"/v1/decisions/{decision}/record", method="GET"))[1]["code"] == "still_voting"
    drawn = await grants.post(f"/v1/decisions/{decision}/rank")
    shown = await grants.get(f"/v1/rounds/{opened}/draw")
    assert (shown["digest"], digest_of(shown["seed"])) == (promised, promised)
    order = [each["application"] for each in drawn["candidates"]]
    assert order == sorted(asked, key=lambda each: lot_of(shown["seed"], each))
    assert {each["ranked_by"] for each in drawn["candidates"]} == {"draw", None}
    told = await grants.published(shown["id"])
    assert told[-1] == ("draw.revealed", {"draw": shown["id"], "seed": shown["seed"]})

    record = (await grants.client.get(f"/open/{grants.movement}/decisions/{decision}")).json()
    code, said = run_script(record, tmp_path / "draw.json")
    assert (code, [line.split()[1] for line in said.splitlines()[:6]]) == (0, order)
    other = json.loads(json.dumps(record)) | {"seed": "0" * 64}
    assert run_script(other, tmp_path / "other.json")[0] == 1
    assert (await grants.refused(f"/v1/decisions/{decision}/rank"))[1]["code"] == "illegal_transition"
    await grants.post(f"/v1/decisions/{decision}/abandon", {"reason": "We do not like it"})
    assert await grants.get(f"/v1/decisions/{decision}/record") == record
    again = await grants.post(f"/v1/decisions/{await begun(grants, opened)}/rank")
    assert [each["application"] for each in again["candidates"]] == order  # nobody is drawn anew by giving up


@ON_ONE_DATABASE
async def test_a_round_is_under_one_decision_at_a_time_and_a_given_up_one_makes_way(grants: Caller) -> None:
    opened, asked = await closed_round(grants, "panel", 2)
    decision = await begun(grants, opened, applications=asked[:1])
    status, problem = await grants.refused("/v1/decisions", {"round": opened})
    assert (status, problem["code"], problem["decision"]) == (409, "under_decision", decision)
    given_up = await grants.post(f"/v1/decisions/{decision}/abandon", {"reason": "One had been left out"})
    assert (given_up["state"], given_up["because"]) == ("abandoned", "One had been left out")
    again = await begun(grants, opened)
    assert len((await grants.get(f"/v1/decisions/{again}"))["candidates"]) == 2
    listed = (await grants.get("/v1/decisions", round=opened))["data"]
    assert [each["id"] for each in listed] == [decision, again]
    assert [each["id"] for each in (await grants.get("/v1/decisions", state="begun"))["data"]] == [again]
    assert (await grants.refused(f"/v1/decisions/{decision}/record", method="GET"))[0] == 404


@ON_ONE_DATABASE
async def test_a_decision_waits_for_the_round_to_close_and_for_something_to_decide(grants: Caller) -> None:
    opened = await grants.open_round(decision_mode="panel")
    assert (await grants.refused("/v1/decisions", {"round": opened}))[1]["code"] == "round_still_open"
    await grants.post(f"/v1/rounds/{opened}/close")
    assert (await grants.refused("/v1/decisions", {"round": opened}))[1]["errors"][0]["code"] == "nothing_to_decide"
    named = {"round": opened, "applications": [new_id("app")]}
    assert (await grants.refused("/v1/decisions", named))[1]["errors"][0]["code"] == "unknown_application"
    unknown = (await grants.refused("/v1/decisions", {"round": new_id("round")}))[1]["errors"][0]
    assert (unknown["pointer"], unknown["code"]) == ("/round", "unknown_round")
