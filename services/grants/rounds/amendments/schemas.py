"""What requests and answers about amendments look like."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.fields import Moment, Paragraph
from services.grants.rounds.amendments import models
from services.grants.rounds.schemas import Quorum
from shared.fields import Body, View
from shared.money import Money


class NewAmendment(Body):
    """What of an open round is to change: these are all that may, and each in one direction alone."""

    reason: Annotated[Paragraph, Field(description="which applicants are told")]
    closes_at: Annotated[Moment | None, Field(description="later than it is, while the round is open")] = None
    budget: Annotated[Money | None, Field(description="more than it is; the rest is reserved from the fund")] = None
    quorum: Annotated[Quorum | None, Field(description="less than it is, where reviewers fell away")] = None


class Amendment(View):
    """A change of a round's rules after its opening: what they were, and are."""

    id: str
    round: str
    before: dict[str, object]
    after: dict[str, object]
    reason: str
    made_by: str
    made_at: datetime

    @classmethod
    def of(cls, amendment: models.Amendment) -> "Amendment":
        """The answer for an amendment."""
        return cls(
            id=amendment.id,
            round=amendment.round_id,
            before=amendment.before,
            after=amendment.after,
            reason=amendment.reason,
            made_by=amendment.made_by,
            made_at=amendment.made_at,
        )
