"""What requests and answers about repayments look like."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.fields import Paragraph
from services.grants.repayments import models
from services.grants.repayments.models import RepaymentKind, RepaymentState
from shared.fields import Body, View
from shared.money import Money


class Received(Body):
    """So much of what is asked back has come."""

    amount: Money


class WriteOff(Body):
    """So much of what is asked back will not come, and why."""

    amount: Money
    reason: Paragraph


class Repayment(View):
    """What a group is asked to pay back of its award, and what came of it."""

    id: str
    award: str
    kind: RepaymentKind
    state: RepaymentState
    amount: Money
    received: Money
    written_off: Money
    withdrawn: Annotated[Money, Field(description="not asked back any more: the bank itself sent the payment back")]
    left: Annotated[Money, Field(description="what is still asked back")]
    reason: Annotated[str | None, Field(description="why some of it was written off")]
    requested_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, repayment: models.Repayment) -> "Repayment":
        """The answer for a repayment."""
        return cls(
            id=repayment.id,
            award=repayment.award_id,
            kind=RepaymentKind(repayment.kind),
            state=repayment.state,
            amount=Money.of(repayment.pence, repayment.currency),
            received=Money.of(repayment.received, repayment.currency),
            written_off=Money.of(repayment.written_off, repayment.currency),
            withdrawn=Money.of(repayment.withdrawn, repayment.currency),
            left=Money.of(repayment.left, repayment.currency),
            reason=repayment.reason,
            requested_at=repayment.requested_at,
            settled_at=repayment.settled_at,
        )


class Repayments(View):
    """All that the group of an award is asked to pay back."""

    repayments: list[Repayment]

    @classmethod
    def of(cls, found: Sequence[models.Repayment]) -> "Repayments":
        """The answer for the repayments of an award."""
        return cls(repayments=[Repayment.of(each) for each in found])
