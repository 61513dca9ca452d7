"""What is said of a role and of a check, and how both are shown to the few who may see them."""

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.fields import Paragraph, PersonId, Reference, Slug
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.safeguarding.checks import models
from services.members.trust.safeguarding.checks.models import Act, Level
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

CheckId = Annotated[str, Id("check")]


class NewCheck(Body):
    """That a certificate was seen. What it says is not taken, and its number is, so that it can be found again."""

    person: PersonId
    role: Slug = Field(examples=["care_home_visitor"])
    jurisdiction: Jurisdiction
    level: Level
    number: Reference = Field(examples=["001234567890"])
    issued_on: date
    seen_on: date
    review_on: date | None = Field(None, description="when it is due again; by the role, unless it is said")


class CheckChanges(Changes):
    """When it is due again: after the update service was asked, for one."""

    may_be_empty: ClassVar = frozenset({"review_on"})

    review_on: date | None = None


class Check(View):
    """That somebody was checked for a role, and why the role may ask for it."""

    id: CheckId
    version: int
    person: PersonId
    role: str
    jurisdiction: Jurisdiction
    eligibility: str
    level: Level
    number: str
    issued_on: date
    seen_on: date
    seen_by: str
    review_on: date | None
    ended_on: date | None

    @classmethod
    def of(cls, check: models.Check) -> Self:
        """As the API shows it."""
        return cls.model_validate(check, from_attributes=True)


class RoleRule(Body):
    """What a role may ask, why, and by which law."""

    acts: list[Act] = Field(description="what one is made here that is this role: nobody is without what it asks")
    asks: Level | None = Field(description="the check without which nobody takes it on; null: none")
    at_most: Level | None = Field(description="the furthest check that may lawfully be asked for; null: none at all")
    eligibility: Paragraph
    source: Reference
    renew_days: Annotated[int, Field(ge=1, le=3660)] | None


class Role(View):
    """A role in a jurisdiction. Version 0: as every movement begins with it."""

    role: str
    jurisdiction: Jurisdiction
    acts: list[Act]
    asks: Level | None
    at_most: Level | None
    eligibility: str
    source: str
    renew_days: int | None
    version: int

    @classmethod
    def of(cls, rule: models.Rule) -> Self:
        """As the API shows it."""
        return cls.model_validate(rule._asdict() | {"acts": sorted(rule.acts)})


class Roles(View):
    """Every role, in every jurisdiction."""

    data: list[Role]
