"""The tables of CRM connections: the connections, of what each is still to be told, what it has, and how calls went."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.base import Base
from shared.lifecycle import Lifecycle


class Vendor(StrEnum):
    """Whose API a CRM speaks; generic: one that the mapping describes."""

    CIVICRM = "civicrm"
    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    GENERIC = "generic"


class Owner(StrEnum):
    """Who wins where both sides edited a field: ours is told again, theirs is taken over, or a person is asked."""

    BACKBONE = "backbone"
    CRM = "crm"
    ASK = "ask"


class State(StrEnum):
    """paused, disabled: what changes is noted and waits, and only who is erased is deleted there. Disabled it is by
    itself: no agreement covers it, or it takes our credentials no more. leaving: it is told of nothing any more, and
    what of ours is there is removed; once that is done it has ended. ended: nobody sees it any more, and its
    credentials are gone."""

    ENABLED = "enabled"
    PAUSED = "paused"
    DISABLED = "disabled"
    LEAVING = "leaving"
    ENDED = "ended"


_CONNECTION = Lifecycle(
    "a CRM connection",
    {
        State.ENABLED: {State.PAUSED, State.DISABLED, State.LEAVING, State.ENDED},
        State.PAUSED: {State.ENABLED, State.DISABLED, State.LEAVING, State.ENDED},
        State.DISABLED: {State.ENABLED, State.LEAVING, State.ENDED},
        State.LEAVING: {State.ENDED},
        State.ENDED: set(),
    },
)

LIVE = (State.ENABLED, State.PAUSED)
"""The states for which an agreement has to stand."""
NOTES_FOR = (*LIVE, State.DISABLED)
"""The states in which what changes is noted: nothing is missed by a CRM that is told again later."""
CALLED_IN = (*NOTES_FOR, State.LEAVING)
"""The states in which it is called: in all but the first only to forget."""


class Errand(StrEnum):
    """For what somebody or something waits. They are run in this order, which is that of their names."""

    FORGET = "forget"
    ORGANISATION = "organisation"
    PERSON = "person"


class Connection(Base):
    """A CRM in which people are kept true.

    ``organisation`` runs it and has their data for ``purpose``, under an agreement. ``system`` is the name under which
    people's external ids are theirs. ``mapping`` is one of the partner's own, as JSON, in place of the pack's;
    ``owners`` says who wins for fields where it is not as the mapping says. ``sealed`` are the credentials. Until
    ``busy_until`` the process that is ``holder`` tells it; before ``resume_at`` the CRM asked not to be called (both
    microseconds since 1970). ``trouble`` is the code of why the last call came to nothing, ``failing_since`` the first
    of such calls.
    """

    __tablename__ = "crm_connection"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    vendor: Mapped[str]
    name: Mapped[str]
    url: Mapped[str]
    organisation: Mapped[str]
    purpose: Mapped[str]
    system: Mapped[str]
    pack: Mapped[str]
    pack_version: Mapped[int]
    mapping: Mapped[str | None]
    owners: Mapped[Mapping[str, str]] = mapped_column(sa.JSON)
    status: Mapped[str] = mapped_column(index=True)
    disabled_reason: Mapped[str | None]
    sealed: Mapped[bytes]
    holder: Mapped[str | None]
    busy_until: Mapped[int]
    resume_at: Mapped[int]
    trouble: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def turn(self, status: State, at: datetime, reason: str | None = None) -> None:
        """Go into another state, or stay in it. Raises IllegalTransition."""
        if status != self.status:
            self.status = _CONNECTION.step(self.status, status)
        self.disabled_reason = reason
        if status == State.ENABLED:
            self.trouble, self.failing_since, self.resume_at = None, None, 0
        self.touch(at)

    def end(self, at: datetime) -> None:
        """End it, and forget its credentials. Raises IllegalTransition."""
        self.turn(State.ENDED, at)
        self.sealed = b""

    def touch(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class Waiting(Base):
    """That a CRM is to be told how somebody is now, or an organisation. One row a ``subject``: what changes again
    meanwhile only moves ``turn``.

    So a CRM never hears of an older state after a newer one, and is told once of what changed ten times. ``code`` is
    why it could not be told at the last of ``attempts``; one that is ``stuck`` waits for somebody, or for a change.
    Whoever is to be forgotten there is so for an ``erasure``, or because the connection is leaving.
    """

    __tablename__ = "crm_waiting"
    __table_args__ = (sa.Index("crm_waiting_due", "movement", "connection", "stuck", "errand", "due_at"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    errand: Mapped[str]
    turn: Mapped[int]
    attempts: Mapped[int]
    due_at: Mapped[int]
    stuck: Mapped[bool]
    code: Mapped[str | None]
    erasure: Mapped[str | None]
    since: Mapped[datetime]


class Link(Base):
    """What a CRM calls somebody or an organisation, and what both sides agreed on last: a keyed digest by the CRM's
    field, no value.

    ``made``: its record came to be by what we told, and was not there before; where that is not known it is taken for
    no. ``held`` are the fields about which a person is asked: what is ours of them is not told until then.
    """

    __tablename__ = "crm_link"
    __table_args__ = (sa.Index("crm_link_of_external_id", "movement", "connection", "external_id"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    connection: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str]
    made: Mapped[bool]
    agreed: Mapped[Mapping[str, str]] = mapped_column(sa.JSON)
    held: Mapped[Sequence[str]] = mapped_column(sa.JSON)
    told_at: Mapped[datetime]


class Call(Base):
    """How telling a CRM of somebody or something went: the status, how long it took and the vendor's own code.

    No word of either side."""

    __tablename__ = "crm_call"
    __table_args__ = (
        sa.Index("crm_call_of_connection", "movement", "connection", "id"),
        sa.Index("crm_call_at", "at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    movement: Mapped[str]
    connection: Mapped[str]
    subject: Mapped[str]
    action: Mapped[str]
    at: Mapped[datetime]
    duration_ms: Mapped[int]
    status: Mapped[int | None]
    code: Mapped[str | None]
