"""What a round is as a funding opportunity, and where it stands at this moment."""

from datetime import datetime
from math import ceil
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.grants.days import zone
from services.grants.funds.models import Fund
from services.grants.open_data.opportunities import store
from services.grants.open_data.opportunities.schemas import (
    ApplicantType,
    CustomField,
    OneOpportunity,
    Opportunities,
    Opportunity,
    OpportunityFunding,
    OpportunityStatus,
    OpportunityTimeline,
    PaginationInfo,
    SingleDateEvent,
    Status,
)
from services.grants.rounds.models import NOT_OPENED, Round, RoundState
from shared import clock
from shared.errors import NotFound
from shared.money import Money

_NAMESPACE = UUID("2b6c1f0e-7a44-4c0b-9a0e-5d1f6f3c8e21")
"""Drawn once. Another one would make every opportunity of the feed a new one to whoever reads it."""

_STATUS: dict[Status, str] = {
    "forecasted": "Published, and not yet open to applications",
    "open": "Open to applications",
    "closed": "No longer open to applications",
}


def opportunities(session: Session, movement: str, root: str, *, page: int, page_size: int) -> Opportunities:
    """A page of the rounds that were made known; ``root`` is the feed's own address."""
    found, local = store.made_known(session, movement), zone(session, movement)
    shown = found[(page - 1) * page_size : page * page_size]
    return Opportunities(
        items=[_opportunity(each, fund, root, local) for each, fund in shown],
        pagination_info=PaginationInfo(
            page=page, page_size=page_size, total_items=len(found), total_pages=max(1, ceil(len(found) / page_size))
        ),
    )


def opportunity(session: Session, movement: str, root: str, theirs: UUID) -> OneOpportunity:
    """One of them, by its id in the feed. Raises NotFound."""
    for each, fund in store.made_known(session, movement):
        if _id(each) == theirs:
            return OneOpportunity(data=_opportunity(each, fund, root, zone(session, movement)))
    raise NotFound("there is no such opportunity")


def _id(shown: Round) -> UUID:
    """The protocol's ids are UUIDs: one that follows from ours, the same in every run."""
    return uuid5(_NAMESPACE, shown.id)


def _opportunity(shown: Round, fund: Fund, root: str, local: ZoneInfo) -> Opportunity:
    status = _status(shown)
    return Opportunity(
        id=_id(shown),
        title=shown.title,
        status=OpportunityStatus(value=status, description=_STATUS[status]),
        description=fund.purpose,
        funding=OpportunityFunding(
            total_amount_available=Money.of(shown.budget, shown.currency),
            min_award_amount=Money.of(shown.minimum, shown.currency),
            max_award_amount=Money.of(shown.maximum, shown.currency),
        ),
        key_dates=_dates(shown, local),
        accepted_applicant_types=_applicants(shown),
        source=f"{root}/{_id(shown)}",
        custom_fields=_fields(shown, fund),
        created_at=shown.created_at,
        last_modified_at=shown.updated_at,
    )


def _status(shown: Round) -> Status:
    """By its state and its instants: a round whose closing has passed takes nothing, whether it was closed or not."""
    now = clock.now()
    if shown.state in NOT_OPENED or (shown.opens_at is not None and now < shown.opens_at):
        return "forecasted"
    over = shown.closes_at is not None and shown.closes_at <= now
    return "open" if shown.state == RoundState.OPEN and not over else "closed"


def _dates(shown: Round, local: ZoneInfo) -> OpportunityTimeline:
    opens = _event("Applications open", shown.opens_at or shown.opened_at, "Applications are taken from then on", local)
    return OpportunityTimeline(
        post_date=_event("Published", shown.published_at, "The round is made known", local),
        close_date=_event("Applications close", shown.closes_at, "No application is taken from then on", local),
        other_dates=None if opens is None else {"opens": opens},
    )


def _event(name: str, at: datetime | None, description: str, local: ZoneInfo) -> SingleDateEvent | None:
    if at is None:
        return None
    there = at.astimezone(local).replace(microsecond=0)
    return SingleDateEvent(name=name, date=there.date(), time=there.time(), description=description)


def _applicants(shown: Round) -> list[ApplicantType]:
    kinds = shown.eligibility["kinds"]
    if not kinds:
        return [ApplicantType(value="organization", description="Any group, constituted or not")]
    return [
        ApplicantType(value="custom", custom_value=kind, description=kind.replace("_", " ").capitalize())
        for kind in kinds
    ]


def _fields(shown: Round, fund: Fund) -> dict[str, CustomField]:
    fields = {
        "funder": CustomField(
            name="funder", field_type="string", value=fund.grant_maker, description="Who gives the money"
        ),
        "decisionMode": CustomField(
            name="decisionMode", field_type="string", value=shown.decision_mode, description="How it is decided"
        ),
    }
    for name, description in (("places", "Only for these places, by GSS code"), ("themes", "Only for these themes")):
        limits = shown.eligibility["places"] if name == "places" else shown.eligibility["themes"]
        if limits:
            fields[name] = CustomField(name=name, field_type="array", value=limits, description=description)
    return fields
