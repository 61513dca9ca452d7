"""What is said in a sign-up, and what it makes."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.people.schemas import ExternalId, NewPerson, NewProvenance
from services.members.directory.signups.models import SignedUp
from services.members.engagement.ladder.engine import Rung
from services.members.engagement.pledges.schemas import NewPledge
from services.members.fields import PersonId
from services.members.trust.children.schemas import NewChildRecord
from services.members.trust.permissions.schemas import NewPermission
from shared.fields import Body, View


class BroughtBy(Body):
    """The person who brought them: by id, or by what another system calls them."""

    person: PersonId | None = None
    external_id: ExternalId | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.person is None) == (self.external_id is None):
            raise PydanticCustomError("one_way", "needs either person or external_id")
        return self


def _decided_once(decisions: list[NewPermission]) -> list[NewPermission]:
    decided = {(decision.purpose, decision.channel) for decision in decisions}
    if len(decided) < len(decisions):
        raise PydanticCustomError("repeated", "decides about the same purpose and channel twice")
    return decisions


class NewSignUp(Body):
    """A person who joins: who they are, what they allow, what they pledge, who brought them, and how we know."""

    person: NewPerson
    permissions: Annotated[list[NewPermission], AfterValidator(_decided_once)] = Field(
        default_factory=list, max_length=50
    )
    provenance: NewProvenance | None = None
    pledge: NewPledge | None = None
    brought_by: BroughtBy | None = None
    child: NewChildRecord | None = Field(None, description="what lets a child be named; needed of one")


class SignUp(View):
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
