"""What erasing somebody does to stories: those that tell of them go. They are told in somebody's words, about them."""

from sqlalchemy.orm import Session

from services.measures.stories import store
from services.measures.stories.models import State
from shared import outbox
from shared.db import Bound
from shared.erasure.marks import Marks
from shared.events.measures.frameworks import StoryWithdrawn
from shared.parts import Parts


async def forget_stories(parts: Parts, db: Bound, movement: str, marks: Marks) -> int:
    """Take away every story that tells of somebody; answers how many it was. A step of its own each: done twice, it
    finds those that are left."""
    stories = await db.read(store.telling_of, movement, marks.people)
    for story in stories:
        await db.write(_forget, movement, story.id)
    return len(stories)


def _forget(session: Session, movement: str, id: str) -> None:
    story = store.lock(session, movement, id)
    if story is None:
        return
    if story.state == State.PUBLISHED:
        outbox.record(session, StoryWithdrawn(story=id))
    store.remove(session, movement, id)
