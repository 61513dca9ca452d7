"""What is said about a membership, and how one is shown."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.ladder.engine import Rung
from services.members.engagement.memberships import models
from services.members.engagement.memberships.models import State
from services.members.fields import MembershipId, OrganisationId, PersonId
from shared.fields import Body, View


class NewMembership(Body):
    """The membership of somebody who is known already: a person, or an organisation."""

    person: PersonId | None = None
    organisation: OrganisationId | None = None
    state: Literal[State.INVITED, State.ACTIVE] = State.ACTIVE
    brought_by: PersonId | None = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.person is None) == (self.organisation is None):
            raise PydanticCustomError("of_one", "needs either person or organisation")
        return self


class MembershipChanges(Body):
    """What is to be different. `quiet` is not said by anybody: it follows from what somebody does."""

    state: Literal[State.ACTIVE, State.PAUSED, State.LEFT] | None = None
    brought_by: PersonId | None = None


class Membership(View):
    """The place of a person or of an organisation. ``rung`` is null for whoever has no place on the ladder."""

    id: MembershipId
    person: PersonId | None
    organisation: OrganisationId | None
    state: State
    rung: Rung | None
    brought_by: PersonId | None
    joined_at: datetime | None = Field(description="null for whoever was invited and has not come yet")
    version: int
    updated_at: datetime

    @classmethod
    def of(cls, row: models.Membership) -> Self:
        """A membership as the API shows it."""
        return cls(
            id=row.id,
            person=row.person,
            organisation=row.organisation,
            state=State(row.state),
            rung=None if row.rung is None else Rung(row.rung),
            brought_by=row.brought_by,
            joined_at=row.joined_at,
            version=row.version,
            updated_at=row.updated_at,
        )


class Turn(View):
    """A turn that a membership took. ``computed``: it followed from what somebody did, and from no one's word."""

    from_state: State | None
    to_state: State
    computed: bool
    at: datetime

    @classmethod
    def of(cls, row: models.MembershipChange) -> Self:
        """A turn as the API shows it."""
        from_state = None if row.from_state is None else State(row.from_state)
        return cls(from_state=from_state, to_state=State(row.to_state), computed=row.computed, at=row.at)
