"""Routes of people."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.members.directory.people import domain
from services.members.directory.people.schemas import Person
from services.members.engagement.ladder.engine import Rung
from services.members.fields import PersonId, Reference, Slug
from shared.calls import Call, needs
from shared.pages import Page, Paging

router = APIRouter(prefix="/v1", tags=["People"])

Name = Annotated[str | None, Query(max_length=100, pattern=r"\w", description="the beginning of each word of a name")]
System = Annotated[Slug | None, Query(description="with `external_id`: the system that calls the person by it")]
Called = Annotated[Reference | None, Query(description="with `external_system`: what that system calls the person")]


@router.get("/people/{person}", response_model=Person, **needs("people:read"))
async def read_person(person: PersonId, call: Call) -> Person:
    """One person, with how they are reached, what other systems call them, and their membership."""
    return Person.of(await call.read(domain.read, person))


@router.get("/people", response_model=Page[Person], **needs("people:read"))
async def list_people(
    call: Call,
    paging: Paging,
    q: Name = None,
    rung: Rung | None = None,
    external_system: System = None,
    external_id: Called = None,
) -> Page[Person]:
    """People in the order in which they joined.

    `q` finds people by the beginning of each word of their names, whatever the accents and the case: `jo ha` finds
    Joan Hall. `external_system` and `external_id` go together and find at most one.
    """
    rows = await call.read(
        domain.list_people,
        q=q,
        rung=rung,
        external_system=external_system,
        external_id=external_id,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Person.of, lambda person: (person.id,))
