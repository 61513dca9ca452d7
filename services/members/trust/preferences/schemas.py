"""What somebody allows, as it is shown on one page, and several decisions at once."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.directory.people.models import LawfulBasis
from services.members.fields import PersonId
from services.members.trust.permissions.models import Channel, Reason
from services.members.trust.permissions.schemas import NewPermission
from services.members.trust.preferences import domain
from shared.fields import Body, View


class NewDecisions(Body):
    """Several decisions of one person, such as a form has them: all of them are taken, or none."""

    decisions: Annotated[list[NewPermission], Field(min_length=1, max_length=50)]


class Held(View):
    """Whether a purpose may use a channel now. ``why`` is null where something else keeps the person out of it."""

    channel: Channel
    permitted: bool
    why: Reason | None = Field(examples=["given"])


class PurposeHeld(View):
    """What holds for one purpose, channel by channel."""

    purpose: str
    name: str
    basis: LawfulBasis
    channels: list[Held]


class Preferences(View):
    """What somebody allows now, for each purpose. ``stopped_at`` is when they last said stop."""

    person: PersonId
    stopped_at: datetime | None
    purposes: list[PurposeHeld]

    @classmethod
    def of(cls, found: domain.Preferences) -> Self:
        """They as the API shows them."""
        return cls(
            person=found.person,
            stopped_at=found.stopped_at,
            purposes=[
                PurposeHeld(
                    purpose=purpose.rule.key,
                    name=purpose.name,
                    basis=purpose.rule.basis,
                    channels=[Held(channel=each.channel, permitted=each.permitted, why=each.why) for each in held],
                )
                for purpose, held in found.purposes
            ],
        )
