"""What becomes of archives of others that speak of somebody who is erased: they are discarded, and may be made anew.

They are copies of what the movement kept, from before it was erased. Their own go with them.
"""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from services.members.trust.archives import contents, domain, store
from services.members.trust.archives.contents import Gathered
from shared.access.sections import as_text
from shared.db import Bound
from shared.erasure.marks import Finder
from shared.errors import Unavailable
from shared.secrets import Secrets


async def discard_speaking_of(db: Bound, movement: str, finder: Finder, secrets: Secrets) -> int:
    """Let every archive expire now that speaks of somebody, and delete what stands in it. Answers how many.

    Raises Unavailable while one is being made, which may have read what has gone since.
    """
    if await db.read(store.being_made, movement):
        raise Unavailable("an archive is being made")
    discarded = 0
    for archive in await db.read(store.with_content, movement):
        if await db.read(_speaks, movement, archive, finder, secrets):
            discarded += 1
            while await db.write(domain.expire_some, movement, archive):
                pass  # other writers come between two slices
    return discarded


def _speaks(session: Session, movement: str, archive: str, finder: Finder, secrets: Secrets) -> bool:
    gathered = contents.gathered(movement, archive, store.parts(session, movement, archive), secrets)
    return any(finder.without(text) != text for text in _texts(gathered))


def _texts(gathered: Gathered) -> Iterator[str]:
    for section in gathered.sections:
        for row in section.rows:
            yield from map(as_text, row)
