"""What is said about safety and pictures, and how it is shown."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.gatherings.fields import GatheringId, Moment, Page, Sentence, SlotId
from services.members.engagement.gatherings.safety import models
from services.members.engagement.gatherings.safety.models import IncidentKind, Use
from services.members.fields import Paragraph, PersonId, PhoneNumber
from services.members.trust.permissions.models import Authority
from shared.fields import Body, Name, View
from shared.ids import Id

IncidentId = Annotated[str, Id("incident")]


class SafetyChanges(Body):
    """Who leads, who steps in, and a page about the risks; a field that is left out stays as it is."""

    leader: PersonId | None = None
    deputy: PersonId | None = None
    risk_note: Page | None = None


class SafetyPlan(View):
    """A gathering's safety plan. At version 0 nothing has been said yet."""

    gathering: GatheringId
    leader: PersonId | None
    deputy: PersonId | None
    risk_note: str | None
    version: int
    updated_at: datetime | None

    @classmethod
    def of(cls, plan: models.SafetyPlan) -> Self:
        """A plan as the API shows it."""
        return cls.model_validate(plan, from_attributes=True)


class Call(Body):
    """Whom to call, and who they are to the person."""

    name: Name
    phone: PhoneNumber
    relation: Sentence | None = None


class NewEmergencyContact(Body):
    """Whom to call for somebody who comes to a slot."""

    slot: SlotId
    person: PersonId
    contact: Call


class EmergencyContact(View):
    """Whom to call for somebody; it is there until the slot is over."""

    id: str
    slot: SlotId
    person: PersonId
    contact: Call
    created_at: datetime


class NewIncident(Body):
    """What went wrong, or nearly did."""

    gathering: GatheringId
    kind: IncidentKind
    happened_at: Moment
    what: Page


class NewFollowUp(Body):
    """What was done about it."""

    what: Paragraph


class FollowUp(View):
    """What was done about an incident, by whom and when."""

    what: str
    by: str
    at: datetime


class Incident(View):
    """What went wrong or nearly did, and all that was done about it."""

    id: IncidentId
    gathering: GatheringId
    kind: IncidentKind
    happened_at: datetime
    what: str
    reported_by: str
    follow_ups: list[FollowUp]
    version: int
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class NewPicturePermission(Body):
    """Whether a person may be pictured, for some uses. For a child only who has parental responsibility says yes."""

    person: PersonId
    uses: Annotated[list[Use], Field(min_length=1, max_length=5)]
    allowed: bool
    authority: Authority = Authority.SELF

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.uses)) < len(self.uses):
            raise PydanticCustomError("repeated", "names a use twice")
        return self


class PicturePermission(View):
    """The decision that holds, for one person and one use."""

    person: PersonId
    use: Use
    allowed: bool
    authority: Authority
    decided_at: datetime

    @classmethod
    def of(cls, permission: models.PicturePermission) -> Self:
        """A decision as the API shows it."""
        return cls.model_validate(permission, from_attributes=True)


class PicturePermissions(View):
    """Decisions, in the order of person and use."""

    data: list[PicturePermission]
