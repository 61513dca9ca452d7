"""What is sent and answered about what a person has to settle."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.gateway.access.users.schemas import PersonId
from services.gateway.inbound.conflicts.domain import Said, Shown, Words
from services.gateway.inbound.models import ConflictKind, ConflictState
from shared.fields import Body, View
from shared.ids import Id

ConflictId = Annotated[str, Id("conflict")]


class Settlement(Body):
    """How somebody settles a conflict: which side holds, or whose record it is."""

    take: Annotated[
        Literal["ours", "theirs"] | None,
        Field(description="of a field: whose value; of a deletion: ours tells the CRM of them again, theirs leaves it"),
    ] = None
    person: Annotated[PersonId | None, Field(description="of a record that looks like somebody known: whose it is")] = (
        None
    )
    is_new: Annotated[bool, Field(description="of such a record: it is of nobody known")] = False

    def said(self) -> Said:
        """It, for the verb."""
        return Said(self.take, self.person, self.is_new)


class Conflict(View):
    """What stands between a record of a CRM's and a person. `ours` and `theirs` are the values of a field, `alike` are
    people whom a record looks like; both are kept as long as it is open, and for a few days at most."""

    id: ConflictId
    record: Annotated[str, Field(description="what the CRM calls the record")]
    kind: ConflictKind
    person: PersonId | None
    field: Annotated[str | None, Field(description="our name of the field")]
    ours: Annotated[object, Field(description="JSON; null where there is none")] = None
    theirs: Annotated[object, Field(description="JSON; null where there is none")] = None
    alike: list[PersonId]
    state: ConflictState
    settled_by: str | None
    raised_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, shown: Shown) -> Self:
        conflict, words = shown.conflict, shown.words or Words()
        return cls(
            id=conflict.id,
            record=conflict.record,
            kind=ConflictKind(conflict.kind),
            person=conflict.person,
            field=words.name,
            ours=words.ours,
            theirs=words.theirs,
            alike=list(words.alike),
            state=ConflictState(conflict.state),
            settled_by=conflict.settled_by,
            raised_at=conflict.raised_at,
            settled_at=conflict.settled_at,
        )
