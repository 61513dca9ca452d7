"""What is said about settings of care and aliases, and how they are shown."""

import re
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.assets.schemas import Terms
from services.members.community.connections.closing import Free, Suggestion
from services.members.community.connections.schemas import Permission
from services.members.directory.people.schemas import KnownPerson
from services.members.fields import OrganisationId, PersonId, Postcode
from services.members.trust.care import models
from services.members.trust.care.models import AliasState, SettingKind
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.permissions.models import Authority
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.ids import Id

SettingId = Annotated[str, Id("setting")]
AliasId = Annotated[str, Id("alias")]

_CONTACT = re.compile(r"@|\d{5}")
_THEMSELVES = (Authority.SELF, Authority.SELF_WITH_SUPPORT)


def _says_nobody(alias: str) -> str:
    if _CONTACT.search(alias):
        raise PydanticCustomError("not_an_alias", "looks like an address or a number by which somebody is known")
    return alias


AliasWord = Annotated[
    str,
    line(40),
    AfterValidator(_says_nobody),
    Field(examples=["Robin"], description="chosen by the setting; it says nothing of who somebody is"),
]
GoodTimes = Annotated[list[Free], Field(max_length=30)]


class NewSetting(Body):
    """A setting of care, and the organisation that is the controller of its people."""

    kind: SettingKind
    name: Name
    organisation: OrganisationId
    jurisdiction: Jurisdiction
    postcode: Postcode | None = None


class SettingChanges(Changes):
    """What to change."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"postcode"})

    name: Name | None = None
    jurisdiction: Jurisdiction | None = None
    postcode: Postcode | None = None


class Setting(View):
    """A setting of care."""

    id: SettingId
    version: int
    kind: SettingKind
    name: str
    organisation: OrganisationId
    jurisdiction: Jurisdiction
    postcode: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, setting: models.Setting) -> Self:
        """A setting as the API shows it."""
        return cls.model_validate(setting, from_attributes=True)


class NewAlias(Body):
    """Somebody in a setting, whom the movement knows by no more than this."""

    alias: AliasWord
    interests: Terms = Field(default_factory=list, examples=[["gardening"]])
    good_times: GoodTimes = Field(default_factory=list)


class AliasChanges(Changes):
    """What to change; a list takes the place of the one before."""

    alias: AliasWord | None = None
    interests: Terms | None = None
    good_times: GoodTimes | None = None


class Joining(Body):
    """Who they are, and by whose permission they become known: for this one decision, in place of the alias.

    Who decides for somebody else says when it is looked at again.
    """

    person: KnownPerson
    permission: Permission

    @model_validator(mode="after")
    def _looked_at_again(self) -> Self:
        if self.permission.authority not in _THEMSELVES and self.permission.review_on is None:
            raise PydanticCustomError("review_missing", "is decided for somebody else and has no day of review")
        return self


class Alias(View):
    """Somebody in a setting by their alias. `person` is who they became, where they asked to join."""

    id: AliasId
    version: int
    setting: SettingId
    alias: str
    interests: list[str]
    good_times: list[Free]
    state: AliasState
    person: PersonId | None
    authority: Authority | None
    review_on: date | None
    joined_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, alias: models.Alias) -> Self:
        """An alias as the API shows it."""
        return cls(
            id=alias.id,
            version=alias.version,
            setting=alias.setting,
            alias=alias.alias,
            interests=alias.interests,
            good_times=[Free.model_validate(each) for each in alias.times],
            state=AliasState(alias.state),
            person=alias.person,
            authority=None if alias.authority is None else Authority(alias.authority),
            review_on=alias.review_on,
            joined_at=alias.joined_at,
            created_at=alias.created_at,
            updated_at=alias.updated_at,
        )


class AliasSuggestions(View):
    """The groups and places that fit somebody known by an alias, the best first, and why."""

    data: list[Suggestion]
