"""Every SQL statement about voices."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, Base, page
from services.members.community.circles.models import Circle
from services.members.community.programmes.models import Programme
from services.members.engagement.campaigns.models import Ask
from services.members.engagement.gatherings.models import Gathering
from services.members.life.themes.models import KnownRound, Theme
from services.members.life.voices.models import (
    UNANSWERED,
    Answer,
    Listener,
    Reply,
    TakenBy,
    Uptake,
    Voice,
    VoiceKind,
    VoiceState,
)
from services.members.trust.employers.store import not_own_staff
from services.members.trust.permissions.leaving_out import shown_here
from shared.ids import new_id

_shown = sa.select(Voice).options(selectinload(Voice.uptakes), selectinload(Voice.answers))
_TAKERS: Mapping[TakenBy, type[Base]] = {
    TakenBy.CIRCLE: Circle,
    TakenBy.PROGRAMME: Programme,
    TakenBy.ASK: Ask,
}


class Aged(NamedTuple):
    """A voice, and for how many days it has waited for an answer; None where it has one, or wants none any more."""

    voice: Voice
    days: int | None


class Told(NamedTuple):
    """A voice that was told back, to whom, and how many asked to hear it who do not permit that now."""

    voice: Aged
    told: list[Listener]
    left_out: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which voices are wanted; None where it does not matter. ``taken_up_by`` is the id of whoever took them up."""

    kind: VoiceKind | None = None
    state: VoiceState | None = None
    theme: str | None = None
    place: str | None = None
    gathering: str | None = None
    taken_up_by: str | None = None
    updated_since: datetime | None = None


class OfKind(NamedTuple):
    """How many voices of a kind there are, how many are unanswered, and how many of these for too long."""

    voices: int
    unanswered: int
    overdue: int


def add(session: Session, *rows: Base) -> None:
    """Insert rows, each before those that refer to it."""
    for row in rows:
        session.add(row)
        session.flush()


def find(session: Session, movement: str, voice: str) -> Voice | None:
    """One voice, with who took it up and what was answered as they are stored now."""
    query = _shown.where(Voice.movement == movement, Voice.id == voice)
    return session.scalar(query.execution_options(populate_existing=True))


def for_change(session: Session, movement: str, voice: str) -> Voice | None:
    """One voice, locked until the transaction ends."""
    return session.get(Voice, (movement, voice), with_for_update=True)


def all_for_change(session: Session, movement: str, voices: Iterable[str]) -> Sequence[Voice]:
    """Those of some voices that there are, locked in the order of their ids."""
    query = sa.select(Voice).where(Voice.movement == movement, Voice.id.in_(sorted(voices)))
    return session.scalars(query.order_by(Voice.id).with_for_update()).all()


def of_theme_for_change(session: Session, movement: str, theme: str, states: Iterable[VoiceState]) -> Sequence[Voice]:
    """The voices of a theme in one of these states, locked in the order of their ids."""
    query = sa.select(Voice).where(Voice.movement == movement, Voice.theme == theme, Voice.state.in_([*states]))
    return session.scalars(query.order_by(Voice.id).with_for_update()).all()


def wishes_for_change(session: Session, movement: str, slug: str, place: str) -> Sequence[Voice]:
    """The wishes of a theme in a place that nobody has taken up, locked."""
    query = (
        sa.select(Voice)
        .join(Theme, sa.and_(Theme.movement == Voice.movement, Theme.id == Voice.theme))
        .where(
            Voice.movement == movement,
            Voice.kind == VoiceKind.WISH,
            Voice.state == VoiceState.RAISED,
            Voice.place == place,
            Theme.slug == slug,
        )
    )
    return session.scalars(query.order_by(Voice.id).with_for_update(of=Voice)).all()


def list_voices(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Voice]:
    """Voices in the order in which they were raised, those after ``after`` first."""
    return session.scalars(page(_chosen(movement, chosen), Voice.id, after, limit)).all()


def list_unanswered(
    session: Session, movement: str, *, said_before: date, chosen: Chosen, after: After, limit: int
) -> Sequence[Voice]:
    """The unanswered that were said before a day, the oldest first. ``after`` is a day and an id."""
    query = _chosen(movement, chosen).where(Voice.state.in_(UNANSWERED), Voice.said_on < said_before)
    if after is not None:
        day, last = date.fromisoformat(str(after[0])), str(after[1])
        query = query.where(sa.or_(Voice.said_on > day, sa.and_(Voice.said_on == day, Voice.id > last)))
    return session.scalars(query.order_by(Voice.said_on, Voice.id).limit(limit)).all()


