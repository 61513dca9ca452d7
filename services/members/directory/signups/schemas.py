"""What is said in a sign-up, and what it makes."""

from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.people.schemas import ExternalId, NewPerson
from services.members.directory.signups.models import Channel, Decision, SignedUp
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.pledges.schemas import NewPledge
from services.members.fields import Language, PersonId, Reference, Slug
from shared.fields import Body


class Notice(Body):
    """The notice that was shown before the decision, so that it can be said later what was agreed to."""

    name: Slug = Field(examples=["privacy"])
    version: Reference = Field(examples=["2026-01"])
    language: Language = "en"


class NewPermission(Body):
    """A decision about one purpose over one channel. One that is given needs the notice that it was given under."""

    purpose: Slug = Field(examples=["news"])
    channel: Channel
    decision: Decision
    notice: Notice | None = None

    @model_validator(mode="after")
    def _informed(self) -> Self:
        if self.decision is Decision.GIVEN and self.notice is None:
            raise PydanticCustomError("notice_missing", "is given under no notice")
        return self


class BroughtBy(Body):
    """The person who brought them: by id, or by what another system calls them."""

    person: PersonId | None = None
    external_id: ExternalId | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.person is None) == (self.external_id is None):
            raise PydanticCustomError("one_way", "needs either person or external_id")
        return self


class NewSignUp(Body):
    """A person who joins: who they are, what they allow, what they pledge and who brought them."""

    person: NewPerson
    permissions: list[NewPermission] = Field(default_factory=list, max_length=50)
    pledge: NewPledge | None = None
    brought_by: BroughtBy | None = None


class SignUp(BaseModel):
    """What a sign-up made, or had made already."""

    person: PersonId
    membership: str
    rung: Rung | None
    permissions: list[str] = Field(description="In the order in which they were sent.")
    pledge: str | None

    @classmethod
    def of(cls, made: SignedUp) -> "SignUp":
        """A sign-up as the API shows it."""
        return cls.model_construct(
            person=made.person,
            membership=made.membership,
            rung=None if made.rung is None else Rung(made.rung),
            permissions=list(made.permissions),
            pledge=made.pledge,
        )
