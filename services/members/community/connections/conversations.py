"""The words of a case: sealed with the service's own key as they come in, and opened for those who may read them."""

from sqlalchemy.orm import Session

from services.members.community.connections import store
from services.members.community.connections.models import Conversation, words_place
from services.members.community.connections.schemas import Conversation as Shown
from services.members.community.connections.schemas import Conversations
from shared import clock
from shared.errors import NotFound
from shared.ids import new_id
from shared.secrets import Secrets


def keep(session: Session, movement: str, connection: str, words: str, by: str, secrets: Secrets) -> Conversation:
    """Seal words and keep them with a case. Raises NotFound."""
    if store.find(session, movement, connection) is None:
        raise NotFound
    kept = Conversation(id=new_id("conversation"), connection=connection, recorded_by=by, recorded_at=clock.now())
    kept.sealed = secrets.seal(words.encode(), bound_to=words_place(movement, kept.id))
    store.add(session, movement, kept)
    return kept


def read(session: Session, movement: str, connection: str, secrets: Secrets) -> Conversations:
    """All that was said in a case, opened. Raises NotFound."""
    if store.find(session, movement, connection) is None:
        raise NotFound
    return Conversations(
        data=[
            Shown(
                id=row.id,
                words=words_of(movement, row.id, row.sealed, secrets),
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
            )
            for row in store.conversations(session, movement, connection)
        ]
    )


def words_of(movement: str, conversation: str, sealed: bytes, secrets: Secrets) -> str:
    """The words of a row, opened."""
    return secrets.open(sealed, bound_to=words_place(movement, conversation)).decode()
