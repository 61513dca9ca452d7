"""Who asked to hear what becomes of a voice, and telling them: whoever permits it, over the channel that they named."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from services.members.life.voices import domain, store
from services.members.life.voices.models import Listener, Voice
from services.members.life.voices.schemas import Hearing, Telling
from services.members.life.voices.store import Told
from services.members.named import named, person_now
from services.members.trust.employers.store import own_staff
from services.members.trust.permissions.domain import permitted
from services.members.trust.purposes.standard import VOICES
from shared import clock, outbox
from shared.errors import Invalid, NotFound
from shared.events.members.voices import VoiceToldBack


def ask_to_hear(session: Session, movement: str, voice: str, said: Hearing) -> Listener:
    """Note that somebody asks to hear; again, with another channel, it is that one. Raises NotFound, Invalid."""
    if store.for_change(session, movement, voice) is None:
        raise NotFound
    who = named(session, movement, people={"/person": said.person})
    if who.faults:
        raise Invalid(faults=who.faults)
    return store.listen(session, movement, voice, who.ids["/person"], said.channel, clock.now())


def stop_hearing(session: Session, movement: str, voice: str, person: str) -> None:
    """Forget that somebody asked to hear. Raises NotFound."""
    now_known_as = person_now(session, movement, person)
    if not store.stop_listening(session, movement, voice, now_known_as):
        raise NotFound


def listeners(session: Session, movement: str, voice: str) -> Sequence[Listener]:
    """Those who asked to hear, but for the caller's own staff. Raises NotFound."""
    if store.find(session, movement, voice) is None:
        raise NotFound
    hidden = own_staff(session, movement)
    return [each for each in store.listeners(session, movement, voice) if each.person not in hidden]


def tell_back(session: Session, movement: str, voice: str, said: Telling) -> Told:
    """Note that the answer is told back, and say to whom. Raises NotFound, IllegalTransition."""
    held = store.for_change(session, movement, voice)
    if held is None:
        raise NotFound
    told, left_out = _tell(session, movement, held, said)
    return Told(domain.read(session, movement, voice), told, left_out)


def tell_all_back(session: Session, movement: str, voices: Iterable[Voice], said: Telling) -> None:
    """Note the same of several."""
    for voice in voices:
        _tell(session, movement, voice, said)


def _tell(session: Session, movement: str, voice: Voice, said: Telling) -> tuple[list[Listener], int]:
    at = clock.now()
    voice.tell_back(at)
    answer = store.last_answer(session, movement, voice.id)
    answer.told_how, answer.told_at = said.how, at
    asked = store.listeners(session, movement, voice.id)
    hidden = own_staff(session, movement)
    told = [
        each
        for each in asked
        if each.person not in hidden and permitted(session, movement, each.person, VOICES, each.channel, at)
    ]
    for listener in told:
        listener.told_at = at
    outbox.record(session, VoiceToldBack(voice=voice.id, people=len(told)))
    return told, len(asked) - len(told)
