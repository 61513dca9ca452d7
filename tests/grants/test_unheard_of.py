"""A write that names what another service has just made: word of it is waited for, and nothing is lost meanwhile."""

import asyncio

import pytest

from shared import clock, looking
from shared.events.members.organisations import OrganisationCreated
from shared.testing.caller import faults
from tests.grants.caller import Caller
from tests.neighbours import Neighbours, WhenAsked, made

PATH = "/v1/funds"


def fund(holder: str) -> dict[str, object]:
    """A fund whose holder is named by the request."""
    return {"name": "Arts", "grant_maker": "Shire", "purpose": "arts for all", "holder": holder}


async def test_word_that_comes_while_a_write_waits_is_waited_for(
    grants: Caller, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = WhenAsked(monkeypatch)
    organisation = made()
    asked = asyncio.create_task(grants.client.post(PATH, json=fund(organisation)))
    await looked.wait()
    assert not asked.done(), (await asked).text
    await neighbours.tell(grants.movement, OrganisationCreated(organisation=organisation))
    answer = await asked
    assert answer.status_code == 201, answer.text
    assert await grants.every(PATH) == [answer.json()]


async def test_where_word_does_not_come_the_caller_is_told_to_come_again(
    grants: Caller, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_LONGEST_SECONDS", 0.05)
    organisation, key = made(), {"idempotency-key": "one fund"}
    early = await grants.client.post(PATH, json=fund(organisation), headers=key)
    assert (early.status_code, early.json()["code"], early.headers["retry-after"]) == (503, "not_heard_of_yet", "1")
    assert early.headers["content-type"] == "application/problem+json"
    assert await grants.every(PATH) == [], "nothing of it stays"
    await neighbours.tell(grants.movement, OrganisationCreated(organisation=organisation))
    again = await grants.client.post(PATH, json=fund(organisation), headers=key)
    assert again.status_code == 201, "a refusal is not what a repetition is answered"
    assert len(await grants.every(PATH)) == 1


@pytest.mark.parametrize(("old", "code"), [(59, "not_heard_of_yet"), (61, "invalid"), (-59, "not_heard_of_yet"),
                                           (-61, "invalid")])  # fmt: skip
async def test_only_an_id_of_the_last_minute_may_still_be_on_its_way(
    grants: Caller, monkeypatch: pytest.MonkeyPatch, old: int, code: str
) -> None:
    monkeypatch.setattr(looking, "_LONGEST_SECONDS", 0.0)
    with clock.frozen(clock.now()):
        _, problem = await grants.refused(PATH, fund(made(old)))
    assert problem["code"] == code
    if code == "invalid":
        assert faults(problem) == {"/holder": "unknown_organisation"}
