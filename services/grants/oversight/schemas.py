"""What requests and answers about oversight look like."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.grants.funds.models import Stage
from services.grants.oversight import models
from services.grants.oversight.models import LookAt
from shared.fields import Body, View
from shared.money import Money


class NewRule(Body):
    """How a fund's delegated awards are overseen while it is at a stage."""

    stage: Stage
    look_at: LookAt
    one_in: Annotated[int | None, Field(ge=2, le=1000, description="of a sample: one award in so many")] = None
    sign_above: Annotated[
        Money | None, Field(description="awards of more wait for a countersignature before they are paid")
    ] = None


class NewRules(Body):
    """All rules of a fund. A stage without one: every award is looked at, and none waits."""

    rules: Annotated[list[NewRule], Field(max_length=len(Stage))]


class Rule(View):
    """How a fund's delegated awards are overseen while it is at a stage."""

    stage: Stage
    look_at: LookAt
    one_in: int | None
    sign_above: Money | None


class Rules(View):
    """All rules of a fund."""

    rules: list[Rule]

    @classmethod
    def of(cls, currency: str, rules: Sequence[models.OversightRule]) -> Self:
        """The answer for a fund in this currency."""
        return cls(
            rules=[
                Rule(
                    stage=Stage(rule.stage),
                    look_at=LookAt(rule.look_at),
                    one_in=rule.one_in,
                    sign_above=None if rule.sign_above is None else Money.of(rule.sign_above, currency),
                )
                for rule in rules
            ]
        )


class Overseen(View):
    """An award that others made, for those who oversee its fund."""

    award: str
    delegation: str
    state: str
    amount: Money
    waits: Annotated[bool, Field(description="it is not paid before somebody countersigns it")]
    signed_by: str | None
    signed_at: datetime | None

    @classmethod
    def of(cls, shown: models.Overseen) -> Self:
        """The answer for an award."""
        return cls(
            award=shown.award_id,
            delegation=shown.delegation_id,
            state=shown.state,
            amount=Money.of(shown.amount, shown.currency),
            waits=shown.waits,
            signed_by=shown.signed_by,
            signed_at=shown.signed_at,
        )


class Countersignature(View):
    """That somebody who oversees the fund agreed to an award of this amount."""

    award: str
    amount: Money
    signed_by: str
    signed_at: datetime

    @classmethod
    def of(cls, signed: models.Countersignature) -> Self:
        """The answer for a signature."""
        return cls(
            award=signed.award_id,
            amount=Money.of(signed.amount, signed.currency),
            signed_by=signed.user,
            signed_at=signed.signed_at,
        )
