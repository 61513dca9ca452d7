"""Routes of voices."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import Query, Response

from services.members.engagement.gatherings.fields import GatheringId
from services.members.fields import PersonId, Reference
from services.members.life.themes.schemas import ThemeId
from services.members.life.voices import domain, hearing, words
from services.members.life.voices.models import VoiceKind, VoiceState
from services.members.life.voices.schemas import (
    Hearing,
    ListenerShown,
    NewAnswer,
    NewVoice,
    Spoken,
    Taker,
    Telling,
    ToldBack,
    VoiceChanges,
    VoiceId,
    VoiceShown,
    VoicesSummed,
)
from services.members.life.voices.store import Aged, Chosen
from services.members.trust.purposes.standard import VOICES
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/voices", tags=["Voices"])


@router.post("", status_code=201, response_model=VoiceShown, **needs("voices:write"))
async def raise_voice(body: NewVoice, call: Call) -> Response:
    """Keep what somebody said: an issue, an idea, a barrier or a wish, in their words. Nobody needs to give a name.

    The words are sealed and part of no answer but that of `/words`. Where a wish of a theme is the third alike in its
    place (a setting), grants drafts a round.
    """
    settings = call.parts.settings
    return tagged(
        await call.write(
            domain.raise_voice, body, _caller(call), settings.wishes_for_a_round, call.parts.secrets,
            answer=_shown(call),
        )
    )  # fmt: skip


@router.get("", response_model=Page[VoiceShown], **needs("voices:read"))
async def list_voices(
    call: Call,
    paging: Paging,
    kind: VoiceKind | None = None,
    state: VoiceState | None = None,
    theme: ThemeId | None = None,
    place: Reference | None = None,
    gathering: GatheringId | None = None,
    taken_up_by: Reference | None = None,
    updated_since: UpdatedSince = None,
) -> Page[VoiceShown]:
    """Voices in the order in which they were raised; of an organisation, a circle or a programme: what it took up."""
    chosen = Chosen(kind, state, theme, place, gathering, taken_up_by, updated_since)
    rows = await call.read(domain.list_voices, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, _shown(call), lambda aged: (aged.voice.id,))


@router.get("/unanswered", response_model=Page[VoiceShown], **needs("voices:read"))
async def list_unanswered_voices(
    call: Call,
    paging: Paging,
    longer_than: Annotated[int, Query(ge=0, le=36500, description="only what waits for more than so many days")] = 0,
    kind: VoiceKind | None = None,
    theme: ThemeId | None = None,
    place: Reference | None = None,
) -> Page[VoiceShown]:
    """What nobody has answered, with the days that it has waited, the longest first. Today's is on it tomorrow."""
    rows = await call.read(
        domain.list_unanswered, longer_than=longer_than, chosen=Chosen(kind=kind, theme=theme, place=place),
        after=paging.after, limit=paging.fetch,
    )  # fmt: skip
    return paging.page(rows, _shown(call), lambda aged: (aged.voice.said_on.isoformat(), aged.voice.id))


@router.get("/summary", response_model=VoicesSummed, **needs("voices:read"))
async def sum_up_voices(call: Call) -> VoicesSummed:
    """How many there are of each kind, how many wait for an answer, and since when the oldest of them has."""
    return await call.read(domain.sum_up, call.parts.settings.voice_answer_days)


@router.get("/{voice}", response_model=VoiceShown, **needs("voices:read"))
async def read_voice(voice: VoiceId, call: Call, response: Response) -> VoiceShown:
    """One voice. Its `ETag` is what an edit names in `If-Match`."""
    shown = _shown(call)(await call.read(domain.read, voice))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{voice}", response_model=VoiceShown, **needs("voices:write"))
async def change_voice(voice: VoiceId, body: VoiceChanges, call: Call, expected: Expected) -> Response:
    """Correct what is known of it, or put it under a theme. The words stay as they were said."""
    enough = call.parts.settings.wishes_for_a_round
    return tagged(await call.write(domain.change, voice, body, expected, enough, answer=_shown(call)))


@router.get("/{voice}/words", response_model=Spoken, **needs("voice_words:read", shows=VOICES))
async def read_voice_words(voice: VoiceId, call: Call) -> Spoken:
    """What was said, in their words. The scope is held by no wildcard for reading everything."""
    return await call.read(words.read, voice, call.parts.secrets)


@router.post("/{voice}/uptakes", status_code=201, response_model=VoiceShown, **needs("voices:write"))
async def take_voice_up(voice: VoiceId, body: Taker, call: Call) -> Response:
    """Note who takes it up: a circle, a partner, a programme, a round or a policy ask. Several may."""
    return tagged(await call.write(domain.take_up, voice, body, answer=_shown(call)))


@router.post("/{voice}/answers", status_code=201, response_model=VoiceShown, **needs("voices:write"))
async def answer_voice(voice: VoiceId, body: NewAnswer, call: Call) -> Response:
    """Say what becomes of it: `done`, `under_way`, or `no` and why. What is under way is answered again.

    409 `answered_for_good` once it was answered otherwise.
    """
    return tagged(await call.write(domain.answer, voice, body, _caller(call), answer=_shown(call)))


@router.post("/{voice}/tell-back", response_model=ToldBack, **needs("voices:write"))
async def tell_voice_back(voice: VoiceId, body: Telling, call: Call) -> Response:
    """Note that the answer is told back, and learn to whom and how: those who asked to hear it and permit it now.

    Who asked and does not permit it is not named; `left_out` says how many they are.
    """
    days = call.parts.settings.voice_answer_days
    return await call.write(hearing.tell_back, voice, body, answer=partial(ToldBack.of, overdue_after=days))


@router.post("/{voice}/withdraw", response_model=VoiceShown, **needs("voices:write"))
async def withdraw_voice(voice: VoiceId, call: Call) -> Response:
    """Take back what was said: its words are deleted, and who said it and who asked to hear."""
    return tagged(await call.write(domain.withdraw, voice, answer=_shown(call)))


@router.post("/{voice}/listeners", status_code=201, response_model=ListenerShown, **needs("voices:write"))
async def ask_to_hear(voice: VoiceId, body: Hearing, call: Call) -> Response:
    """Note that somebody asks to hear what becomes of it. Again, with another channel, it is that one."""
    return await call.write(hearing.ask_to_hear, voice, body, answer=ListenerShown.of)


@router.get("/{voice}/listeners", response_model=list[ListenerShown], **needs("voices:read", shows=VOICES))
async def list_listeners(voice: VoiceId, call: Call) -> list[ListenerShown]:
    """Who asked to hear what becomes of it."""
    return [ListenerShown.of(listener) for listener in await call.read(hearing.listeners, voice)]


@router.delete("/{voice}/listeners/{person}", status_code=204, **needs("voices:write"))
async def stop_hearing(voice: VoiceId, person: PersonId, call: Call) -> Response:
    """Forget that somebody asked to hear."""
    return await call.write(hearing.stop_hearing, voice, person, answer=None)


def _shown(call: CallOf) -> Callable[[Aged], VoiceShown]:
    return partial(VoiceShown.of, overdue_after=call.parts.settings.voice_answer_days)


def _caller(call: CallOf) -> str:
    return call.principal.user or call.principal.id
