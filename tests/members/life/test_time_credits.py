"""The time bank: an hour is an hour, all balances are zero together, and nobody is lent more than was agreed."""

import asyncio
import random
from datetime import UTC, datetime

import pytest

from services.members.life.time_credits.models import DEFAULT_LOWEST
from shared import clock
from shared.testing.caller import Json, faults
from tests.members.caller import Caller
from tests.plugins.parts import scale

NOBODY = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"
BANK = "/v1/time-credits/bank"


def by(person: str) -> Json:
    return {"person": person}


def given(helper: Json, helped: Json, minutes: int, **other: object) -> Json:
    return {"helper": helper, "helped": helped, "minutes": minutes, "what": "dug the garden", **other}


async def balance(members: Caller, person: str) -> int:
    return int((await members.get("/v1/time-credits/statement", person=person))["closing"])


async def test_time_given_is_told_in_a_statement_with_the_balance_after_each(members: Caller) -> None:
    with clock.frozen(datetime(2026, 5, 10, 12, tzinfo=UTC)):
        ada, ben = await members.person("Ada"), await members.person("Ben")
        hall = await members.organisation("Village hall")
        await members.post("/v1/time-credits", given(by(ada), by(ben), 90, on="2024-01-01"))
        await members.post("/v1/time-credits", given(by(ada), {"organisation": hall}, 60, on="2026-05-01"))
        made = await members.post("/v1/time-credits", given({"organisation": hall}, by(ada), 45))
        told = await members.get("/v1/time-credits/statement", person=ada)
        assert (told["starts_on"], told["ends_on"], told["opening"], told["closing"]) == (
            "2025-05-10", "2026-05-10", 90, 105,
        )  # fmt: skip
        assert [(line["minutes"], line["balance"]) for line in told["lines"]] == [(60, 150), (-45, 105)]
        assert told["lines"][1]["transfer"] == await members.get(f"/v1/time-credits/{made['id']}")
        assert (await members.get("/v1/time-credits/statement", organisation=hall))["closing"] == -15
        assert len((await members.get("/v1/time-credits", organisation=hall))["data"]) == 2
        assert len((await members.get("/v1/time-credits", person=ben))["data"]) == 1


async def test_nobody_is_lent_more_than_the_movement_agreed(members: Caller) -> None:
    ada, ben = await members.person("Ada"), await members.person("Ben")
    await members.post("/v1/time-credits", given(by(ada), by(ben), -DEFAULT_LOWEST))
    status, problem = await members.refused("/v1/time-credits", given(by(ada), by(ben), 1))
    assert (status, problem["code"], problem["balance"], problem["lowest"]) == (
        409, "below_limit", DEFAULT_LOWEST, DEFAULT_LOWEST,
    )  # fmt: skip
    assert (await members.client.patch(BANK, json={"lowest_minutes": -660})).status_code == 428
    agreed = await members.client.patch(BANK, json={"lowest_minutes": -660}, headers={"If-Match": '"0"'})
    assert (agreed.status_code, agreed.json()["lowest_minutes"]) == (200, -660)
    stale = await members.client.patch(BANK, json={"lowest_minutes": 0}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    await members.post("/v1/time-credits", given(by(ada), by(ben), 60))
    positive = await members.client.patch(BANK, json={"lowest_minutes": 5}, headers={"If-Match": "*"})
    assert (positive.status_code, faults(positive.json())) == (422, {"/lowest_minutes": "less_than_equal"})


async def test_a_transfer_is_reversed_once_and_then_counts_for_nothing(members: Caller) -> None:
    ada, ben = await members.person("Ada"), await members.person("Ben")
    made = await members.post("/v1/time-credits", given(by(ada), by(ben), 90))
    (activity,) = (await members.get("/v1/activities", person=ada))["data"]
    assert (activity["kind"], activity["counterpart"]) == ("time_given", ben)
    path = f"/v1/time-credits/{made['id']}/reverse"
    answers = await asyncio.gather(*(members.client.post(path, json={"why": "Twice."}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    undone = next(answer.json() for answer in answers if answer.status_code == 201)
    assert (undone["reverses"], undone["why"], undone["helper"]["person"]) == (made["id"], "Twice.", ben)
    assert (await members.get(f"/v1/activities/{activity['id']}"))["voided_at"] is not None
    status, problem = await members.refused(f"/v1/time-credits/{undone['id']}/reverse", {"why": "Again."})
    assert (status, problem["code"]) == (409, "reversed_already")
    assert [await balance(members, person) for person in (ada, ben)] == [0, 0]


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"minutes": 0}, {"/minutes": "greater_than_equal"}),
        ({"minutes": -5}, {"/minutes": "greater_than_equal"}),
        ({"minutes": 1.5}, {"/minutes": "int_type"}),
        ({"minutes": 20_000}, {"/minutes": "less_than_equal"}),
        ({"helped": {}}, {"/helped": "one_of"}),
        ({"helped": by(NOBODY), "on": "2999-01-01"}, {"/helped/person": "unknown_person", "/on": "in_the_future"}),
    ],
)
async def test_a_bad_transfer_is_refused(members: Caller, wrong: Json, found: Json) -> None:
    body = given(by(await members.person()), {"organisation": await members.organisation()}, 30)
    status, problem = await members.refused("/v1/time-credits", body | wrong)
    assert (status, faults(problem)) == (422, found)
    assert (await members.get(BANK))["transfers"] == 0


