"""Routes of merging: what it would do, doing it, undoing it, and what was done."""

from fastapi import Response

from services.members.directory.merging import domain
from services.members.directory.merging.kinds import ORGANISATIONS, PEOPLE
from services.members.directory.merging.schemas import Merge, Merges, NewOrganisationMerge, NewPersonMerge, Preview
from services.members.fields import OrganisationId, PersonId
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["Merging"])


@router.post("/people/{person}/merge/preview", response_model=Preview, **needs("people:write"))
async def preview_person_merge(person: PersonId, body: NewPersonMerge, call: Call) -> Preview:
    """What `POST /v1/people/{person}/merge` with the same body would do, without doing it.

    Each field with both values and the one that would stand, how many records of each kind would be repointed or set
    aside, and what the two allow together: the more restrictive decision of either holds. 412 as there.
    """
    return Preview.of(await call.read(domain.preview, PEOPLE, person, body))


@router.post("/people/{person}/merge", response_model=Merge, **needs("people:write"))
async def merge_person(person: PersonId, body: NewPersonMerge, call: Call) -> Response:
    """Let another record become this person: both are one from now on, and the other id answers for this one for ever.

    Everything that names the other person names this one afterwards. Nothing is lost: what this person has already is
    set aside, and comes back with `unmerge`. 409 `already_merged` where either was merged before, 422
    `merged_into_itself`, 422 `unknown_person`, 412 where a version is given and either has changed since.
    """
    return await call.write(domain.merge, PEOPLE, person, body, answer=Merge.of)


@router.post("/people/{person}/unmerge", response_model=Merge, **needs("people:write"))
async def unmerge_person(person: PersonId, call: Call) -> Response:
    """Undo a merge: the person in the path, who was merged, is somebody of their own again.

    What had been theirs is theirs again, with what was edited in it since; what was deleted since stays deleted; what
    was added since stays with the survivor. A stop of something that either allowed, said since, holds for both.
    Merges can be undone in any order. 409 `not_merged` where the person is one of their own.
    """
    return await call.write(domain.unmerge, PEOPLE, person, answer=Merge.of)


@router.get("/people/{person}/merges", response_model=Merges, **needs("people:read"))
async def list_person_merges(person: PersonId, call: Call) -> Merges:
    """The merges that a person took part in, by the id that they had, the latest first; those that were undone too."""
    return Merges(data=[Merge.of(each) for each in await call.read(domain.merges, PEOPLE, person)])


@router.post("/organisations/{organisation}/merge/preview", response_model=Preview, **needs("organisations:write"))
async def preview_organisation_merge(organisation: OrganisationId, body: NewOrganisationMerge, call: Call) -> Preview:
    """What `POST /v1/organisations/{organisation}/merge` with the same body would do, without doing it.

    412 as there.
    """
    return Preview.of(await call.read(domain.preview, ORGANISATIONS, organisation, body))


@router.post("/organisations/{organisation}/merge", response_model=Merge, **needs("organisations:write"))
async def merge_organisation(organisation: OrganisationId, body: NewOrganisationMerge, call: Call) -> Response:
    """Let another record become this organisation, as `POST /v1/people/{person}/merge` does for people.

    It is for two records of one body. A body that took over from another is its successor, and no merge. A branch that
    takes in the body above it takes its place. 412 where a version is given and either has changed since.
    """
    return await call.write(domain.merge, ORGANISATIONS, organisation, body, answer=Merge.of)


@router.post("/organisations/{organisation}/unmerge", response_model=Merge, **needs("organisations:write"))
async def unmerge_organisation(organisation: OrganisationId, call: Call) -> Response:
    """Undo a merge, as `POST /v1/people/{person}/unmerge` does for people."""
    return await call.write(domain.unmerge, ORGANISATIONS, organisation, answer=Merge.of)


@router.get("/organisations/{organisation}/merges", response_model=Merges, **needs("organisations:read"))
async def list_organisation_merges(organisation: OrganisationId, call: Call) -> Merges:
    """The merges that an organisation took part in, the latest first; those that were undone too."""
    return Merges(data=[Merge.of(each) for each in await call.read(domain.merges, ORGANISATIONS, organisation)])
