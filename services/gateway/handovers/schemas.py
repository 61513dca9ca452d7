"""What is sent and answered about handovers."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.gateway.access.api_keys.schemas import KeyId
from services.gateway.access.users.schemas import PersonId, UserId
from services.gateway.handovers import models
from services.gateway.handovers.models import Reason, State
from shared.fields import Body, View
from shared.ids import Id

HandoverId = Annotated[str, Id("handover")]


class NewHandover(Body):
    """Who leaves: a user, or a person of the movement with the users that are linked to them, or both."""

    user: UserId | None = None
    person: Annotated[
        PersonId | None, Field(description="left out where the user is linked to the person: it is the same one")
    ] = None
    leaving_on: Annotated[date | None, Field(description="today, unless it was earlier")] = None
    caretaker: Annotated[
        PersonId | None,
        Field(description="who looks after what they held; else the caretaker whom the circle or the movement named"),
    ] = None
    reason: Reason = Reason.NOT_SAID

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.user is None and self.person is None:
            raise PydanticCustomError("nobody_named", "names neither a user nor a person")
        return self


class Waiting(View):
    """What is not done yet: the members service has still to be told. It is told again until it has it."""

    service: Literal["members"] = "members"
    attempts: int
    next_attempt_at: datetime
    trouble: Annotated[str | None, Field(description="why the last attempt failed: a stable code")]


class Handover(View):
    """A leaving, as far as access goes. The list of what was held is `/v1/stewardships/handovers/{id}`."""

    id: HandoverId
    state: State
    users: Annotated[list[UserId], Field(description="whose accounts were closed; their sessions ended with them")]
    person: PersonId | None
    caretaker: Annotated[PersonId | None, Field(description="as it was asked for")]
    reason: Reason
    leaving_on: date
    begun_by: str
    access_ended_at: datetime
    sessions_ended: int
    keys_ended: Annotated[
        list[KeyId], Field(description="keys that they made, or that were made with these: revoked too")
    ]
    handed_over_at: Annotated[datetime | None, Field(description="when members had it")]
    pending: Annotated[Waiting | None, Field(description="null once members has it")]

    @classmethod
    def of(cls, found: tuple[models.Handover, list[str]]) -> Self:
        """As it is answered, with the users who left."""
        handover, users = found
        pending = None
        if handover.next_attempt_at is not None:
            pending = Waiting(
                attempts=handover.attempts, next_attempt_at=handover.next_attempt_at, trouble=handover.trouble
            )
        names = (
            "id", "state", "person", "caretaker", "reason", "leaving_on", "begun_by", "access_ended_at",
            "sessions_ended", "keys_ended", "handed_over_at",
        )  # fmt: skip
        fields = {name: getattr(handover, name) for name in names}
        return cls.model_validate(fields | {"users": users, "pending": pending})
