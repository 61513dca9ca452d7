"""Routes of the ladder: its rules, the funnel, where somebody stands, and confirmations."""

from fastapi import APIRouter, Response

from services.members.engagement.ladder import domain, guard, standing, store
from services.members.engagement.ladder.schemas import Change, Confirmation, Ladder, NewPolicy, PersonLadder, Policy
from services.members.fields import PersonId, PolicyId
from shared.calls import Call, needs
from shared.pages import Page, Paging

router = APIRouter(prefix="/v1", tags=["Ladder"])


@router.get("/people/{person}/ladder", response_model=PersonLadder, **needs("ladder:read"))
async def read_persons_ladder(person: PersonId, call: Call) -> PersonLadder:
    """Where a person stands, why, what would take them up, and every step so far.

    In words, with the evidence and the version of the rules behind them; no number is a score. Activities take people
    up to `active_participant` at once. `champion` and `co_owner` wait for a confirmation, and `eligible_for` says so.
    Children, and whoever objects, have no rung.
    """
    return PersonLadder.of(await call.read(standing.standing, person))


@router.post(
    "/people/{person}/ladder/confirmations",
    status_code=201,
    response_model=Change,
    **needs("ladder:write", user=True),
)
async def confirm_rung(person: PersonId, confirmation: Confirmation, call: Call) -> Response:
    """Confirm that somebody who is eligible stands on the next rung, and that they accept it.

    It takes a signed-in user: a key gets 403. 409 `not_eligible` where the rung is not the person's next one or its
    rules are not met, 409 `no_ladder` for somebody who has no place on the ladder.
    """
    return await call.write(domain.confirm, person, confirmation.rung, call.principal.user, answer=Change.of)


@router.put("/people/{person}/ladder/objection", status_code=204, **needs("ladder:write"))
async def object_to_ladder(person: PersonId, call: Call) -> Response:
    """Note that the person objects to the ladder: from now on they have no rung, whatever they do or sign up for.

    Anybody may object, without saying why. What they do is still recorded as theirs.
    """
    return await call.write(guard.object_to, person, answer=None)


@router.delete("/people/{person}/ladder/objection", status_code=204, **needs("ladder:write"))
async def take_back_objection(person: PersonId, call: Call) -> Response:
    """Note that the person no longer objects. They begin again as what their activities make them."""
    return await call.write(guard.take_back, person, answer=None)


@router.get("/ladder", response_model=Ladder, **needs("ladder:read"))
async def read_ladder(call: Call) -> Ladder:
    """The funnel: how many people stand on each of the five rungs. A rung on which nobody stands is listed with 0."""
    return Ladder.of(await call.read(standing.funnel))


@router.post("/ladder/policies", status_code=201, response_model=Policy, **needs("ladder:write"))
async def draft_policy(policy: NewPolicy, call: Call) -> Response:
    """Draft a version of the ladder's rules. It changes nothing until it is activated.

    A rung is reached when all of its rules are met, and those of every rung below it. Refused (422, every fault by its
    pointer) are rules that ask for nothing, that nobody can meet, that ask for less than a lower rung does, and rungs
    that add nothing to the ones below.
    """
    return await call.write(domain.draft, policy.to_engine(), answer=Policy.of)


@router.post("/ladder/policies/{policy}/activate", response_model=Policy, **needs("ladder:write"))
async def activate_policy(policy: PolicyId, call: Call) -> Response:
    """Put a draft in force; the version before it is retired. 409 `policy_not_a_draft` for any other.

    Everybody is then reviewed under it, in the background. People move up, and nobody moves down.
    """
    return await call.write(domain.activate, policy, answer=Policy.of)


@router.get("/ladder/policies", response_model=Page[Policy], **needs("ladder:read"))
async def list_policies(call: Call, paging: Paging) -> Page[Policy]:
    """The versions of the rules, from the first. A movement that has not used its ladder yet has none."""
    rows = await call.read(store.list_versions, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Policy.of, lambda row: (row.version,))
