"""Routes of checks of groups."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.acting import by_user
from services.grants.checks import domain, store
from services.grants.checks.schemas import Check, NeededChecks, NewCheck, NewRules, Rules, Withdrawal
from services.grants.delegations.holding import held_to, of_award
from services.grants.delegations.models import Power
from services.grants.fields import AwardId, FundId, GroupCheckId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["checks of groups"])


@router.post(
    "/v1/checks-of-groups", status_code=201, response_model=Check, **needs("checks_of_groups:write", user=True)
)
async def record_check(body: NewCheck, call: Call) -> Response:
    """Note what you made sure of about the group of an award, or why that is not needed for this award.

    What is done counts for every award of the group until it expires, a waiver for the one award alone.
    """
    return await call.write(
        held_to(call.principal, Power.ADMINISTER, of_award(body.award), domain.record_check),
        award_id=body.award,
        kind=body.kind,
        outcome=body.outcome,
        by=by_user(call),
        reason=body.reason,
        seen=body.seen,
        done_on=body.done_on,
        answer=Check.of,
    )


@router.get("/v1/checks-of-groups", **needs("checks_of_groups:read"))
async def list_checks(
    call: Call,
    paging: Paging,
    award_id: Annotated[AwardId | None, Query(alias="award", description="only those recorded for this award")] = None,
) -> Page[Check]:
    """What was checked of the movement's groups, oldest first."""
    rows = await call.read(store.list_checks, award_id=award_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Check.of, lambda row: (row.id,))


@router.get("/v1/checks-of-groups/{check_id}", **needs("checks_of_groups:read"))
async def get_check(check_id: GroupCheckId, call: Call) -> Check:
    """A check of a group."""
    return Check.of(await call.read_by_key(domain.get_check, check_id))


@router.post(
    "/v1/checks-of-groups/{check_id}/withdraw",
    response_model=Check,
    **needs("checks_of_groups:write", user=True),
)
async def withdraw_check(check_id: GroupCheckId, body: Withdrawal, call: Call) -> Response:
    """Have a check count no more, for a reason; 409 `check_withdrawn` where it was withdrawn before."""
    return await call.write(domain.withdraw_check, check_id, by_user(call), body.reason, answer=Check.of)


@router.get("/v1/awards/{award_id}/checks", **needs("awards:read"))
async def checks_needed(award_id: AwardId, call: Call) -> NeededChecks:
    """The checks that an award needs by its size, and how each stands today."""
    return NeededChecks.of(await call.read(domain.needed_for, award_id))


@router.get("/v1/funds/{fund_id}/check-rules", **needs("funds:read"))
async def get_rules(fund_id: FundId, call: Call, response: Response) -> Rules:
    """Which checks the awards of a fund need, by their size. Its `ETag` is what an edit names."""
    shown = Rules.of(await call.read_by_key(domain.rules_of, fund_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.put("/v1/funds/{fund_id}/check-rules", response_model=Rules, **needs("funds:write"))
async def set_rules(fund_id: FundId, body: NewRules, call: Call, expected: Expected) -> Response:
    """Put other rules in place of all that a fund has. What was checked before counts as long as it did."""
    return tagged(await call.write(domain.set_rules, fund_id, body, expected, answer=Rules.of))
