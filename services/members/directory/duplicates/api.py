"""Routes of duplicates, for people and for organisations alike."""

from fastapi import Response

from services.members.directory.duplicates import domain
from services.members.directory.duplicates.models import DuplicateCandidate
from services.members.directory.duplicates.nouns import ORGANISATIONS, PEOPLE
from services.members.directory.duplicates.schemas import AllToldApart, Candidate, Rules, Weights
from services.members.fields import OrganisationId, PersonId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, Position
from shared.routing import Router

router = Router(prefix="/v1", tags=["Duplicates"])


def _position(pair: DuplicateCandidate) -> Position:
    return (pair.score, pair.one, pair.other)


@router.get("/people/duplicates", response_model=Page[Candidate], **needs("people:read"))
async def list_duplicate_people(call: Call, paging: Paging) -> Page[Candidate]:
    """Pairs of people who may be one, the likeliest first, with the reasons.

    What was entered or changed is compared in the background, some seconds after. Who was merged, and whom somebody
    told apart, is not listed. An address by itself makes no candidate: people share inboxes and landlines.
    """
    rows = await call.read(domain.candidates, PEOPLE, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Candidate.of, _position)


@router.get("/people/duplicates/rules", response_model=Rules, **needs("people:read"))
async def read_duplicate_people_rules(call: Call, response: Response) -> Rules:
    """What each rule counts when people are compared; version 0 are the defaults."""
    rules = Rules.of(await call.read(domain.weights, PEOPLE))
    response.headers["etag"] = tag_of(rules.version)
    return rules


@router.put("/people/duplicates/rules", response_model=Rules, **needs("people:write"))
async def set_duplicate_people_rules(body: Weights, call: Call, expected: Expected) -> Response:
    """Set what each rule counts; what is left out has its default. Everybody is compared again, in the background."""
    return tagged(await call.write(domain.weigh, PEOPLE, body.to_scoring(), expected, answer=Rules.of))


@router.get("/people/{person}/duplicates", response_model=Page[Candidate], **needs("people:read"))
async def list_duplicates_of_person(person: PersonId, call: Call, paging: Paging) -> Page[Candidate]:
    """The pairs that a person is one of."""
    rows = await call.read(domain.candidates, PEOPLE, record=person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Candidate.of, _position)


@router.get("/people/{person}/not-duplicates", response_model=AllToldApart, **needs("people:read"))
async def list_people_told_apart(person: PersonId, call: Call) -> AllToldApart:
    """Who is said not to be the same as this person."""
    return AllToldApart.of(await call.read(domain.told_apart, PEOPLE, person))


@router.put("/people/{person}/not-duplicates/{other}", response_model=AllToldApart, **needs("people:write"))
async def tell_people_apart(person: PersonId, other: PersonId, call: Call) -> Response:
    """Remember that two records are of two people, whichever of them is asked about; it goes with them into merges."""
    return await call.write(domain.tell_apart, PEOPLE, person, other, answer=AllToldApart.of)


@router.delete("/people/{person}/not-duplicates/{other}", status_code=204, **needs("people:write"))
async def take_back_people_told_apart(person: PersonId, other: PersonId, call: Call) -> Response:
    """Forget that two records are of two people. They are candidates again if they are alike."""
    return await call.write(domain.take_back, PEOPLE, person, other, answer=None)


@router.get("/organisations/duplicates", response_model=Page[Candidate], **needs("organisations:read"))
async def list_duplicate_organisations(call: Call, paging: Paging) -> Page[Candidate]:
    """Pairs of organisations that may be one, the likeliest first, with the reasons."""
    rows = await call.read(domain.candidates, ORGANISATIONS, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Candidate.of, _position)


@router.get("/organisations/duplicates/rules", response_model=Rules, **needs("organisations:read"))
async def read_duplicate_organisations_rules(call: Call, response: Response) -> Rules:
    """What each rule counts when organisations are compared; version 0 are the defaults."""
    rules = Rules.of(await call.read(domain.weights, ORGANISATIONS))
    response.headers["etag"] = tag_of(rules.version)
    return rules


@router.put("/organisations/duplicates/rules", response_model=Rules, **needs("organisations:write"))
async def set_duplicate_organisations_rules(body: Weights, call: Call, expected: Expected) -> Response:
    """Set what each rule counts; what is left out has its default. All are compared again, in the background."""
    return tagged(await call.write(domain.weigh, ORGANISATIONS, body.to_scoring(), expected, answer=Rules.of))


@router.put(
    "/organisations/{organisation}/not-duplicates/{other}",
    response_model=AllToldApart,
    **needs("organisations:write"),
)
async def tell_organisations_apart(organisation: OrganisationId, other: OrganisationId, call: Call) -> Response:
    """Remember that two records are of two organisations, whichever of them is asked about."""
    return await call.write(domain.tell_apart, ORGANISATIONS, organisation, other, answer=AllToldApart.of)


@router.delete("/organisations/{organisation}/not-duplicates/{other}", status_code=204, **needs("organisations:write"))
async def take_back_organisations_told_apart(
    organisation: OrganisationId, other: OrganisationId, call: Call
) -> Response:
    """Forget that two records are of two organisations."""
    return await call.write(domain.take_back, ORGANISATIONS, organisation, other, answer=None)
