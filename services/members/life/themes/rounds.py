"""The rounds that unmet wishes suggest: enough of one theme in one place are offered to grants as what a round is for.

Grants drafts the round and owns it; here is kept what was suggested, and which round came of it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.life.themes import store
from services.members.life.themes.models import RoundSuggestion, Theme
from services.members.life.themes.schemas import ToDraft
from services.members.life.voices.models import Voice, VoiceKind
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.members.voices import RoundSuggested
from shared.ids import new_id


def look(session: Session, movement: str, voices: Sequence[Voice], enough: int) -> None:
    """See whether there are enough of the wishes that some voices are."""
    wished = {
        (voice.theme, voice.place)
        for voice in voices
        if voice.kind == VoiceKind.WISH and voice.theme is not None and voice.place is not None
    }
    session.flush()
    for theme, place in sorted(wished):
        found = session.get(Theme, (movement, theme))
        if found is not None:
            notice(session, movement, found.slug, place, enough)


def notice(session: Session, movement: str, slug: str, place: str, enough: int) -> None:
    """Suggest a round once there are ``enough`` wishes of a theme in a place, and none goes on that they suggested."""
    store.alone_with(session, movement, slug, place)
    wishes = store.unmet(session, movement, slug, place)
    if wishes < enough or store.live_suggestion(session, movement, slug, place) is not None:
        return
    suggested = RoundSuggestion(
        movement=movement,
        id=new_id("suggestion"),
        theme=slug,
        place=place,
        wishes=wishes,
        suggested_at=clock.now(),
    )
    store.add(session, suggested)
    outbox.record(session, RoundSuggested(suggestion=suggested.id, wishes=wishes))


def to_draft(session: Session, movement: str, suggestion: str) -> ToDraft:
    """What a suggested round is to be about, in words. Raises NotFound."""
    found = store.suggestion(session, movement, suggestion)
    if found is None:
        raise NotFound
    theme = store.of_slug(session, movement, found.theme)
    return ToDraft(theme=found.theme.replace("_", " ") if theme is None else theme.name, place=found.place)
