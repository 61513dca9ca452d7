"""Tables of restrictions and objections, and the legal steps of both (UK GDPR, articles 18 and 21)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import IllegalTransition, Lifecycle


class Ground(StrEnum):
    """Why somebody's data rests: UK GDPR, article 18(1)(a) to (d)."""

    ACCURACY_CONTESTED = "accuracy_contested"
    UNLAWFUL_BUT_KEPT = "unlawful_but_kept"
    NEEDED_FOR_CLAIMS = "needed_for_claims"
    OBJECTION_CONSIDERED = "objection_considered"


class ObjectionState(StrEnum):
    """Considered, and heeded meanwhile; then upheld for good, overridden with the reason, or taken back."""

    CONSIDERED = "considered"
    UPHELD = "upheld"
    OVERRIDDEN = "overridden"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    "an objection",
    {
        ObjectionState.CONSIDERED: {ObjectionState.UPHELD, ObjectionState.OVERRIDDEN, ObjectionState.WITHDRAWN},
        ObjectionState.UPHELD: {ObjectionState.WITHDRAWN},
    },
)


class NothingOverridesThis(Conflict):
    """An objection to direct marketing is final, whatever interest there is in it (UK GDPR, article 21(3))."""

    code = "nothing_overrides_this"
    title = "An objection to direct marketing is heeded in any case"


class AlreadyObjected(Conflict):
    """The person objects to this purpose, and it is heeded; ``objection`` is its id."""

    code = "already_objected"
    title = "This objection stands already"


class Restriction(Base):
    """Somebody's data rests from ``begun_at`` until it is lifted: it is stored, and not used otherwise.

    Nothing is lifted before the person was told (article 18(3)): ``told_on`` is that day, and ``why_lifted`` what they
    were told. ``request`` is the request by which it began.
    """

    __tablename__ = "restrictions"
    __table_args__ = (of_person(erased=GOES), sa.Index("restrictions_by_person", "movement", "person", "id"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str]
    ground: Mapped[str]
    request: Mapped[str | None]
    why: Mapped[str | None]
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    told_on: Mapped[date | None]
    why_lifted: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]

    def lift(self, told_on: date, why: str, by: str, at: datetime) -> None:
        """Let the data be used again. Raises IllegalTransition where it was lifted before."""
        if self.lifted_at is not None:
            raise IllegalTransition("a restriction that is lifted cannot be lifted again", state="lifted")
        self.told_on, self.why_lifted, self.lifted_at, self.lifted_by = told_on, why, at, by
        self.version += 1


class Objection(Base):
    """Somebody objects to one purpose, and it is heeded from ``raised_at`` until ``ended_at``.

    ``why`` is what was decided and told to the person on ``told_on``: for an objection that is overridden, the
    compelling grounds (article 21(1)).
    """

    __tablename__ = "objections"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("objections_by_person", "movement", "person", "id"),
        sa.Index("objections_by_purpose", "movement", "purpose", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str]
    purpose: Mapped[str]
    request: Mapped[str | None]
    words: Mapped[str | None]
    state: Mapped[str]
    raised_at: Mapped[datetime]
    raised_by: Mapped[str]
    why: Mapped[str | None]
    told_on: Mapped[date | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def uphold(self, told_on: date | None, by: str, at: datetime) -> None:
        """Considered → upheld."""
        self._decide(ObjectionState.UPHELD, by, at)
        self.told_on = told_on

    def override(self, why: str, told_on: date | None, by: str, at: datetime) -> None:
        """Considered → overridden: it is no longer heeded."""
        self._decide(ObjectionState.OVERRIDDEN, by, at)
        self.why, self.told_on, self.ended_at = why, told_on, at

    def withdraw(self, by: str, at: datetime) -> None:
        """The person no longer objects."""
        self._decide(ObjectionState.WITHDRAWN, by, at)
        self.ended_at = at

    def _decide(self, state: ObjectionState, by: str, at: datetime) -> None:
        self.state = LIFECYCLE.step(self.state, state)
        self.decided_by, self.decided_at = by, at
        self.version += 1
