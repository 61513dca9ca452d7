"""What erasing somebody does to stories: those that tell of them go. They are told in somebody's words, about them."""

from sqlalchemy.orm import Session

from services.measures.stories import store
from services.measures.stories.models import State
from shared import outbox
from shared.erasure.counting import Counted
from shared.erasure.marks import Marks
from shared.events.measures.frameworks import StoryWithdrawn
from shared.parts import Parts


async def forget_stories(parts: Parts, db: Counted, movement: str, marks: Marks) -> None:
    """Take away every story that tells of somebody, one step each: done twice, it finds those that are left."""
    stories = await db.read(store.telling_of, movement, marks.people)
    for story in stories:
        await db.erase(_forget, movement, story.id)


def _forget(session: Session, movement: str, id: str) -> int:
    story = store.lock(session, movement, id)
    if story is None:
        return 0
    if story.state == State.PUBLISHED:
        outbox.record(session, StoryWithdrawn(story=id))
    store.remove(session, movement, id)
    return 1
