"""The verbs of voices: raised, edited, taken up, answered, withdrawn; and how long what is unanswered waits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.credit import credit
from services.members.life.themes import rounds
from services.members.life.voices import store, words
from services.members.life.voices.models import UNANSWERED, Answer, Uptake, Voice, VoiceKind, VoiceState
from services.members.life.voices.schemas import (
    KindSummed,
    NewAnswer,
    NewVoice,
    Taker,
    VoiceChanges,
    VoicesSummed,
)
from services.members.life.voices.store import Aged, Chosen, OfKind
from services.members.life.voices.takers import known_taker
from services.members.named import Named, by_present_ids, named
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.voices import VoiceAnswered, VoiceRaised, VoiceTakenUp, VoiceThemed, VoiceWithdrawn
from shared.ids import is_id, new_id
from shared.secrets import Secrets


class TakenUpAlready(Conflict):
    """It was taken up by the same before; others may take it up too."""

    code = "taken_up_already"
    title = "They have taken it up already"


def raise_voice(session: Session, movement: str, said: NewVoice, by: str, enough: int, secrets: Secrets) -> Aged:
    """Keep what was said, its words sealed; ``enough`` wishes alike suggest a round. Raises Invalid."""
    who = _whom(session, movement, said)
    today, at = days.today(session, movement), clock.now()
    if faults := [*who.faults, *_faults(session, movement, said, today)]:
        raise Invalid(faults=faults)
    voice = Voice(
        movement=movement,
        id=new_id("voice"),
        version=1,
        kind=said.kind,
        place=said.place,
        gathering=said.gathering,
        theme=said.theme,
        said_on=said.said_on or today,
        people=said.people,
        speaker=who.at("/speaker"),
        recorded_by=by,
        state=VoiceState.RAISED,
        state_since=at,
        reply=None,
        traceparent=of(session).context.traceparent,
        created_at=at,
        updated_at=at,
    )
    voice.sealed = words.sealed(movement, voice.id, said.words, secrets)
    store.add(session, voice)
    for place, hearing in enumerate(said.hear):
        store.listen(session, movement, voice.id, who.ids[f"/hear/{place}/person"], hearing.channel, at)
    outbox.record(session, VoiceRaised(voice=voice.id, kind=said.kind, people=said.people))
    if voice.speaker is not None:
        credit(session, movement, voice.speaker, "spoke_up")
    if voice.theme is not None:
        _themed(session, [voice], voice.theme, enough)
    return read(session, movement, voice.id)


def change(session: Session, movement: str, id: str, changes: VoiceChanges, expected: int | None, enough: int) -> Aged:
    """Edit what is known of a voice; its words stay. Raises NotFound, PreconditionFailed, Invalid."""
    voice = _held(session, movement, id)
    hold_to(voice.version, expected)
    if faults := [*_faults(session, movement, changes, days.today(session, movement))]:
        raise Invalid(faults=faults)
    before = voice.theme
    changes.apply(voice)
    voice.changed(clock.now())
    if voice.theme != before:
        outbox.record(session, VoiceThemed(voice=id, theme=voice.theme))
    rounds.look(session, movement, [voice], enough)
    return read(session, movement, id)


def put_under(session: Session, movement: str, voices: Sequence[str], theme: str, enough: int) -> None:
    """Let voices belong to a theme. Raises Invalid where there is no such voice."""
    found = {voice.id: voice for voice in store.all_for_change(session, movement, voices)}
    faults = [
        Fault(f"/voices/{place}", "is no voice of this movement", "unknown_voice")
        for place, voice in enumerate(voices)
        if voice not in found
    ]
    if faults:
        raise Invalid(faults=faults)
    moved = [voice for voice in found.values() if voice.theme != theme]
    at = clock.now()
    for voice in moved:
        voice.theme = theme
        voice.changed(at)
    _themed(session, moved, theme, enough)


def take_up(session: Session, movement: str, id: str, taker: Taker) -> Aged:
    """Note who took a voice up. Raises NotFound, Invalid, TakenUpAlready, IllegalTransition."""
    voice = _held(session, movement, id)
    now_known_as = known_taker(session, movement, taker)
    if store.taken_by(session, movement, [id], taker.by, now_known_as):
        raise TakenUpAlready
    take_up_all(session, movement, [voice], taker.by, now_known_as)
    return read(session, movement, id)


def take_up_all(session: Session, movement: str, voices: Iterable[Voice], by: str, taker: str) -> None:
    """Note who took voices up that they had not taken up before."""
    at, today = clock.now(), days.today(session, movement)
    for voice in voices:
        voice.take_up(at)
        uptake = Uptake(movement=movement, id=new_id("uptake"), voice=voice.id, since=today, **{by: taker})
        store.add(session, uptake)
        outbox.record(session, VoiceTakenUp(voice=voice.id, by=by, taker=taker))


def answer(session: Session, movement: str, id: str, said: NewAnswer, by: str) -> Aged:
    """Say what becomes of a voice. Raises NotFound, AnsweredForGood, IllegalTransition."""
    answer_all(session, movement, [_held(session, movement, id)], said, by)
    return read(session, movement, id)


def answer_all(session: Session, movement: str, voices: Iterable[Voice], said: NewAnswer, by: str) -> None:
    """Say the same of several. Raises AnsweredForGood, IllegalTransition."""
    at = clock.now()
    for voice in voices:
        voice.answer(said.answer, at)
        answered = Answer(
            movement=movement, id=new_id("answer"), voice=voice.id, reply=said.answer, why=said.why,
            answered_by=by, answered_at=at,
        )  # fmt: skip
        store.add(session, answered)
        outbox.record(session, VoiceAnswered(voice=voice.id, answer=said.answer))


def withdraw(session: Session, movement: str, id: str) -> Aged:
    """Take back what somebody said: the words go, and who asked to hear. Raises NotFound, IllegalTransition."""
    voice = _held(session, movement, id)
    voice.withdraw(clock.now())
    store.stop_listening(session, movement, id)
    outbox.record(session, VoiceWithdrawn(voice=id))
    return read(session, movement, id)


def list_voices(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> list[Aged]:
    """Voices in the order in which they were raised; an organisation's by any id that it ever had."""
    today = days.today(session, movement)
    if chosen.taken_up_by is not None and is_id(chosen.taken_up_by, "org"):
        chosen = by_present_ids(session, movement, chosen, organisations=("taken_up_by",))
    found = store.list_voices(session, movement, chosen=chosen, after=after, limit=limit)
    return [_aged(voice, today) for voice in found]


