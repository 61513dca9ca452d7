"""Every SQL statement about erasures; those that erase are in ``rows``."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.trust.erasures.models import Erasure, ErasureHeld, ErasureReceipt, State, Suppression

_SHOWN = sa.select(Erasure).options(*map(selectinload, (Erasure.receipts, Erasure.held, Erasure.asked)))
LIVE = (State.REQUESTED, State.VERIFIED, State.IN_PROGRESS)


def find(session: Session, movement: str, erasure: str, *, lock: bool = False) -> Erasure | None:
    """An erasure with its receipts and what is held, as this transaction left them."""
    query = _SHOWN.where(Erasure.movement == movement, Erasure.id == erasure)
    if lock:
        query = query.with_for_update(of=Erasure)
    return session.scalar(query.execution_options(populate_existing=True))


def live_of(session: Session, movement: str, person: str) -> Erasure | None:
    """The erasure of somebody that is not over."""
    query = sa.select(Erasure).where(Erasure.movement == movement, Erasure.person == person, Erasure.state.in_(LIVE))
    return session.scalar(query)


def live_by(session: Session, movement: str, request: str, *, lock: bool = False) -> Erasure | None:
    """The erasure that answers a request and is not over."""
    query = sa.select(Erasure).where(Erasure.movement == movement, Erasure.request == request, Erasure.state.in_(LIVE))
    return session.scalar(query.with_for_update() if lock else query)


def by_requests(session: Session, movement: str, requests: Iterable[str]) -> dict[str, str]:
    """By each of these requests the last erasure that answers it."""
    query = sa.select(Erasure.request, Erasure.id).where(Erasure.movement == movement, Erasure.request.in_(requests))
    return {row.request: row.id for row in session.execute(query.order_by(Erasure.id))}


def list_erasures(
    session: Session, movement: str, *, state: State | None, after: After, limit: int
) -> Sequence[Erasure]:
    """Erasures in the order in which they were asked for."""
    query = _SHOWN.where(Erasure.movement == movement)
    if state is not None:
        query = query.where(Erasure.state == state)
    return session.scalars(page(query, Erasure.id, after, limit)).all()


def admitted(session: Session) -> Sequence[tuple[str, str]]:
    """Movement and id of each erasure that is under way and may erase."""
    query = sa.select(Erasure.movement, Erasure.id).where(
        Erasure.state == State.IN_PROGRESS, Erasure.admitted_at.is_not(None)
    )
    return [(movement, erasure) for movement, erasure in session.execute(query.order_by(Erasure.admitted_at))]


def expect(session: Session, movement: str, erasure: str, services: Iterable[str]) -> None:
    """Wait for a receipt from each of these services."""
    session.add_all([ErasureReceipt(movement=movement, erasure=erasure, service=service) for service in services])


def count(session: Session, records: int, movement: str, erasure: str, service: str) -> None:
    """Keep that a service has erased or changed so many records more; once it has answered, nothing changes."""
    counted = sa.func.coalesce(ErasureReceipt.records, 0) + records
    session.execute(sa.update(ErasureReceipt).where(*_waiting(movement, erasure, service)).values(records=counted))


def answered(session: Session, movement: str, erasure: str, service: str, at: datetime) -> None:
    """Take a receipt; a second one of a service changes nothing."""
    session.execute(sa.update(ErasureReceipt).where(*_waiting(movement, erasure, service)).values(answered_at=at))


def _waiting(movement: str, erasure: str, service: str) -> tuple[sa.ColumnElement[bool], ...]:
    receipt = ErasureReceipt
    of = (receipt.movement == movement, receipt.erasure == erasure, receipt.service == service)
    return (*of, receipt.answered_at.is_(None))


def hold(session: Session, movement: str, erasure: str, held: Iterable[ErasureHeld]) -> None:
    """Write down what is held."""
    for each in held:
        each.movement, each.erasure = movement, erasure
        session.merge(each)


def lapsed(session: Session, today: date) -> Sequence[tuple[str, str]]:
    """Movement and id of each erasure of which a part has been held for long enough."""
    query = sa.select(ErasureHeld.movement, ErasureHeld.erasure).where(ErasureHeld.until < today).distinct()
    return [(movement, erasure) for movement, erasure in session.execute(query)]


def release(session: Session, movement: str, erasure: str, today: date) -> None:
    """Nothing is held any more of what was held until before today."""
    session.execute(
        sa.delete(ErasureHeld).where(
            ErasureHeld.movement == movement, ErasureHeld.erasure == erasure, ErasureHeld.until < today
        )
    )


def suppress(session: Session, movement: str, digests: Iterable[bytes], since: date) -> None:
    """Keep imports from bringing somebody back whom these digests are of."""
    for digest in digests:
        session.merge(Suppression(movement=movement, digest=digest, since=since))


def any_suppressed(session: Session, movement: str) -> bool:
    """Whether anybody at all is kept out of imports."""
    query = sa.select(Suppression.digest).where(Suppression.movement == movement)
    return session.execute(query.limit(1)).first() is not None


def suppressed(session: Session, movement: str, digests: Sequence[bytes]) -> set[bytes]:
    """Those of the digests that are of somebody who was erased."""
    query = sa.select(Suppression.digest).where(Suppression.movement == movement, Suppression.digest.in_(digests))
    return set(session.scalars(query))
