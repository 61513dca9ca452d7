"""What requests and answers about whose award it is look like."""

from typing import Annotated

from pydantic import Field

from services.grants.fields import OrganisationId
from services.grants.recipients import models
from shared.fields import Body, View


class Linking(Body):
    """Which of the movement's organisations the group of an award is."""

    organisation: Annotated[OrganisationId | None, Field(description="null: it is none of them")]


class Recipient(View):
    """Whose award it is. `version` is the award's."""

    award: str
    linked_to: Annotated[str | None, Field(description="the organisation that it was linked to")]
    organisation: Annotated[
        str | None, Field(description="who has it now: whoever answers for that one, or alone goes on in its place")
    ]
    between: Annotated[
        list[str], Field(description="where several go on in its place: those between whom a person says whose it is")
    ]
    version: int

    @classmethod
    def of(cls, recipient: models.Recipient) -> "Recipient":
        """The answer for an award."""
        award = recipient.award
        return cls(
            award=award.id,
            linked_to=award.organisation,
            organisation=recipient.now,
            between=list(recipient.between),
            version=award.version,
        )
