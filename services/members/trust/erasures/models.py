"""Tables of erasures: what was asked and how far it is, the receipt of each service, what is held, and who is kept out.

An erasure outlives the person: it is how a movement shows that it did what was asked (UK GDPR, articles 5(2) and 12).
It keeps the person's id, behind which there is nobody any more, and nothing else of theirs.
"""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import HOLDS_PERSON, Base
from services.members.erasing import LEADS_NOWHERE
from services.members.trust.requests.models import Request
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class State(StrEnum):
    """requested → verified → in progress → completed | partly held; refused until somebody has been erased."""

    REQUESTED = "requested"
    VERIFIED = "verified"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTLY_HELD = "partly_held"
    REFUSED = "refused"


_ERASURE: Lifecycle[State] = Lifecycle(
    "an erasure",
    {
        State.REQUESTED: {State.VERIFIED, State.REFUSED},
        State.VERIFIED: {State.IN_PROGRESS, State.REFUSED},
        State.IN_PROGRESS: {State.COMPLETED, State.PARTLY_HELD, State.REFUSED},
        State.PARTLY_HELD: {State.COMPLETED},
    },
)


class Verified(StrEnum):
    """How it was seen that whoever asks is the person, or may ask for them."""

    KNOWN_TO_US = "known_to_us"
    SIGNED_IN = "signed_in"
    DOCUMENT_SEEN = "document_seen"
    CALLED_BACK = "called_back"
    AUTHORITY_SEEN = "authority_seen"
    PERIOD_OVER = "period_over"
    """Nobody asked: a retention rule says so."""


class Refused(StrEnum):
    """Why somebody is not erased: UK GDPR, articles 12(5), 12(6) and 17(3); or that they are the last admin."""

    NOT_IDENTIFIED = "not_identified"
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGAL_CLAIM = "legal_claim"
    PUBLIC_INTEREST = "public_interest"
    WITHDRAWN = "withdrawn"
    REQUEST_REFUSED = "request_refused"
    LAST_ADMIN = "last_admin"


class HeldFor(StrEnum):
    """Why records are held although somebody is erased: UK GDPR, article 17(3)(b) to (e)."""

    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING = "archiving"
    LEGAL_CLAIM = "legal_claim"


class HoldsRelationships(Conflict):
    """Others would lose who keeps in touch with them; hand over first. ``relationships`` is how many there are."""

    code = "holds_relationships"
    title = "What this person holds is to be handed over first"


class OnHold(Conflict):
    """What is held for a claim or an inquiry is not erased meanwhile (UK GDPR, article 17(3)); ``hold`` is one."""

    code = "on_hold"
    title = "Records of this person are held back: lift the hold first"


class UnderWay(Conflict):
    """There is an erasure of this person that is not over; ``erasure`` is it."""

    code = "erasure_under_way"
    title = "This person is being erased already"


class Erasure(Base):
    """That somebody is to be erased. ``sealed`` is what to look for (:class:`shared.erasure.marks.Marks`).

    ``admitted_at`` is when their access had ended, before which nothing is erased. ``request`` is the request by right
    that it answers, if any, and ``asked`` its row: the erasure is due when that is.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        sa.Index("erasures_by_state", "movement", "state", "id"),
        sa.Index("erasures_by_person", "movement", "person"),
        sa.Index("erasures_by_request", "movement", "request"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str] = mapped_column(info=HOLDS_PERSON | LEADS_NOWHERE)
    state: Mapped[str]
    request: Mapped[str | None]
    sealed: Mapped[bytes | None]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    verified_how: Mapped[str | None]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    refused_because: Mapped[str | None]
    refused_at: Mapped[datetime | None]
    begun_by: Mapped[str | None]
    begun_at: Mapped[datetime | None]
    admitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    backups_lapse_on: Mapped[date | None]
    updated_at: Mapped[datetime]

    receipts: Mapped[list["ErasureReceipt"]] = relationship(
        viewonly=True, lazy="raise", order_by="ErasureReceipt.service"
    )
    asked: Mapped[Request | None] = relationship(
        viewonly=True,
        lazy="raise",
        primaryjoin=lambda: sa.and_(
            orm.foreign(Erasure.movement) == Request.movement, orm.foreign(Erasure.request) == Request.id
        ),
    )
    held: Mapped[list["ErasureHeld"]] = relationship(viewonly=True, lazy="raise", order_by="ErasureHeld.kind")

    def verify(self, how: Verified, by: str, at: datetime) -> None:
        """Requested → verified."""
        self._step(State.VERIFIED, at)
        self.verified_how, self.verified_by, self.verified_at = how, by, at

    def begin(self, by: str, sealed: bytes, at: datetime) -> None:
        """Verified → in progress."""
        self._step(State.IN_PROGRESS, at)
        self.begun_by, self.begun_at, self.sealed = by, at, sealed

    def refuse(self, because: Refused, at: datetime) -> None:
        """Until somebody has been erased → refused; what was to be looked for is forgotten."""
        self._step(State.REFUSED, at)
        self.refused_because, self.refused_at, self.sealed = because, at, None

    def end(self, outcome: State, backups_lapse_on: date, at: datetime) -> None:
        """In progress → completed or partly held."""
        self._step(outcome, at)
        self.ended_at, self.backups_lapse_on, self.sealed = at, backups_lapse_on, None

    def complete(self, at: datetime) -> None:
        """Partly held → completed: what was held is gone as well."""
        self._step(State.COMPLETED, at)

    def _step(self, target: State, at: datetime) -> None:
        self.state = _ERASURE.step(self.state, target)
        self.version, self.updated_at = self.version + 1, at


def of_erasure() -> sa.ForeignKeyConstraint:
    """The foreign key of what hangs on an erasure."""
    return sa.ForeignKeyConstraint(["movement", "erasure"], ["erasures.movement", "erasures.id"])


class ErasureReceipt(Base):
    """That a service was told, how many records it has erased or changed, and when it was done."""

    __tablename__ = "erasure_receipts"
    __table_args__ = (of_erasure(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    erasure: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    records: Mapped[int | None]
    answered_at: Mapped[datetime | None]


class ErasureHeld(Base):
    """A part that is not erased yet: what kind of records (their table), how many, why, and until when."""

    __tablename__ = "erasure_held"
    __table_args__ = (of_erasure(), sa.Index("erasure_held_until", "until"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    erasure: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    records: Mapped[int]
    reason: Mapped[str]
    until: Mapped[date]


class Suppression(Base):
    """A keyed digest of something by which an import would bring somebody back who was erased. It names no erasure."""

    __tablename__ = "suppressions"

    movement: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[date]