def _chosen(movement: str, chosen: Chosen) -> sa.Select[Voice]:
    query = _shown.where(Voice.movement == movement)
    for column, wanted in (
        (Voice.kind, chosen.kind),
        (Voice.state, chosen.state),
        (Voice.theme, chosen.theme),
        (Voice.place, chosen.place),
        (Voice.gathering, chosen.gathering),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.taken_up_by is not None:
        took = sa.or_(*(getattr(Uptake, by) == chosen.taken_up_by for by in TakenBy))
        query = query.where(Voice.id.in_(sa.select(Uptake.voice).where(Uptake.movement == movement, took)))
    if chosen.updated_since is not None:
        query = query.where(Voice.updated_at >= chosen.updated_since)
    return query


def summed(session: Session, movement: str, said_before: date) -> Mapping[str, OfKind]:
    """By kind how many there are; overdue are the unanswered that were said before a day."""
    waits = Voice.state.in_(UNANSWERED)
    overdue = sa.and_(waits, Voice.said_on < said_before)
    query = (
        sa.select(Voice.kind, sa.func.count(), sa.func.count(sa.case((waits, 1))), sa.func.count(sa.case((overdue, 1))))
        .where(Voice.movement == movement, Voice.state != VoiceState.WITHDRAWN)
        .group_by(Voice.kind)
    )
    return {kind: OfKind(*counts) for kind, *counts in session.execute(query)}


def told_back(session: Session, movement: str) -> int:
    """How many voices were answered and told back."""
    query = sa.select(sa.func.count()).where(Voice.movement == movement, Voice.state == VoiceState.TOLD_BACK)
    return session.scalar(query) or 0


def oldest_unanswered(session: Session, movement: str) -> date | None:
    """The day on which the oldest was said that nobody has answered."""
    query = sa.select(sa.func.min(Voice.said_on)).where(Voice.movement == movement, Voice.state.in_(UNANSWERED))
    return session.scalar(query)


def speaker(session: Session, movement: str, voice: str) -> str | None:
    """Who said it, if they gave their name, are shown for what the route shows people for, and are not the caller's
    own staff."""
    query = sa.select(Voice.speaker).where(
        Voice.movement == movement,
        Voice.id == voice,
        shown_here(session, Voice.speaker),
        *not_own_staff(session, movement, Voice.speaker),
    )
    return session.scalar(query)


def has_gathering(session: Session, movement: str, gathering: str) -> bool:
    """Whether there is such a gathering."""
    return session.get(Gathering, (movement, gathering)) is not None


def has_theme(session: Session, movement: str, theme: str) -> bool:
    """Whether there is such a theme."""
    return session.get(Theme, (movement, theme)) is not None


def has_taker(session: Session, movement: str, by: TakenBy, taker: str) -> bool:
    """Whether there is such a circle, programme, round or policy ask."""
    key = (movement, taker)
    if by is TakenBy.ROUND:
        return session.get(KnownRound, key) is not None
    return session.get(_TAKERS[by], key) is not None


def taken_by(session: Session, movement: str, voices: Collection[str], by: TakenBy, taker: str) -> set[str]:
    """Those of some voices that somebody has taken up already."""
    query = sa.select(Uptake.voice).where(
        Uptake.movement == movement, Uptake.voice.in_(voices), Uptake.until.is_(None), getattr(Uptake, by) == taker
    )
    return set(session.scalars(query))


def is_held(session: Session, movement: str, voice: str) -> bool:
    """Whether anybody who took a voice up still has it."""
    query = sa.select(Uptake.id).where(Uptake.movement == movement, Uptake.voice == voice, Uptake.until.is_(None))
    return session.scalar(query.limit(1)) is not None


def held_by_partner(session: Session, movement: str, partner: str) -> list[tuple[Uptake, Voice]]:
    """What a partner has taken up and is not answered for good, locked."""
    query = _with_voice(movement).where(
        Uptake.partner == partner,
        Uptake.until.is_(None),
        Voice.state != VoiceState.WITHDRAWN,
        sa.or_(Voice.reply.is_(None), Voice.reply == Reply.UNDER_WAY),
    )
    return [(uptake, voice) for uptake, voice in session.execute(query.order_by(Voice.id))]


def uptake_for_change(session: Session, movement: str, uptake: str) -> tuple[Uptake, Voice] | None:
    """One uptake with its voice, locked."""
    row = session.execute(_with_voice(movement).where(Uptake.id == uptake)).one_or_none()
    return None if row is None else (row[0], row[1])


def _with_voice(movement: str) -> sa.Select[Uptake, Voice]:
    of_voice = sa.and_(Voice.movement == Uptake.movement, Voice.id == Uptake.voice)
    return sa.select(Uptake, Voice).join(Voice, of_voice).where(Uptake.movement == movement).with_for_update()


def listen(session: Session, movement: str, voice: str, person: str, channel: str, at: datetime) -> Listener:
    """Note who asks to hear; of whoever asked before, the channel is the one that they name now."""
    asked = sa.select(Listener).where(Listener.movement == movement, Listener.voice == voice, Listener.person == person)
    listener = session.scalar(asked)
    if listener is None:
        listener = Listener(
            movement=movement, id=new_id("listener"), voice=voice, person=person, channel=channel, asked_at=at
        )
        session.add(listener)
    listener.channel = channel
    session.flush()
    return listener


def last_answer(session: Session, movement: str, voice: str) -> Answer:
    """The answer that holds, of a voice that has one."""
    query = sa.select(Answer).where(Answer.movement == movement, Answer.voice == voice)
    return session.scalars(query.order_by(Answer.id.desc()).limit(1)).one()


def listeners(session: Session, movement: str, voice: str) -> Sequence[Listener]:
    """Those who asked to hear, the first first."""
    query = sa.select(Listener).where(Listener.movement == movement, Listener.voice == voice)
    return session.scalars(query.order_by(Listener.id)).all()


def stop_listening(session: Session, movement: str, voice: str, person: str | None = None) -> int:
    """Forget that somebody, or (None) everybody, asked to hear; how many that was."""
    forgetting = sa.delete(Listener).where(Listener.movement == movement, Listener.voice == voice)
    if person is not None:
        forgetting = forgetting.where(Listener.person == person)
    return len(session.scalars(forgetting.returning(Listener.id)).all())
