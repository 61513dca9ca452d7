"""The route that exports people."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime
from sqlalchemy.orm import Session
from starlette.responses import StreamingResponse

from services.members.base import After
from services.members.directory.exports import rows, store
from services.members.directory.people import domain as people
from services.members.directory.people.models import Person
from services.members.directory.segments import domain as segments
from services.members.engagement.ladder.engine import Rung
from services.members.fields import Label, Slug
from services.members.trust.agreements import domain as agreements
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.standard import ADMINISTRATION
from services.members.trust.safeguarding.protected.store import protected
from shared import csv_out
from shared.calls import Call, CallOf
from shared.coverage import DataClass
from shared.db.session import show_to
from shared.ids import Id
from shared.needs import needs
from shared.routing import Router
from shared.uses import Use, declare

router = Router(prefix="/v1", tags=["Exports"])

_AT_ONCE = 500

Reading = Callable[[Session, str, After, int], Sequence[Person]]


@router.get("/people/export", **needs("people:read", shows=ADMINISTRATION, file="text/csv"))
async def export_people(
    call: Call,
    rung: Rung | None = None,
    tag: Label | None = None,
    updated_since: Annotated[AwareDatetime | None, Query(description="those edited then or later")] = None,
    segment: Annotated[str | None, Id("segment"), Query(description="the people whom this segment finds")] = None,
    purpose: Annotated[
        Slug, Query(description="what the file is for: only who permits that is in it")
    ] = ADMINISTRATION,
    channel: Annotated[Channel | None, Query(description="the channel that it is for, such as `email`")] = None,
) -> StreamingResponse:
    """People as CSV, streamed: the columns are named as an import understands them, several values of a cell by `;`.

    Whoever does not permit the purpose over the channel is not in it, asked anew for each part of the file. Without a
    channel that is `record`, what those see who do the movement's work, and for an organisation's key `sharing`. A cell
    that a spreadsheet would run as a formula has an apostrophe in front, which an import takes off again. For
    whoever acts for an organisation an agreement has to cover the purpose, to the last line.
    """
    await call.read(agreements.refuse_uncovered, DataClass.CONTACT, purpose)
    if segment is not None:
        await call.read(segments.read, segment)

    organisation = call.principal.organisation
    over = channel or (Channel.RECORD if organisation is None else Channel.SHARING)
    use = Use(call.movement, purpose, over)

    def reading(session: Session, movement: str, after: After, limit: int) -> Sequence[Person]:
        if organisation is not None:
            show_to(session, organisation)
            agreements.refuse_uncovered(session, movement, DataClass.CONTACT, purpose)  # it may end meanwhile
        declare(session, use)
        if segment is not None:
            return segments.members(session, movement, segment, after=after, limit=limit)
        return people.list_people(
            session, movement, q=None, rung=rung, tag=tag, updated_since=updated_since, external_system=None,
            external_id=None, after=after, limit=limit,
        )  # fmt: skip

    headers = {"content-disposition": 'attachment; filename="people.csv"'}
    return StreamingResponse(_csv(call, reading), media_type=csv_out.MEDIA_TYPE, headers=headers)


async def _csv(call: CallOf, reading: Reading) -> AsyncIterator[bytes]:
    """The file, some people at a time. Each part is read by itself, so what is edited meanwhile may be in it or not."""
    db = call.parts.db
    systems = await db.read(store.systems, call.movement)
    keys = await db.read(store.custom_keys, call.movement)
    yield csv_out.lines([rows.header(systems, keys)])
    after: After = None
    while True:
        part, last = await db.read(_part, call.movement, reading, after, systems, keys)
        if last is None:
            return
        yield part
        after = (last,)


def _part(
    session: Session, movement: str, reading: Reading, after: After, systems: Sequence[str], keys: Sequence[str]
) -> tuple[bytes, str | None]:
    """Some people as CSV, and the last one's id: made on the reading thread, away from the event loop."""
    found = reading(session, movement, after, _AT_ONCE)
    hidden = protected(session, movement)
    shown = (person for person in found if person.id not in hidden)
    return csv_out.lines(rows.row(person, systems, keys) for person in shown), found[-1].id if found else None
