"""Every SQL statement about responses."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.surveys.asking.models import Wave
from services.measures.surveys.responses.models import Response

_AT_ONCE = 500


class Chosen(NamedTuple):
    """Which responses are wanted; None where it does not matter."""

    survey: str | None
    wave: str | None
    state: str | None
    updated_since: datetime | None


def add(session: Session, response: Response) -> None:
    """Insert a response, at once."""
    session.add(response)
    session.flush()


def get(session: Session, movement: str, response: str, *, locked: bool = False) -> Response | None:
    """One response, perhaps held until the end of the transaction."""
    return session.get(Response, (movement, response), with_for_update=locked or None, populate_existing=locked)


def sent_before(session: Session, movement: str, link: str | None, once: str) -> bool:
    """Whether this page was sent already, by that link (None: by the invitation of one person)."""
    query = sa.select(Response.id).where(Response.movement == movement, Response.link == link, Response.once == once)
    return session.scalar(query) is not None


def page(session: Session, movement: str, chosen: Chosen, after: str, limit: int) -> Sequence[Response]:
    """Responses in the order in which they came, behind the one named ``after``."""
    query = sa.select(Response).where(Response.movement == movement, Response.id > after)
    for column, wanted in (
        (Response.survey, chosen.survey), (Response.wave, chosen.wave), (Response.state, chosen.state),
    ):  # fmt: skip
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.updated_since is not None:
        query = query.where(Response.updated_at >= chosen.updated_since)
    return session.scalars(query.order_by(Response.id).limit(limit)).all()


def of_wave(session: Session, movement: str, wave: str) -> Iterator[Response]:
    """Every response of a wave, a few hundred at a time."""
    query = sa.select(Response).where(Response.movement == movement, Response.wave == wave).order_by(Response.id)
    yield from session.scalars(query.execution_options(yield_per=_AT_ONCE))


def delete(session: Session, response: Response) -> None:
    """Delete a response."""
    session.delete(response)


def delete_pair(session: Session, movement: str, survey: str, pair: str) -> int:
    """Delete what somebody answered in a survey, by their code; how many responses that were."""
    gone = sa.delete(Response).where(Response.movement == movement, Response.survey == survey, Response.pair == pair)
    return len(session.scalars(gone.returning(Response.id)).all())


def delete_closed_before(session: Session, day: str) -> int:
    """Delete some responses, of any movement, whose wave closed before an ISO day; how many: fewer means no more."""
    over = (
        sa.select(Response.movement, Response.id)
        .join(Wave, (Wave.movement == Response.movement) & (Wave.id == Response.wave))
        .where(Wave.closes_on < day)
        .limit(_AT_ONCE)
    )
    gone = sa.delete(Response).where(sa.tuple_(Response.movement, Response.id).in_(over))
    return len(session.scalars(gone.returning(Response.id)).all())
