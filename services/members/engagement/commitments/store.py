"""Every SQL statement about commitments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.commitments.models import Commitment, CommitmentNote, CommitmentState


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which commitments are wanted; None where it does not matter. ``over_by`` are those still under way whose last
    day is before that one."""

    person: str | None = None
    organisation: str | None = None
    programme: str | None = None
    campaign: str | None = None
    state: CommitmentState | None = None
    over_by: date | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A commitment, and how much of it was done so far, in hundredths."""

    commitment: Commitment
    done: int


def find(session: Session, movement: str, commitment: str) -> Shown | None:
    """One commitment as it is shown."""
    found = session.get(Commitment, (movement, commitment))
    return None if found is None else shown(session, movement, [found])[0]


def for_change(session: Session, movement: str, commitment: str) -> Commitment | None:
    """One commitment, locked until the transaction ends."""
    return session.get(Commitment, (movement, commitment), with_for_update=True)


def under_way_of(session: Session, movement: str, organisation: str) -> Sequence[Commitment]:
    """The commitments of an organisation of which it is not known yet what became, locked."""
    query = sa.select(Commitment).where(Commitment.movement == movement, Commitment.organisation == organisation)
    under_way = query.where(Commitment.state == CommitmentState.UNDER_WAY)
    return session.scalars(under_way.order_by(Commitment.id).with_for_update()).all()


def shown(session: Session, movement: str, commitments: Sequence[Commitment]) -> list[Shown]:
    """Commitments with how much of each was done: one statement for all of them."""
    ids = [commitment.id for commitment in commitments]
    total = sa.cast(sa.func.coalesce(sa.func.sum(CommitmentNote.hundredths), 0), sa.BigInteger)
    query = sa.select(CommitmentNote.commitment, total).where(CommitmentNote.movement == movement)
    query = query.where(CommitmentNote.commitment.in_(ids)).group_by(CommitmentNote.commitment)
    done = dict(session.execute(query).all())
    return [Shown(commitment, done.get(commitment.id, 0)) for commitment in commitments]


def list_commitments(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> list[Shown]:
    """Commitments in the order in which they were made, those after ``after`` first."""
    query = sa.select(Commitment).where(Commitment.movement == movement)
    for column, wanted in (
        (Commitment.person, chosen.person),
        (Commitment.organisation, chosen.organisation),
        (Commitment.programme, chosen.programme),
        (Commitment.campaign, chosen.campaign),
        (Commitment.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.over_by is not None:
        query = query.where(Commitment.state == CommitmentState.UNDER_WAY, Commitment.ends_on < chosen.over_by)
    if chosen.updated_since is not None:
        query = query.where(Commitment.updated_at >= chosen.updated_since)
    return shown(session, movement, session.scalars(page(query, Commitment.id, after, limit)).all())


def list_notes(
    session: Session, movement: str, commitment: str, *, after: After, limit: int
) -> Sequence[CommitmentNote]:
    """The notes on a commitment in the order in which they were made, those after ``after`` first."""
    query = sa.select(CommitmentNote).where(CommitmentNote.movement == movement)
    query = query.where(CommitmentNote.commitment == commitment)
    return session.scalars(page(query, CommitmentNote.id, after, limit)).all()
