"""What somebody decides, and how a decision is shown."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import Language, PersonId, Reference, Slug
from services.members.trust.permissions import models
from services.members.trust.permissions.models import Channel, Decision
from shared.fields import Body


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


class Permission(BaseModel):
    """A decision that somebody made. The latest one for a purpose and a channel is the one that holds."""

    id: str
    person: PersonId
    purpose: str
    channel: Channel
    decision: Decision
    notice: Notice | None
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
            decided_at=permission.decided_at,
        )
