"""Tables of requests and of what was asked back, and the legal steps of a request."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import emptied
from services.members.trust.requests.conflicts import (
    AlreadyAnswered,
    AlreadyExtended,
    NothingToTell,
    TooLateToExtend,
)
from shared.lifecycle import Lifecycle


class Kind(StrEnum):
    """The right that is used: UK GDPR, articles 15 to 18, 20 and 21; and to complain (Data Protection Act 2018, 164A).

    One letter that asks for two things is two requests.
    """

    ACCESS = "access"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    OBJECT = "object"
    PORT = "port"
    COMPLAIN = "complain"


class How(StrEnum):
    """How a request came. The law asks for no form: one that is spoken counts as one that is written."""

    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"
    MESSAGE = "message"
    IN_PERSON = "in_person"
    FORM = "form"


class RequestState(StrEnum):
    """Received until it is known who asks, and by what authority; then verified until it is answered."""

    RECEIVED = "received"
    VERIFIED = "verified"
    COMPLETED = "completed"
    PARTLY_COMPLETED = "partly_completed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({RequestState.RECEIVED, RequestState.VERIFIED})

LIFECYCLE = Lifecycle(
    "a request",
    {
        RequestState.RECEIVED: {RequestState.VERIFIED, RequestState.REFUSED, RequestState.WITHDRAWN},
        RequestState.VERIFIED: {
            RequestState.COMPLETED,
            RequestState.PARTLY_COMPLETED,
            RequestState.REFUSED,
            RequestState.WITHDRAWN,
        },
    },
)


class Representation(StrEnum):
    """By what somebody may ask for another: none is an answer too, and then the request is refused."""

    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    ATTORNEY_OR_DEPUTY = "attorney_or_deputy"
    BEST_INTERESTS = "best_interests"
    WRITTEN_AUTHORITY = "written_authority"
    NONE = "none"


class Identified(StrEnum):
    """How it was made sure who asks. What was shown is never copied."""

    KNOWN_TO_US = "known_to_us"
    SIGNED_IN = "signed_in"
    ANSWERED_AT_KNOWN_ADDRESS = "answered_at_known_address"
    DOCUMENT_SEEN = "document_seen"


class ExtensionReason(StrEnum):
    """Why an answer takes longer: UK GDPR, article 12(3)."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many_requests"


class RefusalGround(StrEnum):
    """Why a request is refused, wholly or in part."""

    NO_AUTHORITY = "no_authority"
    NOT_IDENTIFIED = "not_identified"
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    EXCESSIVE = "excessive"
    EXEMPT = "exempt"
    NOT_THE_CONTROLLER = "not_the_controller"
    RIGHT_DOES_NOT_APPLY = "right_does_not_apply"


class WaitReason(StrEnum):
    """What was asked of the requester: proof of who they are or may ask for, or what they mean."""

    PROOF = "proof"
    CLARIFICATION = "clarification"


_THEIRS = ("asked_by", "words", "behalf_name", "behalf_evidence", "extension_words", "outcome")
"""The columns of a request that say something of whoever asked."""


