"""What is said about a purpose, and how one is shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field

from services.members.directory.people.models import LawfulBasis
from services.members.fields import Reference, Slug
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes import models
from services.members.trust.purposes.models import FurtherCondition, SpecialCategory
from services.members.trust.purposes.standard import Standard
from shared.editing import Changes
from shared.fields import Body, Name, View

Categories = Annotated[list[SpecialCategory], AfterValidator(lambda given: sorted(set(given)))]
Channels = Annotated[
    list[Channel],
    AfterValidator(lambda given: [channel for channel in Channel if channel in given]),
    Field(description="The channels that need a yes whatever the basis is."),
]


class NewPurpose(Body):
    """Something that the movement uses personal data for, and why that is lawful."""

    key: Slug = Field(examples=["news"])
    name: Name = Field(examples=["The monthly newsletter"])
    basis: LawfulBasis = Field(description="UK GDPR, article 6(1). With consent, every channel needs a yes.")
    assessment: Reference | None = Field(
        None, description="Where the assessment of a legitimate interest is kept; needed with that basis."
    )
    special_categories: Categories = Field(default_factory=list)
    further_condition: FurtherCondition | None = Field(
        None, description="UK GDPR, article 9(2); needed with special categories."
    )
    retention: Slug | None = Field(
        None, description="The kind of record whose rule at `/v1/retention/{kind}` says for how long."
    )
    marketing: bool = Field(
        False, description="Direct marketing, aims and ideals included: email and text then need a yes (PECR, reg. 22)."
    )
    consent_over: Channels = Field(default_factory=list)


class PurposeChanges(Changes):
    """What to change of a purpose."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"assessment", "further_condition", "retention"})

    name: Name | None = None
    basis: LawfulBasis | None = None
    assessment: Reference | None = None
    special_categories: Categories | None = None
    further_condition: FurtherCondition | None = None
    retention: Slug | None = None
    marketing: bool | None = None
    consent_over: Channels | None = None


class Purpose(View):
    """A purpose. ``settled`` is false for one of the software's own that the movement has not said anything about."""

    key: str
    name: str
    basis: LawfulBasis
    assessment: str | None
    special_categories: list[SpecialCategory]
    further_condition: FurtherCondition | None
    retention: str | None
    marketing: bool
    consent_over: list[Channel]
    settled: bool
    version: int | None
    created_at: datetime | None
    updated_at: datetime | None
    retired_at: datetime | None

    @classmethod
    def of(cls, purpose: models.Purpose | Standard) -> Self:
        """A purpose as the API shows it."""
        rule = purpose.rule
        row = purpose if isinstance(purpose, models.Purpose) else None
        return cls(
            key=rule.key,
            name=purpose.name,
            basis=rule.basis,
            assessment=row.assessment if row else None,
            special_categories=[SpecialCategory(name) for name in row.special_categories] if row else [],
            further_condition=rule.further_condition,
            retention=row.retention if row else None,
            marketing=rule.marketing,
            consent_over=[channel for channel in Channel if channel in rule.consent_over],
            settled=row is not None,
            version=row.version if row else None,
            created_at=row.created_at if row else None,
            updated_at=row.updated_at if row else None,
            retired_at=row.retired_at if row else None,
        )


class Purposes(View):
    """All purposes of a movement."""

    data: list[Purpose]

    @classmethod
    def of(cls, purposes: Sequence[models.Purpose | Standard]) -> Self:
        """Purposes as the API shows them."""
        return cls(data=[Purpose.of(purpose) for purpose in purposes])
