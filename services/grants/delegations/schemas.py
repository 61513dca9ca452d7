"""What requests and answers about delegations look like."""

from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.grants.delegations import models
from services.grants.delegations.models import Power, State
from services.grants.fields import DelegationId, FundId, OrganisationId, Paragraph
from shared.editing import Changes
from shared.fields import Body, View
from shared.money import Money


class NewDelegation(Body):
    """Powers over a fund to hand to an organisation."""

    fund: FundId
    giver: Annotated[
        OrganisationId | None, Field(alias="from", description="who hands them on; null: the caller, or the movement")
    ] = None
    to: OrganisationId
    under: Annotated[
        DelegationId | None, Field(description="the delegation by which the caller has them; null: the fund's own")
    ] = None
    scopes: Annotated[list[Power], Field(min_length=1, max_length=len(Power))]
    ceiling: Annotated[
        Money | None, Field(description="the most that live awards made under it may be; null: what the fund has")
    ] = None
    starts_on: Annotated[date | None, Field(description="the first day, in the movement's zone; null: today")] = None
    expires_on: Annotated[date | None, Field(description="the first day on which it holds no more")] = None


class DelegationChanges(Changes):
    """How far it reaches from now on, and until when."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"ceiling", "expires_on"})

    ceiling: Money | None = None
    expires_on: date | None = None


class Revocation(Body):
    """Why a delegation is taken back."""

    reason: Paragraph


class Delegation(View):
    """Powers over a fund, and what was awarded by them.

    `committed` are the live awards that were made under it or out of it, `remaining` what may still be (null: as much
    as the fund has). `state` is that of its own days: what it was made out of has to hold as well.
    """

    id: str
    fund: str
    giver: Annotated[str | None, Field(alias="from", description="null: the movement itself")]
    to: str
    under: str | None
    scopes: list[Power]
    ceiling: Money | None
    committed: Money
    remaining: Money | None
    starts_on: date
    expires_on: date | None
    state: State
    revoked_at: datetime | None
    revoked_because: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, shown: models.Shown) -> "Delegation":
        """The answer for a delegation."""
        found = shown.delegation
        ceiling = None if found.ceiling is None else Money.of(found.ceiling, found.currency)
        return cls.model_validate(
            {
                "id": found.id,
                "fund": found.fund_id,
                "from": shown.giver,
                "to": shown.receiver,
                "under": found.under,
                "scopes": found.powers.split(),
                "ceiling": ceiling,
                "committed": Money.of(found.committed, found.currency),
                "remaining": ceiling and Money.of(ceiling.pence - found.committed, found.currency),
                "starts_on": found.starts_on,
                "expires_on": found.expires_on,
                "state": shown.state,
                "revoked_at": found.revoked_at,
                "revoked_because": found.revoked_because,
                "created_at": found.created_at,
                "updated_at": found.updated_at,
                "version": found.version,
            }
        )
