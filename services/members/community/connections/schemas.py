"""What is said in a connector's case, and how it is shown: never with the words of the conversation."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.assets.schemas import AssetId, Version
from services.members.community.connections import models
from services.members.community.connections.models import CaseState, Step, Telling
from services.members.fields import OrganisationId, PersonId
from services.members.trust.permissions.models import Authority, Consulted
from shared.fields import Body, View, lines
from shared.ids import Id

ConnectionId = Annotated[str, Id("connection")]
IntroductionId = Annotated[str, Id("introduction")]
Words = Annotated[str, lines(20_000)]
"""Free text in somebody's own words: kept sealed, shown under `conversations:read` alone."""


def _each_once(roles: list[Consulted]) -> list[Consulted]:
    if len(set(roles)) < len(roles):
        raise PydanticCustomError("repeated", "names the same one twice")
    return roles


class Permission(Body):
    """The permission for this one introduction."""

    authority: Authority
    consulted: Annotated[list[Consulted], AfterValidator(_each_once)] = Field(default_factory=list)
    review_on: date | None = None

    @model_validator(mode="after")
    def _asked(self) -> Self:
        # Mental Capacity Act 2005, section 4(7): who decides in somebody's best interests consults.
        if self.authority is Authority.BEST_INTERESTS and not self.consulted:
            raise PydanticCustomError("nobody_consulted", "is in somebody's best interests and nobody was consulted")
        return self


class NewConnection(Body):
    """A case: with whom, by which connector, and who referred them."""

    person: PersonId = Field(description="The client.")
    connector: PersonId
    referred_by_person: PersonId | None = None
    referred_by_organisation: OrganisationId | None = None
    tell_referrer: Telling = Field(Telling.NOTHING, description="How much the client allows to be told back.")
    conversation: Words | None = Field(None, description="What matters to them: sealed, and not part of any answer.")


class ConnectionChanges(Body):
    """What is to change; what is left out stays."""

    connector: PersonId = ""
    tell_referrer: Telling = Telling.NOTHING


class NewConversation(Body):
    """More of what matters to somebody."""

    words: Words


class NewIntroduction(Body):
    """To which asset, on which permission."""

    asset: AssetId
    permission: Permission
    as_volunteer: bool = Field(False, description="They come to help: then the introduction needs a named host.")


class Hosted(Body):
    """Who receives them there."""

    host: PersonId | None = None


class Introduction(View):
    """One introduction of a case."""

    id: IntroductionId
    asset: AssetId
    state: Step
    state_since: datetime
    as_volunteer: bool
    host: PersonId | None
    permission: Permission
    permitted_at: datetime
    introduced_at: datetime | None
    attended_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, introduction: models.Introduction) -> Self:
        """An introduction as the API shows it."""
        return cls(
            id=introduction.id,
            asset=introduction.asset,
            state=Step(introduction.state),
            state_since=introduction.state_since,
            as_volunteer=introduction.as_volunteer,
            host=introduction.host,
            permission=Permission.model_construct(
                authority=Authority(introduction.authority),
                consulted=[Consulted(role) for role in introduction.consulted],
                review_on=introduction.review_on,
            ),
            permitted_at=introduction.permitted_at,
            introduced_at=introduction.introduced_at,
            attended_at=introduction.attended_at,
            ended_at=introduction.ended_at,
        )


class Connection(View):
    """A connector's case. What was said in it is read under `/conversations`, with a scope of its own."""

    id: ConnectionId
    person: PersonId
    connector: PersonId
    referred_by_person: PersonId | None
    referred_by_organisation: OrganisationId | None
    tell_referrer: Telling
    told_at: datetime | None
    state: CaseState
    state_since: datetime
    introductions: list[Introduction]
    version: Version
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, case: models.Connection) -> Self:
        """A case as the API shows it."""
        return cls(
            id=case.id,
            person=case.person,
            connector=case.connector,
            referred_by_person=case.referred_by_person,
            referred_by_organisation=case.referred_by_organisation,
            tell_referrer=Telling(case.tell_referrer),
            told_at=case.told_at,
            state=CaseState(case.state),
            state_since=case.state_since,
            introductions=[Introduction.of(each) for each in case.introductions],
            version=case.version,
            created_at=case.created_at,
            updated_at=case.updated_at,
        )


class Conversation(View):
    """What was said, in words."""

    id: str
    words: str
    recorded_by: str
    recorded_at: datetime


class Kept(View):
    """That words were sealed and kept."""

    id: str
    recorded_at: datetime

    @classmethod
    def of(cls, conversation: models.Conversation) -> Self:
        """The words' record without the words."""
        return cls(id=conversation.id, recorded_at=conversation.recorded_at)


class Conversations(View):
    """Everything that was said in a case, the first words first."""

    data: list[Conversation]


class Ending(Body):
    """How a case ends that settles nowhere."""

    outcome: CaseState = Field(description="`not_for_me` or `withdrawn`.")

    @model_validator(mode="after")
    def _an_end(self) -> Self:
        if self.outcome not in (CaseState.NOT_FOR_ME, CaseState.WITHDRAWN):
            raise PydanticCustomError("no_end", "is neither not_for_me nor withdrawn")
        return self


class Told(View):
    """What may be told to whoever referred the client, and that it was."""

    outcome: CaseState
    settled_at: list[AssetId] | None = Field(description="Where they settled; null where that is not to be told.")
    told_at: datetime