async def test_nobody_gives_time_to_themselves_not_even_by_two_ids(members: Caller) -> None:
    ada, twin = await members.person("Ada"), await members.person("Ada")
    _, problem = await members.refused("/v1/time-credits", given(by(ada), by(ada), 30))
    assert faults(problem) == {"": "same_side"}
    ben = await members.person("Ben")
    await members.post("/v1/time-credits", given(by(twin), by(ben), 30))
    await members.post("/v1/time-credits", given(by(ada), by(ben), 40))
    await members.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    _, problem = await members.refused("/v1/time-credits", given(by(ada), by(twin), 30))
    assert faults(problem) == {"/helped": "same_side"}
    assert await balance(members, twin) == 70


async def test_however_many_take_at_once_the_limit_holds(members: Caller) -> None:
    ada, ben = await members.person("Ada"), await members.person("Ben")
    minutes = 100
    answers = await asyncio.gather(
        *(members.client.post("/v1/time-credits", json=given(by(ada), by(ben), minutes)) for _ in range(12))
    )
    assert [answer.status_code for answer in answers].count(201) == -DEFAULT_LOWEST // minutes
    assert {answer.status_code for answer in answers} == {201, 409}
    assert await balance(members, ben) == DEFAULT_LOWEST


async def test_of_transfers_and_reversals_at_once_nothing_is_made_of_nothing(members: Caller) -> None:
    """All between three people and in every direction; who took all that they may is refused, and no lock is stuck."""
    people = [await members.person(name) for name in ("Ada", "Ben", "Cai")]
    first = [await members.post("/v1/time-credits", given(by(people[0]), by(each), 60)) for each in people[1:]]
    pairs = [(one, other) for one in people for other in people if one != other] * 2
    taken = await asyncio.gather(
        *(members.client.post("/v1/time-credits", json=given(by(one), by(other), 400)) for one, other in pairs),
        *(members.client.post(f"/v1/time-credits/{each['id']}/reverse", json={"why": "A slip."}) for each in first),
    )
    assert {answer.status_code for answer in taken} <= {201, 409}
    assert [answer.status_code for answer in taken[-2:]] == [201, 201]
    balances = [await balance(members, person) for person in people]
    assert (sum(balances), (await members.get(BANK))["sum_of_balances"]) == (0, 0)
    assert min(balances) >= DEFAULT_LOWEST - 120  # by which the reversals may have left the first one lower


async def test_after_any_sequence_the_sum_is_zero_and_nobody_owes_too_much(members: Caller) -> None:
    """Random transfers and reversals, from a seed that is shown; a model keeps the balances beside the bank."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    people = [await members.person(name) for name in ("Ada", "Ben", "Cai", "Dee")]
    held, made = dict.fromkeys(people, 0), list[Json]()
    for _ in range(scale(25)):
        if made and chance.random() < 0.3:
            undone = made.pop(chance.randrange(len(made)))
            await members.post(f"/v1/time-credits/{undone['id']}/reverse", {"why": "A slip."})
            held[undone["helper"]["person"]] -= undone["minutes"]
            held[undone["helped"]["person"]] += undone["minutes"]
            continue
        helper, helped = chance.sample(people, 2)
        minutes = chance.choice([30, 200, 400])
        answered = await members.client.post("/v1/time-credits", json=given(by(helper), by(helped), minutes))
        lent = held[helped] - minutes >= DEFAULT_LOWEST
        assert answered.status_code == (201 if lent else 409), f"seed {seed}"
        if lent:
            made.append(answered.json())
            held[helper] += minutes
            held[helped] -= minutes
    assert {person: await balance(members, person) for person in people} == held, f"seed {seed}"
    assert (await members.get(BANK))["sum_of_balances"] == 0


async def test_a_statement_is_of_one_side(members: Caller) -> None:
    for asked in ({}, {"person": await members.person(), "organisation": await members.organisation()}):
        answered = await members.client.get("/v1/time-credits/statement", params=asked)
        assert (answered.status_code, faults(answered.json())) == (422, {"?person": "one_of"})
    answered = await members.client.get("/v1/time-credits/statement", params={"person": NOBODY})
    assert (answered.status_code, faults(answered.json())) == (422, {"?person": "unknown_person"})


async def test_another_movements_time_is_unknown_here(members: Caller, other: Caller) -> None:
    theirs = await other.post("/v1/time-credits", given(by(await other.person()), by(await other.person()), 30))
    assert (await members.get("/v1/time-credits"))["data"] == []
    assert (await members.client.get(f"/v1/time-credits/{theirs['id']}")).status_code == 404
    assert (await members.refused(f"/v1/time-credits/{theirs['id']}/reverse", {"why": "x"}))[0] == 404
    assert (await members.get(BANK))["transfers"] == 0
