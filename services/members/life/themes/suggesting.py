"""Suggesting themes by how like the words of voices are. Nothing is stored: a person confirms what is one."""

from sqlalchemy.orm import Session

from services.members.life.themes import alike, store
from services.members.life.themes.alike import Said
from services.members.life.themes.schemas import ThemeLike, ThemesLike, VoiceWords
from services.members.life.voices import store as voices
from services.members.life.voices.models import Voice
from services.members.life.voices.words import opened
from shared.errors import NotFound
from shared.secrets import Secrets

_MOST_COMPARED = 300
"""How many voices are compared with one another: the work grows with the square of it."""
_MOST_LOOKED_THROUGH = 2000
"""How many voices one is compared with."""
_MOST_THEMES = 5


def unthemed(session: Session, movement: str, secrets: Secrets) -> list[Said]:
    """The newest voices of no theme, in their words, for :func:`~services.members.life.themes.alike.groups`."""
    return [_said(voice, secrets) for voice in store.unthemed(session, movement, _MOST_COMPARED)]


def themes_like(session: Session, movement: str, voice: str, at_least: int, secrets: Secrets) -> ThemesLike:
    """The themes that have a voice like this one, by their likest. Raises NotFound."""
    asked = voices.find(session, movement, voice)
    if asked is None:
        raise NotFound
    if asked.sealed is None:
        return ThemesLike(data=[])
    text, likest = _said(asked, secrets).words, dict[str, ThemeLike]()
    for other, theme in store.themed(session, movement, _MOST_LOOKED_THROUGH):
        said = _said(other, secrets)
        like = round(alike.likeness(text, said.words))
        best = likest.get(theme.id)
        if other.id != voice and like >= at_least and (best is None or like > best.likeness):
            likest[theme.id] = ThemeLike(theme=theme.id, name=theme.name, like=VoiceWords.of(said), likeness=like)
    return ThemesLike(data=sorted(likest.values(), key=lambda found: -found.likeness)[:_MOST_THEMES])


def _said(voice: Voice, secrets: Secrets) -> Said:
    return Said(voice.id, opened(voice.movement, voice.id, voice.sealed or b"", secrets))
