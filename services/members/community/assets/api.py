"""Routes of the asset map."""

from typing import Annotated

from fastapi import Depends, Query, Response
from pydantic import AwareDatetime

from services.members.community.assets import domain
from services.members.community.assets.models import AssetKind, AssetState
from services.members.community.assets.schemas import (
    Agreement,
    Asset,
    AssetChanges,
    AssetId,
    Day,
    Latitude,
    Longitude,
    NewAsset,
    Verification,
)
from services.members.community.assets.store import Wanted
from services.members.community.assets.upkeep import fresh_for_of
from services.members.community.geography import Point, district
from services.members.directory.people.names import words
from services.members.fields import OrganisationId, PersonId, Postcode, Slug
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.errors import Fault, Invalid
from shared.fields import Name
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Assets"])


async def _wanted(
    call: Call,
    kind: AssetKind | None = None,
    state: AssetState | None = None,
    interest: Slug | None = None,
    tag: Slug | None = None,
    day: Annotated[Day | None, Query(description="what happens on this day of the week")] = None,
    area: Annotated[Name | None, Query(description="the name of an area, whatever the case")] = None,
    postcode: Annotated[Postcode | None, Query(description="what is in the district of this postcode")] = None,
    latitude: Annotated[Latitude | None, Query(description="with `longitude`: nearest to this point first")] = None,
    longitude: Annotated[Longitude | None, Query()] = None,
    within_km: Annotated[float | None, Query(gt=0, le=1000, allow_inf_nan=False, description="of the point")] = None,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    q: Annotated[str | None, Query(max_length=100, pattern=r"\w", description="the beginning of each word")] = None,
    updated_since: Annotated[AwareDatetime | None, Query(description="what was updated then or later")] = None,
) -> Wanted:
    """What the query asks for, as far as the caller may see it."""
    missing = [name for name, value in (("latitude", latitude), ("longitude", longitude)) if value is None]
    if len(missing) == 1 or (missing and within_km is not None):
        raise Invalid(faults=[Fault(f"?{name}", "is needed for a point", "missing") for name in missing])
    return Wanted(
        whole=keeps_the_map(call),
        kind=kind,
        state=state,
        interest=interest,
        tag=tag,
        day=day,
        area=area,
        district=None if postcode is None else district(postcode),
        near=None if latitude is None or longitude is None else Point(latitude, longitude),
        within_m=None if within_km is None else round(within_km * 1000),
        person=person,
        organisation=organisation,
        words=words(q or ""),
        updated_since=updated_since,
    )


Sought = Annotated[Wanted, Depends(_wanted)]


def keeps_the_map(call: CallOf) -> bool:
    """Whether the caller may write assets, and so sees drafts and the addresses that are withheld from others."""
    return call.principal.may("assets:write")


@router.post("/assets", status_code=201, response_model=Asset, **needs("assets:write"))
async def draft_asset(body: NewAsset, call: Call) -> Response:
    """Draft an asset: a group, place, activity, personal skill or informal network. Readers do not see it yet."""
    return tagged(await call.write(domain.create, body, answer=Asset.whole))


@router.get("/assets", response_model=Page[Asset], **needs("assets:read", shows=ADMINISTRATION))
async def list_assets(call: Call, wanted: Sought, paging: Paging) -> Page[Asset]:
    """The map: published and stale assets, and to those who keep it drafts and archived ones as well.

    All that is asked for must fit. With `latitude` and `longitude` the nearest come first, and what has no known place
    last; otherwise they come in the order in which they were made. `q` finds by the beginning of words of titles,
    descriptions, interests and tags, whatever the accents and the case.
    """
    rows = await call.read(domain.list_assets, wanted, after=paging.after, limit=paging.fetch)
    return paging.page(
        rows,
        lambda found: Asset.of(found.asset, whole=wanted.whole, distance_m=found.metres),
        lambda found: (found.squared, found.asset.id),
    )


@router.get("/assets/{asset}", response_model=Asset, **needs("assets:read", shows=ADMINISTRATION))
async def read_asset(asset: AssetId, call: Call, response: Response) -> Asset:
    """One asset. Its `ETag` is what an edit names in `If-Match`."""
    whole = keeps_the_map(call)
    found = Asset.of(await call.read_by_key(domain.read, asset, whole), whole=whole)
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/assets/{asset}", response_model=Asset, **needs("assets:write"))
async def change_asset(asset: AssetId, body: AssetChanges, call: Call, expected: Expected) -> Response:
    """Change what is given and leave the rest. Naming another person needs their permission, if it is published.

    Giving `spare` declares anew how many more people it can take: whoever was introduced before is in that figure.
    """
    return tagged(await call.write(domain.change, asset, body, expected, answer=Asset.whole))


@router.post("/assets/{asset}/verifications", response_model=Asset, **needs("assets:write"))
async def verify_asset(asset: AssetId, body: Verification, call: Call) -> Response:
    """Say that somebody looked whether it is still so, and how. What was stale is published again by it.

    `verified.at` is not `updated_at`: a look that finds all as it was changes nothing. A person of the movement who
    looked is credited with an activity of the kind `verified_asset`.
    """
    by = call.principal.user or call.principal.id
    return tagged(await call.write(domain.verify, asset, body, by, answer=Asset.whole))


@router.put("/assets/{asset}/agreement", response_model=Asset, **needs("assets:write"))
async def agree_to_publication(asset: AssetId, body: Agreement, call: Call) -> Response:
    """Record that whoever speaks for it agrees to its publication.

    This is for what belongs to no person of the movement. A person's own permission is a decision of theirs under
    `/v1/people/{person}/permissions`: the purpose `asset_map` over the channel `publication`.
    """
    return tagged(await call.write(domain.agree, asset, body, answer=Asset.whole))


@router.delete("/assets/{asset}/agreement", response_model=Asset, **needs("assets:write"))
async def withdraw_agreement_to_publication(asset: AssetId, call: Call) -> Response:
    """Record that they no longer agree: what was published is a draft again, at once."""
    return tagged(await call.write(domain.withdraw_agreement, asset, answer=Asset.whole))


@router.post("/assets/{asset}/publish", response_model=Asset, **needs("assets:write"))
async def publish_asset(asset: AssetId, call: Call) -> Response:
    """Show a draft to everybody. 409 `not_permitted` without permission of whom it concerns, `asset_not_verified` where
    nobody looked within the time that the setting gives its kind."""
    fresh_for = fresh_for_of(call.parts.settings)
    return tagged(await call.write(domain.publish, asset, fresh_for, answer=Asset.whole))


@router.post("/assets/{asset}/archive", response_model=Asset, **needs("assets:write"))
async def archive_asset(asset: AssetId, call: Call) -> Response:
    """Put away what is no more, for good. Its id goes on to answer to those who keep the map."""
    return tagged(await call.write(domain.archive, asset, answer=Asset.whole))
