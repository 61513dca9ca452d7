"""Routes of awards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response

from services.grants.acting import by_user
from services.grants.awards import amending, domain, history, models, store
from services.grants.awards.models import AwardState
from services.grants.awards.schemas import Award, AwardChanges, AwardClosing, AwardHistory, Because, NewAward
from services.grants.decisions import by_hand
from services.grants.delegations.holding import held_to, of_award
from services.grants.delegations.models import Power
from services.grants.fields import ApplicationId, AwardId, OrganisationId, RoundId
from services.grants.recipients import domain as recipients
from shared import clock
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["awards"])


@router.post("/v1/awards", status_code=201, response_model=Award, **needs("awards:write"))
async def offer_award(body: NewAward, call: Call) -> Response:
    """Offer an application money of its round, which its budget holds from now on, until it lapses.

    403 `not_delegated` where to award is another organisation's, 409 `over_ceiling` where its delegation ends.
    409 `over_budget` where the round has less left, `already_awarded` where an award of the application is live,
    `round_closed` once the round has ended, `decided_together` where a panel, a vote or a draw decides it and gave this
    application nothing; 422 `outside_limits` or `wrong_currency` for an amount it does not award.
    """
    until = clock.now() + timedelta(days=call.parts.settings.offer_days)
    terms = domain.Terms(body.answer_by or until, body.purpose, body.starts_on, body.ends_on, body.people_at_risk)
    return await call.write(by_hand.offer_award, call.principal, body.application, body.amount, terms, answer=Award.of)


@router.get("/v1/awards", **needs("awards:read"))
async def list_awards(
    call: Call,
    paging: Paging,
    round_id: Annotated[RoundId | None, Query(alias="round", description="only this round's")] = None,
    application_id: Annotated[
        ApplicationId | None, Query(alias="application", description="only this application's")
    ] = None,
    state: Annotated[AwardState | None, Query(description="only those in this state")] = None,
    organisation: Annotated[
        OrganisationId | None, Query(description="only those that are this organisation's now, by any id that it had")
    ] = None,
    q: Annotated[str | None, Query(max_length=100, description="words of the group's name")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Award]:
    """The movement's awards, oldest first."""
    theirs = None if organisation is None else await call.read(recipients.linked_to, organisation)
    rows = await call.read(
        store.list_awards,
        round_id=round_id,
        application_id=application_id,
        state=state,
        organisations=theirs,
        q=q,
        updated_since=updated_since,
        after=paging.after_id,
        limit=paging.fetch,
    )
    return paging.page(rows, Award.of, lambda row: (row.id,))


@router.get("/v1/awards/{award_id}", **needs("awards:read"))
async def get_award(award_id: AwardId, call: Call, response: Response) -> Award:
    """An award, and what became of it. Its `ETag` is what an amendment names."""
    shown = Award.of(await call.read_by_key(domain.get_award, award_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/awards/{award_id}", response_model=Award, **needs("awards:write"))
async def amend_award(award_id: AwardId, body: AwardChanges, call: Call, expected: Expected) -> Response:
    """Amend the amount, the purpose or the dates of an award, for a reason; what was before is kept.

    Its group accepts the new terms before more of it is paid. 409 `over_budget` where the round has less left,
    `award_on_hold` until it is released; 422 `outside_limits`, or `less_than_paid` below what is paid or on its way.
    """
    return tagged(await _take(call, Power.AWARD, amending.amend_award, award_id, body, expected))


@router.get("/v1/awards/{award_id}/changes", **needs("awards:read"))
async def award_history(award_id: AwardId, call: Call) -> AwardHistory:
    """What was done with an award that says why: amended, held, released, cancelled; the oldest first."""
    return AwardHistory.of(*await call.read(history.list_changes, award_id))


@router.post("/v1/awards/{award_id}/accept", response_model=Award, **needs("awards:write"))
async def accept_award(award_id: AwardId, call: Call) -> Response:
    """Note that the group accepts the offer; the money stays committed."""
    return await _take(call, Power.ADMINISTER, domain.accept_award, award_id)


@router.post("/v1/awards/{award_id}/lapse", response_model=Award, **needs("awards:write"))
async def lapse_award(award_id: AwardId, call: Call) -> Response:
    """Note that the group will not answer: the money goes back, and the application stands as submitted.

    An offer lapses by itself at `answer_by`.
    """
    return await _take(call, Power.ADMINISTER, domain.lapse_award, award_id)


@router.post("/v1/awards/{award_id}/refuse", response_model=Award, **needs("awards:write"))
async def refuse_award(award_id: AwardId, call: Call) -> Response:
    """Note that the group does not want the offer: the money goes back, and the application stands as submitted."""
    return await _take(call, Power.ADMINISTER, domain.refuse_award, award_id)


@router.post("/v1/awards/{award_id}/cancel", response_model=Award, **needs("awards:write"))
async def cancel_award(award_id: AwardId, body: Because, call: Call) -> Response:
    """Take an offer back, or an award that was accepted: what was not paid of it goes back, what was is asked back.

    The group is to be told why; `GET …/changes` keeps it.

    Where nothing was paid, the application stands as submitted. 409 `payments_under_way` until each payment is paid or
    void.
    """
    return await _take(call, Power.AWARD, domain.cancel_award, award_id, body.reason)


@router.post("/v1/awards/{award_id}/hold", response_model=Award, **needs("awards:write"))
async def hold_award(award_id: AwardId, body: Because, call: Call) -> Response:
    """Put an accepted or active award on hold: nothing of it is paid until it is released. The group is told why."""
    return await _take(call, Power.ADMINISTER, domain.hold_award, award_id, body.reason)


@router.post("/v1/awards/{award_id}/release", response_model=Award, **needs("awards:write"))
async def release_award(award_id: AwardId, call: Call, body: Because | None = None) -> Response:
    """End a hold: its payments go on."""
    return await _take(call, Power.ADMINISTER, domain.release_award, award_id, None if body is None else body.reason)


@router.post("/v1/awards/{award_id}/close", response_model=Award, **needs("awards:write"))
async def close_award(award_id: AwardId, call: Call, body: AwardClosing | None = None) -> Response:
    """Close an active award: the group has done with it. What was never paid goes back to the round.

    What was paid and not `spent` is asked back. 409 `payments_under_way` until each payment is paid or void,
    `award_on_hold` until it is released.
    """
    return await _take(call, Power.ADMINISTER, domain.close_award, award_id, None if body is None else body.spent)


@router.post("/v1/awards/{award_id}/let-go", response_model=Award, **needs("awards:write", user=True))
async def let_award_go(award_id: AwardId, body: Because, call: Call) -> Response:
    """Do not pay again what came back from the bank after the award had ended: it is the round's again.

    Otherwise another payment retries it. 409 `nothing_owed` where nothing came back, or that was paid again.
    """
    by_user(call)
    return await _take(call, Power.AWARD, domain.let_go, award_id, body.reason)


async def _take(call: Call, power: Power, step: Callable[..., models.Award], award_id: str, *told: object) -> Response:
    """A step with an award, by a caller who has this power over its fund."""
    held = held_to(call.principal, power, of_award(award_id), step)
    return await call.write(held, award_id, *told, answer=Award.of)
