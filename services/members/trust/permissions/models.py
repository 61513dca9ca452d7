"""The table of permissions."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, Base
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES


class Channel(StrEnum):
    """A way of using somebody's data, allowed or refused by itself.

    The first five are how somebody is reached. Publication reaches nobody: it is for what is shown of somebody to
    everybody, such as a skill on the asset map. Sharing hands data on to another organisation or a tool of its own: an
    export, a CRM. Record is what those see who do the movement's own work.
    """

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    IN_PERSON = "in_person"
    PUBLICATION = "publication"
    SHARING = "sharing"
    RECORD = "record"


class Decision(StrEnum):
    """What somebody decided about a purpose and a channel."""

    GIVEN = "given"
    REFUSED = "refused"


class Authority(StrEnum):
    """By what somebody decides. Capacity is presumed: whoever is not a young child decides for themself, with support
    where they want it (Mental Capacity Act 2005, section 1; Adults with Incapacity (Scotland) Act 2000, section 1)."""

    SELF = "self"
    SELF_WITH_SUPPORT = "self_with_support"
    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    ATTORNEY_OR_DEPUTY = "attorney_or_deputy"
    BEST_INTERESTS = "best_interests"


OWN = frozenset({Authority.SELF, Authority.SELF_WITH_SUPPORT})
"""The authorities by which the person decides."""


class Consulted(StrEnum):
    """Who was asked what the person would want: Mental Capacity Act 2005, section 4(7). Never what ails them."""

    THE_PERSON = "the_person"
    FAMILY = "family"
    FRIEND = "friend"
    CARER = "carer"
    ATTORNEY = "attorney"
    DEPUTY = "deputy"
    ADVOCATE = "advocate"
    PROFESSIONAL = "professional"


class Reason(StrEnum):
    """Why something is permitted (the first two), or is not."""

    GIVEN = "given"
    LAWFUL = "lawful_without_consent"
    NEVER_GIVEN = "never_given"
    REFUSED = "refused"
    STOPPED = "stopped"
    NOT_YET = "not_yet"
    REVIEW_PASSED = "review_passed"
    RETIRED = "purpose_retired"
    RESTRICTED = "restricted"
    OBJECTED = "objected"
    CHILD = "child"
    PROTECTED = "protected"

    @property
    def permits(self) -> bool:
        """Whether this is a reason for it."""
        return self in (Reason.GIVEN, Reason.LAWFUL)


class Permission(Base):
    """A decision about one purpose over one channel, under the notice that was shown. Append-only: the latest holds.

    ``given_by`` or ``given_by_name`` is who decided where the person did not alone, ``evidence`` where its proof is,
    ``takes_back`` the refusal or the stop that a yes came after. A yes holds from ``holds_from`` and until the day of
    its review is over.
    """

    __tablename__ = "permissions"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("permissions_by_person", "movement", "person", "purpose", "channel"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    purpose: Mapped[str]
    channel: Mapped[str]
    decision: Mapped[str]
    notice: Mapped[str | None]
    notice_version: Mapped[str | None]
    notice_language: Mapped[str | None]
    authority: Mapped[str]
    given_by: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | EMPTIED)
    given_by_name: Mapped[str | None]
    evidence: Mapped[str | None]
    consulted: Mapped[list[str]] = mapped_column(sa.JSON)
    capacity_assessed_on: Mapped[date | None]
    said_on: Mapped[date | None]
    holds_from: Mapped[date | None]
    review_on: Mapped[date | None]
    takes_back: Mapped[str | None]
    decided_at: Mapped[datetime]


class Stop(Base):
    """That somebody said stop: from then on nothing reaches them and nothing of theirs is handed on or published, until
    they say yes to something by itself. Append-only."""

    __tablename__ = "stops"
    __table_args__ = (of_person(erased=GOES), sa.Index("stops_by_person", "movement", "person", "stopped_at"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    stopped_at: Mapped[datetime]
    recorded_by: Mapped[str]
