"""How long a service keeps what tells of people, where it has no rules of its own: declared, so that one schedule shows
all of it. Members asks each service; a test of each holds the declaration against its tables.
"""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from fastapi import Response

from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

_TELLING = frozenset({"actor", "address", "answer", "caretaker", "created_by", "email", "merged", "person", "user"})
"""What the columns are called by which a table tells of somebody: who they are, what they did, what they said."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of record: its tables, in words what it is and until when it is kept, and by which source."""

    kind: str
    name: str
    tables: Sequence[str]
    until: str
    source: str


def router_of(kept: Sequence[Kept]) -> Router:
    """The route by which members asks a service. The gateway leads nobody to it."""
    router = Router(prefix="/internal", tags=["Retention"])
    answer = msgspec.json.encode(kept)

    @router.get("/retention", response_model=None, **needs("retention:read"))
    async def tell_how_long(call: Call) -> Response:
        """What this service keeps of people, and until when."""
        return Response(answer, media_type="application/json")

    return router


def undeclared(metadata: sa.MetaData, kept: Sequence[Kept]) -> set[str]:
    """The tables that tell of somebody and are in no kind."""
    telling = {table.name for table in metadata.tables.values() if _TELLING & set(table.columns.keys())}
    return telling - {table for each in kept for table in each.tables}
