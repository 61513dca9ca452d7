"""Routes of oversight."""

from fastapi import Response

from services.grants.acting import by_user
from services.grants.fields import AwardId, FundId
from services.grants.oversight import domain
from services.grants.oversight.schemas import Countersignature, NewRules, Overseen, Rules
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["delegations"])


@router.put("/v1/funds/{fund_id}/oversight-rules", response_model=Rules, **needs("funds:write"))
async def set_oversight_rules(fund_id: FundId, body: NewRules, call: Call) -> Response:
    """Say how awards that others make of a fund are overseen at each stage, in place of what was said before."""
    return await call.write(domain.set_rules, call.principal, fund_id, body.rules, answer=lambda said: Rules.of(*said))


@router.get("/v1/funds/{fund_id}/oversight-rules", **needs("funds:read"))
async def get_oversight_rules(fund_id: FundId, call: Call) -> Rules:
    """How awards that others make of a fund are overseen at each stage."""
    return Rules.of(*await call.read(domain.rules_of, fund_id))


@router.get("/v1/funds/{fund_id}/oversight", **needs("funds:read"))
async def list_overseen(fund_id: FundId, call: Call, paging: Paging) -> Page[Overseen]:
    """The live awards that others made which the rule of the fund's stage puts before those who oversee it.

    Who handed awarding on keeps this; 403 `not_delegated` for whoever does not oversee the fund.
    """
    rows = await call.read(domain.overseen, call.principal, fund_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Overseen.of, lambda row: (row.award_id,))


@router.post("/v1/awards/{award_id}/countersign", response_model=Countersignature, **needs("awards:write", user=True))
async def countersign_award(award_id: AwardId, call: Call) -> Response:
    """Agree to an award that others made: 403 `not_delegated` for whoever made it, or does not oversee its fund."""
    return await call.write(domain.countersign, call.principal, by_user(call), award_id, answer=Countersignature.of)
