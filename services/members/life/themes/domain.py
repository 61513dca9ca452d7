"""The verbs of themes: confirmed, renamed, voted on; and taking up, answering and telling back all voices of one."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.life.themes import store
from services.members.life.themes.models import AlreadyVoted, Theme, ThemeTaken, Vote
from services.members.life.themes.schemas import NewTheme, ThemeChanges
from services.members.life.themes.store import Counted
from services.members.life.voices import domain as voices
from services.members.life.voices import hearing
from services.members.life.voices import store as voices_store
from services.members.life.voices.models import UNANSWERED, Reply, Voice, VoiceState
from services.members.life.voices.schemas import NewAnswer, Taker, Telling
from services.members.life.voices.takers import known_taker
from services.members.named import named, person_now
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Invalid, NotFound
from shared.events.members.voices import ThemeConfirmed, ThemeVoted
from shared.ids import new_id


def confirm(session: Session, movement: str, said: NewTheme, enough: int) -> Counted:
    """Confirm what some voices have in common. Raises ThemeTaken, Invalid."""
    at = clock.now()
    theme = Theme(
        movement=movement, id=new_id("theme"), version=1, slug=said.slug, name=said.name, created_at=at, updated_at=at
    )
    if not store.enter(session, theme):
        there = store.of_slug(session, movement, said.slug)
        raise ThemeTaken("add the voices to it", theme="" if there is None else there.id)
    outbox.record(session, ThemeConfirmed(theme=theme.id))
    voices.put_under(session, movement, said.voices, theme.id, enough)
    return read(session, movement, theme.id)


def change(session: Session, movement: str, id: str, changes: ThemeChanges, expected: int | None) -> Counted:
    """Call a theme something else. Raises NotFound, PreconditionFailed."""
    theme = _held(session, movement, id)
    hold_to(theme.version, expected)
    changes.apply(theme)
    theme.changed(clock.now())
    return read(session, movement, id)


def add_voices(session: Session, movement: str, id: str, added: Sequence[str], enough: int) -> Counted:
    """Let further voices belong to a theme. Raises NotFound, Invalid."""
    theme = _held(session, movement, id)
    voices.put_under(session, movement, added, id, enough)
    theme.changed(clock.now())
    return read(session, movement, id)


def vote(session: Session, movement: str, id: str, person: str) -> Counted:
    """Give a theme somebody's vote. Raises NotFound, Invalid, AlreadyVoted."""
    _held(session, movement, id)
    who = named(session, movement, people={"/person": person})
    if who.faults:
        raise Invalid(faults=who.faults)
    given = Vote(movement=movement, id=new_id("vote"), theme=id, person=who.ids["/person"], voted_at=clock.now())
    if not store.vote(session, given):
        raise AlreadyVoted
    outbox.record(session, ThemeVoted(theme=id))
    return read(session, movement, id)


def take_vote_back(session: Session, movement: str, id: str, person: str) -> None:
    """Take a vote back. Raises NotFound where there is none."""
    now_known_as = person_now(session, movement, person)
    if now_known_as is None or not store.take_vote_back(session, movement, id, now_known_as):
        raise NotFound


def take_up(session: Session, movement: str, id: str, taker: Taker) -> Counted:
    """Note who took up all of a theme that waits for an answer. Raises NotFound, Invalid."""
    _held(session, movement, id)
    now_known_as = known_taker(session, movement, taker)
    waiting = voices_store.of_theme_for_change(session, movement, id, UNANSWERED)
    before = voices_store.taken_by(session, movement, [voice.id for voice in waiting], taker.by, now_known_as)
    new = [voice for voice in waiting if voice.id not in before]
    voices.take_up_all(session, movement, new, taker.by, now_known_as)
    return read(session, movement, id)


def answer(session: Session, movement: str, id: str, said: NewAnswer, by: str) -> Counted:
    """Answer all of a theme that is not answered for good. Raises NotFound."""
    _held(session, movement, id)
    voices.answer_all(session, movement, _open(session, movement, id), said, by)
    return read(session, movement, id)


def tell_back(session: Session, movement: str, id: str, said: Telling) -> Counted:
    """Note that the answers to a theme's voices were told back. Raises NotFound."""
    _held(session, movement, id)
    answered = voices_store.of_theme_for_change(session, movement, id, [VoiceState.ANSWERED])
    hearing.tell_all_back(session, movement, answered, said)
    return read(session, movement, id)


def read(session: Session, movement: str, id: str) -> Counted:
    """One theme with its numbers. Raises NotFound."""
    session.flush()
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return found


def _open(session: Session, movement: str, id: str) -> list[Voice]:
    states = (*UNANSWERED, VoiceState.ANSWERED, VoiceState.TOLD_BACK)
    found = voices_store.of_theme_for_change(session, movement, id, states)
    return [voice for voice in found if voice.reply in (None, Reply.UNDER_WAY)]


def _held(session: Session, movement: str, id: str) -> Theme:
    theme = store.for_change(session, movement, id)
    if theme is None:
        raise NotFound
    return theme
