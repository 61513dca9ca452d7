"""Whose award it is among organisations: linked, and passed on when one is merged into another or succeeded by it."""

from fastapi import FastAPI

from services.grants.recipients import handlers
from shared import clock
from shared.events.base import Received
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged
from shared.events.members.organisations import OrganisationReinstated, OrganisationSucceeded
from shared.ids import new_id
from shared.parts import Parts
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking, gbp
from tests.grants.conftest import Acting
from tests.neighbours import Neighbours, nobody

pytestmark = ON_ONE_DATABASE


async def award_of(grants: Caller, organisation: str | None) -> str:
    """An award of a group that says which organisation it is; its id."""
    opened = await grants.open_round()
    asked = await grants.post("/v1/applications", asking(opened, organisation=organisation))
    return str((await grants.post("/v1/awards", {"application": asked["id"], "amount": gbp("500.00")}))["id"])


async def now(grants: Caller, award: str) -> tuple[str | None, list[str]]:
    shown = await grants.get(f"/v1/awards/{award}/organisation")
    return shown["organisation"], shown["between"]


async def of(grants: Caller, organisation: str) -> list[str]:
    return [each["id"] for each in await grants.every("/v1/awards", organisation=organisation)]


async def test_an_award_is_linked_to_the_organisation_that_answers_as_it_was_read(
    grants: Caller, neighbours: Neighbours, acting: Acting
) -> None:
    hikers, walkers = [await neighbours.organisation(grants.movement) for _ in range(2)]
    await neighbours.tell(grants.movement, OrganisationMerged(organisation=hikers, into=walkers, merge=new_id("merge")))
    award = await award_of(grants, None)
    path = f"/v1/awards/{award}/organisation"
    assert await now(grants, award) == (None, [])
    refused = await grants.client.put(path, json={"organisation": nobody()}, headers={"If-Match": "*"})
    assert faults(refused.json()) == {"/organisation": "unknown_organisation"}
    linked = await grants.edit("PUT", path, {"organisation": hikers}, '"1"')
    assert (linked["linked_to"], linked["version"]) == (walkers, 2), "a merged id is taken, and not stored"
    assert (await grants.refused_edit("PUT", path, {"organisation": hikers}, '"1"'))[0] == 412
    _, anchor = await acting()
    assert await anchor.refused_edit("PUT", path, {"organisation": None}) == (403, "not_delegated")
    assert (await grants.published(award))[-1] == ("award.linked", {"award": award, "organisation": walkers})


async def test_an_award_is_passed_on_by_a_merger_and_back_when_that_is_undone(
    grants: Caller, neighbours: Neighbours
) -> None:
    hikers, walkers = [await neighbours.organisation(grants.movement) for _ in range(2)]
    award, merge = await award_of(grants, hikers), new_id("merge")
    assert await now(grants, award) == (hikers, [])
    await neighbours.tell(grants.movement, OrganisationMerged(organisation=hikers, into=walkers, merge=merge))
    assert await now(grants, award) == (walkers, [])
    assert await of(grants, walkers) == await of(grants, hikers) == [award], "by any id that it had"
    await neighbours.tell(grants.movement, OrganisationUnmerged(organisation=hikers, out_of=walkers, merge=merge))
    assert await now(grants, award) == (hikers, [])
    assert await of(grants, walkers) == []


async def test_an_award_is_passed_on_to_whoever_alone_goes_on_and_between_several_a_person_says(
    app: FastAPI, grants: Caller, neighbours: Neighbours
) -> None:
    club, heir, other = [await neighbours.organisation(grants.movement) for _ in range(3)]
    award = await award_of(grants, club)
    await succeeded(app, grants.movement, club, heir)
    assert await now(grants, award) == (heir, [])
    assert await of(grants, heir) == [award]
    await succeeded(app, grants.movement, club, other)
    assert await now(grants, award) == (club, sorted([heir, other]))
    await grants.edit("PUT", f"/v1/awards/{award}/organisation", {"organisation": other})
    assert await of(grants, other) == [award]
    second = await award_of(grants, club)
    undone = OrganisationReinstated(organisation=club)
    await app.state.parts.acting_in(grants.movement).write(
        handlers.on_reinstated, received(grants.movement, undone), undone
    )
    assert await now(grants, second) == (club, [])


async def succeeded(app: FastAPI, movement: str, organisation: str, successor: str) -> None:
    """Members tells that one organisation goes on in the place of another."""
    parts: Parts = app.state.parts
    told = OrganisationSucceeded(organisation=organisation, successor=successor)
    await parts.acting_in(movement).write(handlers.on_succeeded, received(movement, told), told)


def received(movement: str, event: OrganisationSucceeded | OrganisationReinstated) -> Received:
    """An event of members as it comes off the log."""
    return Received(
        id=new_id("evt"), type=event.event_type, service="members", key=event.subject, sequence=1, movement=movement,
        actor="service:members", causation=None, origin=None, traceparent=None, time=clock.now(), payload=b"{}",
    )  # fmt: skip
