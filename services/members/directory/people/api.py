"""Routes of people."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.directory.people import changes, domain
from services.members.directory.people.schemas import ExternalId, KnownPerson, NewProvenance, PersonChanges
from services.members.directory.people.shown import Person
from services.members.engagement.ladder.engine import Rung
from services.members.fields import Label, PersonId, Reference, Slug
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["People"])

Name = Annotated[str | None, Query(max_length=100, pattern=r"\w", description="the beginning of each word of a name")]
System = Annotated[Slug | None, Query(description="with `external_id`: the system that calls the person by it")]
Since = Annotated[AwareDatetime | None, Query(description="those whose own record was edited then or later")]
Called = Annotated[Reference | None, Query(description="with `external_system`: what that system calls the person")]


@router.get("/people/{person}", response_model=Person, **needs("people:read", shows=OWN_RECORD))
async def read_person(person: PersonId, call: Call, response: Response) -> Person:
    """One person, with how they are reached, what other systems call them, and their membership.

    The id of a record that was merged answers with the person that it belongs to now: their `id` is another one then,
    and `Content-Location` names their path.
    """
    found = Person.of(await call.read(domain.read, person))
    response.headers["etag"] = tag_of(found.version)
    if found.id != person:
        response.headers["content-location"] = f"/v1/people/{found.id}"
    return found


@router.post("/people", status_code=201, response_model=Person, **needs("people:write"))
async def enter_person(body: KnownPerson, call: Call) -> Response:
    """Enter somebody whom the movement knows and who has not joined. To let somebody join, sign them up.

    How the movement came to their data has to be said. 409 `external_id_taken` where somebody has one of the external
    ids. A child, of whatever age, is entered with `child`: a programme that may name children, the child's own yes, a
    parent's permission where the age asks for it, and when it is looked at again; 422 `child_record_missing` without.
    """
    return tagged(await call.write(domain.enter, body, answer=Person.of))


@router.patch("/people/{person}", response_model=Person, **needs("people:write"))
async def change_person(person: PersonId, body: PersonChanges, call: Call, expected: Expected) -> Response:
    """Change the fields that are sent. A list takes the place of the one before; of `custom` only the sent keys change.

    Somebody who turns out to be under 16 has no rung from then on.
    """
    return tagged(await call.write(changes.change, person, body, expected, answer=Person.of))


@router.post("/people/{person}/external-ids", status_code=201, response_model=Person, **needs("people:write"))
async def add_external_id(person: PersonId, body: ExternalId, call: Call) -> Response:
    """Say what one more system calls a person. 409 `external_id_taken` where it calls somebody else that."""
    return tagged(await call.write(changes.add_external_id, person, body, answer=Person.of))


@router.delete("/people/{person}/external-ids", response_model=Person, **needs("people:write"))
async def remove_external_id(person: PersonId, called: Annotated[ExternalId, Query()], call: Call) -> Response:
    """Forget what a system calls a person: `?system=civicrm&id=10432`."""
    return tagged(await call.write(changes.remove_external_id, person, called, answer=Person.of))


@router.post("/people/{person}/provenance", status_code=201, response_model=Person, **needs("people:write"))
async def add_provenance(person: PersonId, body: NewProvenance, call: Call) -> Response:
    """Say how else the movement came to have a person's data: the source, the lawful basis, the notice given."""
    return tagged(await call.write(changes.add_provenance, person, body, answer=Person.of))


@router.get("/people", response_model=Page[Person], **needs("people:read", shows=ADMINISTRATION))
async def list_people(
    call: Call,
    paging: Paging,
    q: Name = None,
    rung: Rung | None = None,
    tag: Label | None = None,
    updated_since: Since = None,
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
        tag=tag,
        updated_since=updated_since,
        external_system=external_system,
        external_id=external_id,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Person.of, lambda person: (person.id,))
