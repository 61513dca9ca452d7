"""Every SQL statement about themes, votes and suggested rounds."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.members.base import After, Base, page
from services.members.community.connections.models import UnmetWish
from services.members.life.themes.models import LIVE, KnownRound, RoundSuggestion, Theme, Vote
from services.members.life.voices.models import UNANSWERED, Voice, VoiceKind, VoiceState
from shared.db.session import of


class Counted(NamedTuple):
    """A theme, how many voices it has, how many people said so, how many are unanswered, and its votes."""

    theme: Theme
    voices: int
    people: int
    unanswered: int
    votes: int


def enter(session: Session, theme: Theme) -> bool:
    """Enter a theme; False where the movement has one of that slug. Of two at once the second waits."""
    return _inserted(session, theme)


def of_slug(session: Session, movement: str, slug: str) -> Theme | None:
    """The theme of a slug."""
    return session.scalar(sa.select(Theme).where(Theme.movement == movement, Theme.slug == slug))


def for_change(session: Session, movement: str, theme: str) -> Theme | None:
    """One theme, locked until the transaction ends."""
    return session.get(Theme, (movement, theme), with_for_update=True)


def find(session: Session, movement: str, theme: str) -> Counted | None:
    """One theme with its numbers."""
    row = session.execute(_counted(movement).where(Theme.id == theme)).one_or_none()
    return None if row is None else Counted(*row)


def list_themes(
    session: Session, movement: str, *, updated_since: datetime | None, after: After, limit: int
) -> list[Counted]:
    """Themes in the order in which they were confirmed, those after ``after`` first."""
    query = _counted(movement)
    if updated_since is not None:
        query = query.where(Theme.updated_at >= updated_since)
    return [Counted(*row) for row in session.execute(page(query, Theme.id, after, limit))]


def vote(session: Session, vote: Vote) -> bool:
    """Store a vote; False where the person has one there already."""
    return _inserted(session, vote)


def take_vote_back(session: Session, movement: str, theme: str, person: str) -> bool:
    """Delete a vote; False where there was none."""
    deleting = sa.delete(Vote).where(Vote.movement == movement, Vote.theme == theme, Vote.person == person)
    return session.scalar(deleting.returning(Vote.id)) is not None


def unthemed(session: Session, movement: str, limit: int) -> Sequence[Voice]:
    """The newest voices that have words and no theme, the oldest of these first."""
    query = sa.select(Voice).where(Voice.movement == movement, Voice.theme.is_(None), Voice.sealed.is_not(None))
    return session.scalars(query.order_by(Voice.id.desc()).limit(limit)).all()[::-1]


def themed(session: Session, movement: str, limit: int) -> Sequence[tuple[Voice, Theme]]:
    """The newest voices that have words and a theme, each with it."""
    query = (
        sa.select(Voice, Theme)
        .join(Theme, sa.and_(Theme.movement == Voice.movement, Theme.id == Voice.theme))
        .where(Voice.movement == movement, Voice.sealed.is_not(None))
    )
    return [(voice, theme) for voice, theme in session.execute(query.order_by(Voice.id.desc()).limit(limit))]


def alone_with(session: Session, movement: str, slug: str, place: str) -> None:
    """Wait until nobody else counts the wishes of a theme in a place: else of two third ones neither sees the other."""
    if of(session).dialect.name == "postgresql":
        name = f"wishes/{movement}/{slug}/{place}"
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


def unmet(session: Session, movement: str, slug: str, place: str) -> int:
    """How many wish for the same in a place: introductions without a match, and what people said that is unanswered.

    Those of days until the last suggestion was over are not counted again.
    """
    over = sa.select(sa.func.max(RoundSuggestion.ended_on)).where(
        RoundSuggestion.movement == movement, RoundSuggestion.theme == slug, RoundSuggestion.place == place
    )
    since = session.scalar(over) or date.min
    noted = sa.select(sa.func.count()).where(
        UnmetWish.movement == movement, UnmetWish.theme == slug, UnmetWish.place == place, UnmetWish.noted_on > since
    )
    said = (
        sa.select(sa.func.coalesce(sa.func.sum(Voice.people), 0))
        .join(Theme, sa.and_(Theme.movement == Voice.movement, Theme.id == Voice.theme))
        .where(
            Voice.movement == movement,
            Voice.kind == VoiceKind.WISH,
            Voice.state.in_(UNANSWERED),
            Voice.place == place,
            Voice.said_on > since,
            Theme.slug == slug,
        )
    )
    return (session.scalar(noted) or 0) + int(session.scalar(said) or 0)


def live_suggestion(session: Session, movement: str, slug: str, place: str) -> RoundSuggestion | None:
    """The suggestion of a theme in a place whose round is not over."""
    query = sa.select(RoundSuggestion).where(
        RoundSuggestion.movement == movement, RoundSuggestion.theme == slug, RoundSuggestion.place == place
    )
    return session.scalar(query.where(sa.text(LIVE)))


def suggestion(session: Session, movement: str, suggestion: str) -> RoundSuggestion | None:
    """One suggestion."""
    return session.get(RoundSuggestion, (movement, suggestion))


def suggestion_of(session: Session, movement: str, round: str) -> RoundSuggestion | None:
    """The suggestion that a round was drafted for."""
    query = sa.select(RoundSuggestion).where(RoundSuggestion.movement == movement, RoundSuggestion.round == round)
    return session.scalar(query.with_for_update())


def list_suggestions(session: Session, movement: str, *, after: After, limit: int) -> Sequence[RoundSuggestion]:
    """Suggested rounds in the order in which they were suggested, those after ``after`` first."""
    query = sa.select(RoundSuggestion).where(RoundSuggestion.movement == movement)
    return session.scalars(page(query, RoundSuggestion.id, after, limit)).all()


def know_round(session: Session, movement: str, round: str) -> None:
    """Note that there is such a round."""
    _inserted(session, KnownRound(movement=movement, round=round))


def add(session: Session, row: Base) -> None:
    """Insert a row."""
    session.add(row)
    session.flush()


def _counted(movement: str) -> sa.Select[Theme, int, int, int, int]:
    of_voices = [Voice.movement == Theme.movement, Voice.theme == Theme.id, Voice.state != VoiceState.WITHDRAWN]
    voices = sa.select(sa.func.count()).where(*of_voices)
    people = sa.select(sa.cast(sa.func.coalesce(sa.func.sum(Voice.people), 0), sa.BigInteger)).where(*of_voices)
    votes = sa.select(sa.func.count()).where(Vote.movement == Theme.movement, Vote.theme == Theme.id)
    return sa.select(
        Theme,
        voices.scalar_subquery(),
        people.scalar_subquery(),
        voices.where(Voice.state.in_(UNANSWERED)).scalar_subquery(),
        votes.scalar_subquery(),
    ).where(Theme.movement == movement)


def _inserted(session: Session, row: Base) -> bool:
    """Insert a row unless one stands in its way; whether it was inserted."""
    table = type(row)
    values = {attribute.key: getattr(row, attribute.key) for attribute in sa.inspect(table).column_attrs}
    insert = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    inserted = insert(table).values(values).on_conflict_do_nothing().returning(sa.literal(1))
    return session.scalar(inserted) is not None
