"""What the gateway says of somebody whom a CRM tells of, and what it is answered."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.directory.people.schemas import NewPerson, NewProvenance
from services.members.fields import PersonId
from shared.fields import Body, View


class FromCrm(Body):
    """Somebody by what a CRM calls them: the one external id of theirs is the CRM's own."""

    person: NewPerson
    provenance: NewProvenance
    is_new: bool = Field(False, description="somebody looked: they are none of those who are known and look alike")

    @model_validator(mode="after")
    def _called(self) -> Self:
        if len(self.person.external_ids) != 1:
            raise PydanticCustomError("one_external_id", "has the CRM's own id, and no other")
        return self


class Outcome(StrEnum):
    """What became of somebody whom a CRM told of."""

    ENTERED = "entered"
    KNOWN = "known"
    LOOKS_KNOWN = "looks_known"
    KEPT_OUT = "kept_out"
    CHILD = "child"


class TakenIn(View):
    """What became of them. `alike` are people who look like them, the likeliest first, where it is `looks_known`."""

    outcome: Outcome
    person: PersonId | None = None
    alike: list[PersonId] = Field(default_factory=list)
