"""The words of voices: sealed with the service's own key as they come in, opened for those who may read them."""

from sqlalchemy.orm import Session

from services.members.life.voices import store
from services.members.life.voices.models import words_place
from services.members.life.voices.schemas import Spoken
from shared.errors import NotFound
from shared.secrets import Secrets


def sealed(movement: str, voice: str, words: str, secrets: Secrets) -> bytes:
    """Words as they are kept, bound to their row: moved to another one they do not open."""
    return secrets.seal(words.encode(), bound_to=words_place(movement, voice))


def opened(movement: str, voice: str, ciphertext: bytes, secrets: Secrets) -> str:
    """The words of a row."""
    return secrets.open(ciphertext, bound_to=words_place(movement, voice)).decode()


def read(session: Session, movement: str, voice: str, secrets: Secrets) -> Spoken:
    """What was said, and by whom where they are shown. Raises NotFound."""
    found = store.find(session, movement, voice)
    if found is None:
        raise NotFound
    words = None if found.sealed is None else opened(movement, voice, found.sealed, secrets)
    return Spoken(words=words, speaker=store.speaker(session, movement, voice))
