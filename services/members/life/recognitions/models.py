"""Tables of recognition schemes and of what they give."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.community.programmes.models import of_programme
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import EndedAlready


class RecognitionState(StrEnum):
    """How a recognition stands on a day."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"


class SchemeClosed(Conflict):
    """The scheme gives nothing any more; what it gave stands."""

    code = "scheme_closed"
    title = "This scheme is closed"


class RecognisedAlready(Conflict):
    """The scheme recognises them on one of these days already; ``recognition`` is by which one."""

    code = "recognised_already"
    title = "They are recognised at that time already"


class Scheme(Base):
    """What is recognised, by whom, and how many months it holds; None: until it is ended."""

    __tablename__ = "recognition_schemes"
    __table_args__ = (of_organisation(), of_programme())

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    about: Mapped[str | None]
    criteria: Mapped[list[str]] = mapped_column(sa.JSON)
    months: Mapped[int | None]
    organisation: Mapped[str | None]
    programme: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def change(self, at: datetime) -> None:
        """Go on to the next version. Raises SchemeClosed."""
        if self.closed_at is not None:
            raise SchemeClosed
        self.version += 1
        self.updated_at = at

    def close(self, at: datetime) -> None:
        """Let it give nothing from now on. Raises SchemeClosed."""
        self.change(at)
        self.closed_at = at


class Recognition(Base):
    """That a scheme recognises a person or an organisation, from ``given_on`` up to and including ``until``.

    ``criteria`` are those of the scheme at that time, ``evidence`` how they were met.
    """

    __tablename__ = "recognitions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "scheme"], ["recognition_schemes.movement", "recognition_schemes.id"]),
        of_person(erased=GOES),
        of_organisation(),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="recognitions_of_one"),
        sa.CheckConstraint("until IS NULL OR until >= given_on", name="recognitions_in_order"),
        sa.Index("recognitions_by_scheme", "movement", "scheme", "given_on"),
        sa.Index("recognitions_by_person", "movement", "person"),
        sa.Index("recognitions_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    scheme: Mapped[str]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    criteria: Mapped[list[str]] = mapped_column(sa.JSON)
    evidence: Mapped[str]
    given_on: Mapped[date]
    until: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def state_on(self, day: date) -> RecognitionState:
        """How it stands on a day."""
        if self.ended_on is not None and self.ended_on <= day:
            return RecognitionState.ENDED
        if day < self.given_on:
            return RecognitionState.NOT_BEGUN
        expired = self.until is not None and self.until < day
        return RecognitionState.EXPIRED if expired else RecognitionState.IN_FORCE

    def end(self, on: date, why: str, at: datetime) -> None:
        """Let it hold no longer from a day on. Raises EndedAlready."""
        if self.ended_on is not None or (self.until is not None and self.until < on):
            raise EndedAlready
        self.ended_on, self.ended_why = on, why
        self.version += 1
        self.updated_at = at
