"""The table of purposes, and what the law lets a purpose rest on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import LawfulBasis
from services.members.trust.permissions.models import Channel
from shared.errors import Conflict


class SpecialCategory(StrEnum):
    """What UK GDPR, article 9(1), forbids to process without a further condition, as far as movements meet it."""

    HEALTH = "health"
    BELIEF = "belief"
    ETHNICITY = "ethnicity"
    POLITICS = "politics"
    UNION = "union_membership"
    SEXUALITY = "sexuality"


class FurtherCondition(StrEnum):
    """Why special categories of data may be processed all the same: UK GDPR, article 9(2)(a) to (j)."""

    EXPLICIT_CONSENT = "explicit_consent"
    EMPLOYMENT_OR_SOCIAL_PROTECTION = "employment_or_social_protection"
    VITAL_INTERESTS = "vital_interests"
    NOT_FOR_PROFIT_BODY = "not_for_profit_body"
    MADE_PUBLIC = "made_public"
    LEGAL_CLAIMS = "legal_claims"
    SUBSTANTIAL_PUBLIC_INTEREST = "substantial_public_interest"
    HEALTH_OR_SOCIAL_CARE = "health_or_social_care"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING_OR_RESEARCH = "archiving_or_research"


UNSTOPPED = frozenset({LawfulBasis.CONTRACT, LawfulBasis.LEGAL_OBLIGATION, LawfulBasis.VITAL_INTERESTS})
"""What nobody can stop by saying stop: the right to object is against public task and legitimate interests, and to
direct marketing whatever its basis (UK GDPR, article 21); consent is withdrawn (article 7(3))."""


class PurposeRetired(Conflict):
    """Nothing is done for a retired purpose any more."""

    code = "purpose_retired"
    title = "The purpose is retired"


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides whether somebody's data may be used for a purpose: the part of a purpose that every path asks."""

    key: str
    basis: LawfulBasis
    further_condition: FurtherCondition | None = None
    consent_over: frozenset[Channel] = frozenset()
    marketing: bool = False
    retired: bool = False

    def needs_a_yes(self, channel: Channel) -> bool:
        """Whether the person has to have said yes for this channel; else it is enough that they did not say no."""
        consent = self.basis is LawfulBasis.CONSENT or self.further_condition is FurtherCondition.EXPLICIT_CONSENT
        return consent or channel in self.consent_over

    def obeys_a_stop(self, channel: Channel) -> bool:
        """Whether one "stop" ends it. Nobody's record is hidden by it from those who look after it: that they said
        stop has to be seen. What is asked to rest altogether is a restriction."""
        if channel is Channel.RECORD:
            return False
        handed_on = channel in (Channel.PUBLICATION, Channel.SHARING) and self.basis is LawfulBasis.CONTRACT
        return self.marketing or handed_on or self.basis not in UNSTOPPED


class Purpose(Base):
    """What personal data is used for, and why that is lawful.

    ``assessment`` is where the assessment of a legitimate interest is kept, ``retention`` the kind of record whose
    retention rule says how long, ``consent_over`` the channels that need a yes whatever the basis is.
    """

    __tablename__ = "purposes"

    movement: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    basis: Mapped[str]
    assessment: Mapped[str | None]
    special_categories: Mapped[list[str]] = mapped_column(sa.JSON)
    further_condition: Mapped[str | None]
    retention: Mapped[str | None]
    marketing: Mapped[bool]
    consent_over: Mapped[list[str]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    @property
    def rule(self) -> Rule:
        """What of it decides whether somebody's data may be used."""
        return Rule(
            key=self.key,
            basis=LawfulBasis(self.basis),
            further_condition=None if self.further_condition is None else FurtherCondition(self.further_condition),
            consent_over=channels(self.consent_over),
            marketing=self.marketing,
            retired=self.retired_at is not None,
        )

    def changed(self, at: datetime) -> None:
        """Go on to the next version. Raises PurposeRetired."""
        if self.retired_at is not None:
            raise PurposeRetired
        self.version, self.updated_at = self.version + 1, at

    def retire(self, at: datetime) -> None:
        """Nothing is allowed for it from now on, once and for all: what people decided about it stays readable."""
        self.changed(at)
        self.retired_at = at


def channels(names: Collection[str]) -> frozenset[Channel]:
    """Channels by their names."""
    return frozenset(Channel(name) for name in names)
