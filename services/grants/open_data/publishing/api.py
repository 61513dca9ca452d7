"""Routes of publishing: who publishes, what is told of each award, and what keeps a grant out of the files."""

from fastapi import Response

from services.grants.fields import AwardId
from services.grants.open_data.publishing import domain
from services.grants.open_data.publishing.schemas import (
    NewPublication,
    OpenDataChanges,
    OpenDataSettings,
    Publication,
    PublishingCheck,
    PublishingFault,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["open data"])


@router.get("/open-data-settings", response_model=OpenDataSettings, **needs("open_data_settings:read"))
async def read_open_data_settings(call: Call, response: Response) -> OpenDataSettings:
    """Who publishes the movement's grants, and by which identifiers. Until something is set, it is at version 0."""
    shown = OpenDataSettings.of(await call.read_by_key(domain.settings_of))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/open-data-settings", response_model=OpenDataSettings, **needs("open_data_settings:write"))
async def change_open_data_settings(body: OpenDataChanges, call: Call, expected: Expected) -> Response:
    """Say otherwise who publishes. As soon as there is a `prefix`, everything without a fault stands open."""
    return tagged(await call.write(domain.change_settings, body, expected, answer=OpenDataSettings.of))


@router.get("/open-data-settings/check", **needs("open_data_settings:read"))
async def check_open_data(call: Call) -> PublishingCheck:
    """The check before publishing: how many grants the files have, and what keeps others out of them, one by one."""
    found = await call.read(domain.published, "https://check.invalid")
    return PublishingCheck(
        published=sum(map(len, found.grants.values())),
        withheld=found.withheld,
        faulty=len({(kind, subject) for kind, subject, _ in found.faults}),
        faults=[PublishingFault.of(*each) for each in found.faults],
    )


@router.get("/awards/{award_id}/publication", response_model=Publication, **needs("awards:read"))
async def read_publication(award_id: AwardId, call: Call, response: Response) -> Publication:
    """What the world is told of an award. Until something is said, it is open, at version 0."""
    shown = Publication.of(await call.read_by_key(domain.publication_of, award_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.put("/awards/{award_id}/publication", response_model=Publication, **needs("awards:write"))
async def say_what_is_published(award_id: AwardId, body: NewPublication, call: Call, expected: Expected) -> Response:
    """Withhold an award, blur whom it went to, or give the words to publish it with.

    A group that would be at risk is `blurred` (the award stays, without a name, a place or its words) or `withheld`
    (nothing of it is published). What is given to one person never names them.
    """
    return tagged(await call.write(domain.say, award_id, body, expected, answer=Publication.of))
