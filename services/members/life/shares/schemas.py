"""How the parts that organisations have are shown."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import Field

from services.members.fields import OrganisationId
from services.members.life.mandates.models import Way
from services.members.life.mandates.schemas import MandateId
from services.members.life.shares.reckoning import Part
from services.members.life.staff_time.models import Work
from shared.fields import View


class PartShown(View):
    """What one organisation has of something."""

    organisation: Annotated[OrganisationId | None, Field(description="null: people who speak for no organisation")]
    amount: Annotated[float, Field(description="how many, or hours a week; a person in two counts half in each")]
    share: Annotated[float, Field(ge=0, le=1, description="of the whole, to four places")]

    @classmethod
    def of(cls, part: Part) -> Self:
        """A part as the API shows it."""
        return cls(
            organisation=part.organisation,
            amount=round(float(part.amount), 2),
            share=round(float(part.share), 4),
        )


class Whole(View):
    """Something that organisations have parts of, the largest first; nothing of it is an empty list."""

    amount: float
    parts: list[PartShown]

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Self:
        """The whole of these parts."""
        whole = sum(part.amount for part in parts)
        return cls(amount=round(float(whole), 2), parts=[PartShown.of(part) for part in parts])


class Backbone(View):
    """An organisation that is the backbone on the day, and by whose choice."""

    mandate: MandateId
    organisation: OrganisationId
    way: Way
    chosen_by: list[OrganisationId]
    decided_by: str | None


class Hours(View):
    """Hours a week that the staff of the backbone give to a work."""

    work: Work
    hours: float


class Shares(View):
    """Who has what part on a day; decisions are those of the time since."""

    since: date
    on: date
    backbones: Annotated[list[Backbone], Field(description="by the mandates that hold on the day")]
    agenda: Annotated[Whole, Field(description="those who shaped the version that holds, each as one")]
    decisions: Annotated[Whole, Field(description="of circles, each as one of all who had a seat on its day")]
    roles: Annotated[Whole, Field(description="seats in active circles, each as one")]
    programmes: Annotated[Whole, Field(description="programmes that there are, each its lead's")]
    staff_time: Annotated[Whole, Field(description="hours a week")]
    time_of_backbones: Annotated[list[Hours], Field(description="what the staff of the backbones do")]
