"""Routes of the ladder: its rules, the funnel, where somebody stands, and confirmations."""

from datetime import date

from fastapi import Response

from services.members.engagement.ladder import confirmations, guard, holds, runs, standing, store, versions
from services.members.engagement.ladder.decision_schemas import Answer, Confirmation, NewConfirmation, Run, SteppingBack
from services.members.engagement.ladder.hold_schemas import Hold, NewHold
from services.members.engagement.ladder.models import Decided
from services.members.engagement.ladder.schemas import Ladder, NewPolicy, PersonLadder, PersonThen, Policy
from services.members.fields import ConfirmationId, PersonId, PolicyId, RunId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Ladder"])


@router.get("/people/{person}/ladder", response_model=PersonLadder, **needs("ladder:read", shows=OWN_RECORD))
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
    response_model=Confirmation,
    **needs("ladder:write", user=True),
)
async def confirm_rung(person: PersonId, confirmation: NewConfirmation, call: Call) -> Response:
    """Confirm that somebody who is eligible is ready for the next rung. They stand on it once they have accepted.

    Say in `accepted` how and when they did, or leave it out and record their answer when it comes. It takes a signed-in
    user: a key gets 403. 409 `not_eligible` where the rung is not the person's next one or its rules are not met,
    409 `already_offered` while an answer is awaited, 409 `no_ladder` for somebody who has no place on the ladder.
    """
    accepted = None if confirmation.accepted is None else confirmation.accepted.to_domain()
    return await call.write(
        confirmations.offer, person, confirmation.rung, accepted, call.principal.user, answer=Confirmation.of
    )


@router.post(
    "/people/{person}/ladder/confirmations/{confirmation}/accept", response_model=Confirmation, **needs("ladder:write")
)
async def accept_rung(person: PersonId, confirmation: ConfirmationId, said: Answer, call: Call) -> Response:
    """Record that the person accepts the rung, how and when they said so. They stand on it at once."""
    return await call.write(confirmations.accept, person, confirmation, said.to_domain(), answer=Confirmation.of)


@router.post(
    "/people/{person}/ladder/confirmations/{confirmation}/decline", response_model=Confirmation, **needs("ladder:write")
)
async def decline_rung(person: PersonId, confirmation: ConfirmationId, said: Answer, call: Call) -> Response:
    """Record that the person would rather not. They stand where they stood, and the rung no longer waits for them."""
    return await call.write(confirmations.decline, person, confirmation, said.to_domain(), answer=Confirmation.of)


@router.post("/people/{person}/ladder/step-back", status_code=204, **needs("ladder:write"))
async def step_back(person: PersonId, wish: SteppingBack, call: Call) -> Response:
    """Record that a champion or co-owner steps back, by their own wish. What they did still counts as done."""
    return await call.write(confirmations.step_back, person, wish.to, wish.to_domain(), answer=None)


@router.get(
    "/people/{person}/ladder/confirmations", response_model=Page[Confirmation], **needs("ladder:read", shows=OWN_RECORD)
)
async def list_confirmations(person: PersonId, call: Call) -> Page[Confirmation]:
    """A person's confirmations, the first one first, with what they said. None for who has no place on the ladder."""
    rows = await call.read(confirmations.of_person, person)
    return Page(data=[Confirmation.of(row) for row in rows])


@router.get("/people/{person}/ladder/then", response_model=PersonThen, **needs("ladder:read", shows=OWN_RECORD))
async def read_ladder_then(
    person: PersonId, call: Call, day: date | None = None, known_on: date | None = None
) -> PersonThen:
    """Where a person stood at the end of a day (today's), and why: by what is known now, or was known on a later day.

    What came late or was voided since makes the two differ: `known_on` of the same day says what was known then.
    """
    asked, course = await call.read(standing.as_of, person, day, known_on)
    return PersonThen.of(person, asked, known_on, course)


@router.put("/people/{person}/ladder/lock", response_model=Hold, **needs("ladder:write", user=True))
async def lock_rung(person: PersonId, hold: NewHold, call: Call) -> Response:
    """Lock a person to a rung, whatever they do, and say why and until when. It takes a signed-in user.

    409 `not_confirmed` for a rung that takes a confirmation which the person has not accepted.
    """
    return await _held(call, person, Decided.LOCKED, hold)


@router.delete("/people/{person}/ladder/lock", status_code=204, **needs("ladder:write", user=True))
async def unlock_rung(person: PersonId, call: Call) -> Response:
    """Lift the lock: the person stands where their activities take them."""
    return await call.write(holds.lift, person, Decided.LOCKED, answer=None)


@router.put("/people/{person}/ladder/floor", response_model=Hold, **needs("ladder:write", user=True))
async def put_floor(person: PersonId, hold: NewHold, call: Call) -> Response:
    """Let a person not fall below a rung, and say why and until when. It takes a signed-in user; see the lock."""
    return await _held(call, person, Decided.FLOOR, hold)


@router.delete("/people/{person}/ladder/floor", status_code=204, **needs("ladder:write", user=True))
async def lift_floor(person: PersonId, call: Call) -> Response:
    """Lift the floor."""
    return await call.write(holds.lift, person, Decided.FLOOR, answer=None)


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
    return await call.write(versions.draft, policy.to_engine(), answer=Policy.of)


@router.post("/ladder/policies/{policy}/activate", response_model=Policy, **needs("ladder:write"))
async def activate_policy(policy: PolicyId, call: Call) -> Response:
    """Put a draft in force; the version before it is retired. 409 `policy_not_a_draft` for any other.

    Everybody is then reckoned anew, in a run in the background. People move up; down only at a review.
    """
    return await call.write(versions.activate, policy, answer=Policy.of)


@router.get("/ladder/policies", response_model=Page[Policy], **needs("ladder:read"))
async def list_policies(call: Call, paging: Paging) -> Page[Policy]:
    """The versions of the rules, from the first. A movement that has not used its ladder yet has none."""
    rows = await call.read(store.list_versions, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Policy.of, lambda row: (row.version,))


@router.get("/ladder/policies/{policy}", response_model=Policy, **needs("ladder:read"))
async def read_policy(policy: PolicyId, call: Call) -> Policy:
    """One version of the rules."""
    return Policy.of(await call.read(versions.read, policy))


@router.post("/ladder/recompute", status_code=202, response_model=Run, **needs("ladder:write"))
async def recompute_ladder(call: Call) -> Response:
    """Have everybody's place reckoned anew from all that is known, in a run in the background: poll it by its id.

    It changes nothing where all is well, and moves nobody down who is not down by what a review found.
    """
    return await call.write(runs.recompute, answer=Run.of)


@router.get("/ladder/runs/{run}", response_model=Run, **needs("ladder:read"))
async def read_run(run: RunId, call: Call) -> Run:
    """A run, and how far it has come."""
    return Run.of(await call.read(runs.read, run))


@router.get("/ladder/runs", response_model=Page[Run], **needs("ladder:read"))
async def list_runs(call: Call, paging: Paging) -> Page[Run]:
    """Runs in the order in which they began: reviews, new policies, and what was asked for."""
    rows = await call.read(runs.list_runs, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Run.of, lambda run: (run.id,))


async def _held(call: Call, person: str, kind: Decided, hold: NewHold) -> Response:
    return await call.write(holds.put, person, kind, hold.to_domain(), call.principal.user, answer=Hold.of)