class Request(Base):
    """A request. ``person`` is whose data it is about, once that is known; ``asked_by`` is who asks as they said it.

    ``behalf_name`` asks for somebody else, by ``behalf_authority``, which ``behalf_evidence`` proves. The period
    ``begins_on`` the day of receipt, or of the proof that was asked for; ``first_due_on`` is its end without the
    extension. ``outcome`` is what was done, or why not, as the requester was told it on ``told_on``.
    ``called_overdue``: it was announced that no answer came in time.
    """

    __tablename__ = "requests"
    __table_args__ = (
        # That somebody asked and was answered is what the movement is held to; who, and in what words, goes.
        of_person(erased=emptied(*_THEIRS)),
        sa.Index("requests_by_person", "movement", "person", "id"),
        sa.Index("requests_due", "state", "due_on", "movement"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    how: Mapped[str]
    person: Mapped[str | None]
    asked_by: Mapped[str | None]
    words: Mapped[str | None]
    behalf_name: Mapped[str | None]
    behalf_authority: Mapped[str | None]
    behalf_evidence: Mapped[str | None]
    received_on: Mapped[date]
    received_by: Mapped[str]
    acknowledge_by: Mapped[date | None]
    acknowledged_on: Mapped[date | None]
    begins_on: Mapped[date]
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    extended_for: Mapped[str | None]
    extension_words: Mapped[str | None]
    extension_told_on: Mapped[date | None]
    identified: Mapped[str | None]
    verified_on: Mapped[date | None]
    verified_by: Mapped[str | None]
    refused_for: Mapped[str | None]
    outcome: Mapped[str | None]
    told_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_by: Mapped[str | None]
    called_overdue: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def verify(self, how: Identified, on: date, by: str, at: datetime) -> None:
        """Received → verified."""
        self.state = LIFECYCLE.step(self.state, RequestState.VERIFIED)
        self.identified, self.verified_on, self.verified_by = how, on, by
        self._changed(at)

    def extend(self, reason: ExtensionReason, words: str, told_on: date, at: datetime) -> None:
        """Put the answer off, once, and told within the first period. Raises AlreadyExtended, TooLateToExtend."""
        self.hold_open()
        if self.extended_for is not None:
            raise AlreadyExtended
        if told_on > self.first_due_on:
            raise TooLateToExtend(due_on=self.first_due_on.isoformat())
        self.extended_for, self.extension_words, self.extension_told_on = reason, words, told_on
        self._changed(at)

    def refuse(self, ground: RefusalGround, why: str, told_on: date | None, by: str, at: datetime, on: date) -> None:
        """Received or verified → refused."""
        self._close(RequestState.REFUSED, on, by, at)
        self.refused_for, self.outcome, self.told_on = ground, why, told_on

    def complete(
        self, outcome: str, held_for: RefusalGround | None, on: date, by: str, at: datetime, *, told_on: date | None
    ) -> None:
        """Verified → completed, or where something was held back, partly completed."""
        self._close(RequestState.COMPLETED if held_for is None else RequestState.PARTLY_COMPLETED, on, by, at)
        self.refused_for, self.outcome, self.told_on = held_for, outcome, told_on

    def tell(self, on: date, at: datetime) -> None:
        """Note that whoever asked was told of the answer. Raises NothingToTell."""
        if self.state in OPEN or self.outcome is None or self.told_on is not None:
            raise NothingToTell
        self.told_on = on
        self._changed(at)

    def withdraw(self, on: date, by: str, at: datetime) -> None:
        """Received or verified → withdrawn, by whoever asked."""
        self._close(RequestState.WITHDRAWN, on, by, at)

    def acknowledge(self, on: date, at: datetime) -> None:
        """Note that whoever asked was told that it came. Raises AlreadyAnswered."""
        self.hold_open()
        self.acknowledged_on = on
        self._changed(at)

    def change(self, at: datetime) -> None:
        """Note that what was taken down changed. Raises AlreadyAnswered."""
        self.hold_open()
        self._changed(at)

    def hold_open(self) -> None:
        """Raise AlreadyAnswered once the request is over."""
        if self.state not in OPEN:
            raise AlreadyAnswered(f"it is {self.state}", state=self.state)

    def overdue_on(self, day: date) -> bool:
        """Whether it should have been answered before that day and is not."""
        return self.state in OPEN and self.due_on < day

    def _close(self, state: RequestState, on: date, by: str, at: datetime) -> None:
        self.state = LIFECYCLE.step(self.state, state)
        self.closed_on, self.closed_by = on, by
        self._changed(at)

    def _changed(self, at: datetime) -> None:
        self.version, self.updated_at = self.version + 1, at


class RequestWait(Base):
    """Something that was asked of the requester, when, and when they answered: what the clock waits for."""

    __tablename__ = "request_waits"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "request"], ["requests.movement", "requests.id"]),
        sa.Index("request_waits_by_request", "movement", "request", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    reason: Mapped[str]
    words: Mapped[str]
    asked_on: Mapped[date]
    answered_on: Mapped[date | None]
