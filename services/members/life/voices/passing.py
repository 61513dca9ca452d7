"""What becomes of the voices that an organisation took up when it ends: another takes them up, or nobody does now.

And how they come back where that is undone. What is answered for good needs nobody any more.
"""

from datetime import date

from sqlalchemy.orm import Session

from services.members.life.voices import store
from services.members.life.voices.models import TakenBy, VoiceState
from shared import clock, outbox
from shared.events.members.voices import VoicePutDown, VoiceTakenUp


def pass_on(session: Session, movement: str, organisation: str, to: str | None, on: date) -> list[str]:
    """Let another organisation have taken up each voice that waits on this one, or (None) nobody; the uptakes' ids."""
    held = store.held_by_partner(session, movement, organisation)
    for uptake, voice in held:
        if to is None:
            uptake.until = on
            outbox.record(session, VoicePutDown(voice=voice.id, by=TakenBy.PARTNER, taker=organisation))
            if voice.state == VoiceState.TAKEN_UP and not store.is_held(session, movement, voice.id):
                voice.put_down(clock.now())
                continue
        else:
            uptake.partner = to
            outbox.record(session, VoiceTakenUp(voice=voice.id, by=TakenBy.PARTNER, taker=to))
        voice.changed(clock.now())
    return [uptake.id for uptake, _ in held]


def come_back(session: Session, movement: str, uptake: str, organisation: str, taker: str | None, on: date) -> None:
    """Undo `pass_on` for one of them, where nothing else has become of it since."""
    found = store.uptake_for_change(session, movement, uptake)
    if found is None:
        return
    row, voice = found
    if taker is not None and row.partner == taker and row.until is None:
        row.partner = organisation
        voice.changed(clock.now())
    elif taker is None and row.partner == organisation and row.until == on:
        row.until = None
        if voice.state == VoiceState.RAISED:
            voice.take_up(clock.now())
        else:
            voice.changed(clock.now())
    else:
        return
    outbox.record(session, VoiceTakenUp(voice=voice.id, by=TakenBy.PARTNER, taker=organisation))
