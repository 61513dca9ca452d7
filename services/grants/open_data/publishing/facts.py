"""What is known of funds, contributions and awards that files are made of: plain facts, amounts in pence."""

from datetime import date, datetime

import msgspec

from services.grants.open_data.publishing.models import Treatment


class FundFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a fund; ``grant_maker_organisation`` and ``holder`` are records of organisations here."""

    id: str
    name: str
    purpose: str
    currency: str
    cleared: int
    grant_maker: str
    grant_maker_organisation: str | None
    holder: str | None
    made_at: datetime
    touched_at: datetime


class AwardFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an award that was accepted. ``group_key`` is one for all ways to spell it.

    ``paid_of`` are the contributions whose money it was paid, and that is still with its group.
    """

    id: str
    amount: int
    paid: int
    asked: int
    currency: str
    awarded_at: datetime
    starts_on: date | None
    ends_on: date | None
    touched_at: datetime
    group: str
    group_key: str
    organisation: str | None
    host: str | None
    host_organisation: str | None
    summary: str
    place: str | None
    round_title: str
    fund: FundFacts
    paid_of: frozenset[str]
    treatment: Treatment
    to_individual: bool
    recipient_identifier: str | None
    title: str | None
    description: str | None


class ContributionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a contribution of which something has cleared."""

    id: str
    promised: int
    cleared: int
    promised_at: datetime
    touched_at: datetime
    funder: str
    funder_organisation: str | None
    fund: FundFacts