def list_unanswered(
    session: Session, movement: str, *, longer_than: int, chosen: Chosen, after: After, limit: int
) -> list[Aged]:
    """What has waited for an answer for more than so many days, the oldest first."""
    today = days.today(session, movement)
    found = store.list_unanswered(
        session, movement, said_before=today - timedelta(days=longer_than), chosen=chosen, after=after, limit=limit
    )
    return [_aged(voice, today) for voice in found]


def sum_up(session: Session, movement: str, overdue_after: int) -> VoicesSummed:
    """How many there are of every kind, and how long the oldest has waited."""
    today = days.today(session, movement)
    counted = store.summed(session, movement, today - timedelta(days=overdue_after))
    kinds = [KindSummed(kind=kind, **counted.get(kind, OfKind(0, 0, 0))._asdict()) for kind in VoiceKind]
    oldest = store.oldest_unanswered(session, movement)
    return VoicesSummed(on=today, kinds=kinds, told_back=store.told_back(session, movement), oldest_on=oldest)


def read(session: Session, movement: str, id: str) -> Aged:
    """A voice as it stands by now, and how long it has waited. Raises NotFound."""
    session.flush()
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return _aged(found, days.today(session, movement))


def _aged(voice: Voice, today: date) -> Aged:
    return Aged(voice, max(0, (today - voice.said_on).days) if voice.state in UNANSWERED else None)


def _held(session: Session, movement: str, id: str) -> Voice:
    voice = store.for_change(session, movement, id)
    if voice is None:
        raise NotFound
    return voice


def _themed(session: Session, voices: Sequence[Voice], theme: str, enough: int) -> None:
    for voice in voices:
        outbox.record(session, VoiceThemed(voice=voice.id, theme=theme))
    if voices:
        rounds.look(session, voices[0].movement, voices, enough)


def _whom(session: Session, movement: str, said: NewVoice) -> Named:
    people = {f"/hear/{place}/person": hearing.person for place, hearing in enumerate(said.hear)}
    return named(session, movement, people=people | {"/speaker": said.speaker})


def _faults(session: Session, movement: str, said: NewVoice | VoiceChanges, today: date) -> Iterator[Fault]:
    if said.gathering is not None and not store.has_gathering(session, movement, said.gathering):
        yield Fault("/gathering", "is no gathering of this movement", "unknown_gathering")
    if said.theme is not None and not store.has_theme(session, movement, said.theme):
        yield Fault("/theme", "is no theme of this movement", "unknown_theme")
    if said.said_on is not None and said.said_on > today:
        yield Fault("/said_on", "is still to come", "in_the_future")
