"""What somebody decides, and how a decision is shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import Language, PersonId, Reference, Slug
from services.members.trust.permissions import models
from services.members.trust.permissions.models import Authority, Channel, Consulted, Decision
from shared.fields import Body, Name, View, line


class Notice(Body):
    """The notice that was shown before the decision, so that it can be said later what was agreed to."""

    name: Slug = Field(examples=["privacy"])
    version: Reference = Field(examples=["2026-01"])
    language: Language = "en"

    @staticmethod
    def stored(name: str | None, version: str | None, language: str | None) -> "Notice | None":
        """The notice that a row names, if it names one; what came out of the database is not checked a second time."""
        if name is None or version is None or language is None:
            return None
        return Notice.model_construct(name=name, version=version, language=language)


class By(Body):
    """By what authority somebody decides, and who, where that is not the person alone. For this one decision only."""

    authority: Authority
    given_by: PersonId | None = Field(None, description="who decided, where the movement knows them")
    name: Name | None = Field(None, description="their name, where it does not")
    evidence: Reference | None = Field(None, examples=["lasting power of attorney 7000-1234-5678, seen 12 May"])
    consulted: list[Consulted] = Field(
        default_factory=list, max_length=len(Consulted), description="who was asked what the person would want"
    )
    capacity_assessed_on: date | None = Field(
        None, description="when it was found that the person cannot take this decision; not why"
    )

    @model_validator(mode="after")
    def _one_giver(self) -> Self:
        if self.given_by is not None and self.name is not None:
            raise PydanticCustomError("two_givers", "names who decided twice, by id and by name")
        return self

    @staticmethod
    def stored(permission: models.Permission) -> "By":
        """What a row says of it; what came out of the database is not checked a second time."""
        return By.model_construct(
            authority=Authority(permission.authority),
            given_by=permission.given_by,
            name=permission.given_by_name,
            evidence=permission.evidence,
            consulted=[Consulted(each) for each in permission.consulted],
            capacity_assessed_on=permission.capacity_assessed_on,
        )


class NewPermission(Body):
    """A decision about one purpose over one channel. One that is given needs the notice that it was given under."""

    purpose: Slug = Field(examples=["news"])
    channel: Channel
    decision: Decision
    notice: Notice | None = None
    by: By | None = Field(None, description="who decided and by what authority; without it the person, alone")
    said_on: date | None = Field(None, description="the day on which it was said, where it is written down later")
    holds_from: date | None = Field(None, description="for a yes: from which day it holds; from now unless it is said")
    review_on: date | None = Field(None, description="for a yes: the last day on which it holds without a new one")
    takes_back: Annotated[str, line(100)] | None = Field(
        None, description="for a yes after a refusal or a stop: the id of that, which the person takes back"
    )

    @model_validator(mode="after")
    def _informed(self) -> Self:
        if self.decision is Decision.GIVEN and self.notice is None:
            raise PydanticCustomError("notice_missing", "is given under no notice")
        return self


class Permission(View):
    """A decision that somebody made. The latest one for a purpose and a channel is the one that holds."""

    id: str
    person: PersonId
    purpose: str
    channel: Channel
    decision: Decision
    notice: Notice | None
    by: By
    said_on: date | None
    holds_from: date | None
    review_on: date | None
    takes_back: str | None
    decided_at: datetime

    @classmethod
    def of(cls, permission: models.Permission) -> Self:
        """A decision as the API shows it; what came out of the database is not checked a second time."""
        return cls(
            id=permission.id,
            person=permission.person,
            purpose=permission.purpose,
            channel=Channel(permission.channel),
            decision=Decision(permission.decision),
            notice=Notice.stored(permission.notice, permission.notice_version, permission.notice_language),
            by=By.stored(permission),
            said_on=permission.said_on,
            holds_from=permission.holds_from,
            review_on=permission.review_on,
            takes_back=permission.takes_back,
            decided_at=permission.decided_at,
        )


class Asked(Body):
    """A use of people's data that another service asks about."""

    purpose: Slug
    channel: Channel
    people: list[PersonId] = Field(min_length=1, max_length=1000)


class Permitting(View):
    """Those of the people asked about whom the movement knows, and those of them who permit it."""

    known: list[PersonId]
    permitting: list[PersonId]
