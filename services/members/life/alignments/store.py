"""Every SQL statement about alignments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.directory.organisations.models import Organisation
from services.members.life.alignments.models import AlignmentState, PartnerAlignment

_whole = sa.select(PartnerAlignment).options(selectinload(PartnerAlignment.acts))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which alignments are wanted; None where it does not matter."""

    organisation: str | None = None
    agenda: str | None = None
    state: AlignmentState | None = None
    updated_since: datetime | None = None


def find(session: Session, movement: str, alignment: str, *, locked: bool = False) -> PartnerAlignment | None:
    """One alignment with its acts as it is stored now, perhaps locked until the transaction ends."""
    query = _whole.where(PartnerAlignment.movement == movement, PartnerAlignment.id == alignment)
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def signed_by(session: Session, movement: str, organisation: str) -> Sequence[PartnerAlignment]:
    """What a partner stands behind, locked."""
    of_partner = (PartnerAlignment.movement == movement, PartnerAlignment.organisation == organisation)
    query = sa.select(PartnerAlignment).where(*of_partner, PartnerAlignment.state == AlignmentState.SIGNED)
    return session.scalars(query.order_by(PartnerAlignment.id).with_for_update()).all()


def list_alignments(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[PartnerAlignment]:
    """Alignments in the order in which they were signed, those after ``after`` first."""
    query = _whole.where(PartnerAlignment.movement == movement)
    for column, wanted in (
        (PartnerAlignment.organisation, chosen.organisation),
        (PartnerAlignment.agenda, chosen.agenda),
        (PartnerAlignment.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(PartnerAlignment.updated_at >= chosen.updated_since)
    return session.scalars(page(query, PartnerAlignment.id, after, limit)).all()


def names(session: Session, movement: str, organisations: Collection[str]) -> Mapping[str, str]:
    """What organisations are called, by id."""
    query = sa.select(Organisation.id, Organisation.name).where(Organisation.movement == movement)
    return {row.id: row.name for row in session.execute(query.where(Organisation.id.in_(organisations)))}
