"""The open feed by Open Referral UK 3.0: valid, paged as the profile says, stable, and of nobody by name."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from services.members.community.referral.identifiers import uuid_of
from shared.opened import SCOPE
from shared.secrets import Secrets
from shared.testing.caller import Json, json_of
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.mapped import GARDENERS, allow_the_map, published

ROOT = "/open/we-can-move/referral"


@pytest.fixture
async def public(app: FastAPI, vouching: Secrets, members: Caller) -> Any:
    """Anybody, as the gateway vouches for them."""
    async with Caller(app, vouching, members.movement, frozenset({SCOPE})) as caller:
        yield caller


@pytest.fixture(scope="session")
def profile() -> dict[str, Draft202012Validator]:
    """The profile's own schemas, by name."""
    data = os.environ.get("BACKBONE_TEST_DATA")
    if data is None:
        pytest.skip("BACKBONE_TEST_DATA does not say where the profile's schemas are")
    files = Path(data, "open-referral-uk").glob("*.json")
    checker = Draft202012Validator.FORMAT_CHECKER
    return {
        file.stem: Draft202012Validator(json.loads(file.read_text(encoding="utf-8")), format_checker=checker)
        for file in files
    }


async def contents(public: Caller, path: str, **query: str | int) -> list[Json]:
    """What one page holds."""
    found: list[Json] = (await public.get(f"{ROOT}/{path}", **query))["contents"]
    return found


@ON_ONE_DATABASE
async def test_every_object_is_valid_by_the_profiles_schemas(
    profile: dict[str, Draft202012Validator], members: Caller, public: Caller
) -> None:
    organisation = (await members.post("/v1/organisations", {"name": "Matson Trust"}))["id"]
    cost = {"amount": {"amount": "2.50", "currency": "GBP"}, "note": "a session, tea included"}
    await published(members, organisation=organisation, cost=cost, url="https://gardeners.example.org", minimum_age=16)
    await published(members, times=[{"day": "friday", "week": -1}], address_withheld=True)
    await published(members, kind="place", description="", place={}, times=[], contact={}, interests=[])
    for path in ("service", "service_at_location"):
        listed = await contents(public, f"{path}s")
        assert len(listed) == (3 if path == "service" else 2)
        for one in listed:
            profile[f"{path}_list"].validate(one)
            profile[path].validate(await public.get(f"{ROOT}/{path}s/{one['id']}"))
            profile["organization"].validate((one if path == "service" else one["service"])["organization"])


async def test_lists_page_as_the_profile_says(members: Caller, public: Caller) -> None:
    for number in range(3):
        await published(members, title=f"Group {number}")
    first, last = [await public.get(f"{ROOT}/services", page=page, per_page=2) for page in (1, 2)]
    assert [one["name"] for one in first.pop("contents") + last.pop("contents")] == ["Group 0", "Group 1", "Group 2"]
    common = {"total_items": 3, "total_pages": 2, "empty": False}
    assert first == {**common, "page_number": 1, "size": 2, "first_page": True, "last_page": False}
    assert last == {**common, "page_number": 2, "size": 1, "first_page": False, "last_page": True}
    beyond = await public.get(f"{ROOT}/services", page=3, per_page=2)
    assert (beyond["empty"], beyond["contents"], beyond["last_page"]) == (True, [], True)


async def test_ids_follow_from_ours_and_are_uuids(members: Caller, public: Caller) -> None:
    asset = (await published(members))["id"]
    (listed,) = await contents(public, "services")
    assert listed["id"] == str(uuid_of("service", asset))
    whole = await public.get(f"{ROOT}/services/{listed['id']}")
    for one in [whole, *(part for parts in whole.values() if isinstance(parts, list) for part in parts)]:
        assert UUID(one["id"]).version == 5
    assert whole["organization_id"] == whole["organization"]["id"]


def test_ids_are_the_same_in_every_run() -> None:
    expected = UUID("a344c202-088d-5f60-8f18-82a5355549f0")
    assert uuid_of("service", "asset_01j5x3m0e8f7v9q2k4t6w8y0ab") == expected


async def test_only_what_is_published_is_shown_and_no_persons_skill(members: Caller, public: Caller) -> None:
    ada = await members.person("Ada", family_name="Hall")
    await published(members, kind="personal_skill", title="Ada Hall plays the piano", person=ada)
    walk = await published(members, kind="activity", title="Walk", person=ada)
    await members.post("/v1/assets", GARDENERS)
    assert [one["name"] for one in await contents(public, "services")] == ["Walk"]
    assert "Hall" not in str(await contents(public, "taxonomy_terms"))
    await allow_the_map(members, ada, "refused")
    assert await contents(public, "services") == await contents(public, "service_at_locations") == []
    gone = await public.client.get(f"{ROOT}/services/{uuid_of('service', walk['id'])}")
    assert gone.status_code == 404


@ON_ONE_DATABASE
async def test_of_a_group_at_risk_only_the_area_is_said(members: Caller, public: Caller) -> None:
    asset = await published(members, address_withheld=True)
    whole = json.dumps(await public.get(f"{ROOT}/services/{uuid_of('service', asset['id'])}"))
    (listed,) = await contents(public, "service_at_locations")
    assert listed["location"]["name"] == "Matson"
    for said in (whole, json.dumps(listed)):
        for secret in ("Library", "Avenue", "GL4", "51.8", "Gloucester"):
            assert secret not in said
    assert await contents(public, "service_at_locations", postcode="GL4") == []


async def test_services_are_found_by_the_profiles_parameters(members: Caller, public: Caller) -> None:
    await published(members, minimum_age=18, maximum_age=60)
    await published(members, kind="activity", title="Walk", interests=[], times=[{"day": "friday", "starts": "18:00"}])
    terms = {term["name"]: term["id"] for term in await contents(public, "taxonomy_terms")}
    taxonomies = {one["name"]: one["id"] for one in await contents(public, "taxonomies")}
    both = ["Matson gardeners", "Walk"]
    for query, found in (
        ({"search": "walk"}, ["Walk"]),
        ({"taxonomy_term_id": terms["gardening"]}, both[:1]),
        ({"taxonomy_term_id": terms["Activity"]}, both[1:]),
        ({"taxonomy_term_id": taxonomies["Interests"]}, []),
        ({"taxonomy_id": taxonomies["Interests"]}, both[:1]),
        ({"taxonomy_id": taxonomies["Kinds of assets"]}, both),
        ({"taxonomy_id": terms["gardening"]}, []),
        ({"minimum_age": 18}, both[:1]),
        ({"maximum_age": 59}, []),
        ({"day": "FR"}, both[1:]),
        ({"day": "tuesday", "start_time": "10:00", "end_time": "12:00"}, both[:1]),
        ({"day": "friday", "start_time": "19:00"}, []),
        ({"postcode": "GL4 6LA"}, both),
        ({"modified_after": "2100-01-01T00:00:00Z"}, []),
    ):
        assert [one["name"] for one in await contents(public, "services", **query)] == found, query


@ON_ONE_DATABASE
async def test_taxonomies_and_terms_are_read_by_their_ids(public: Caller) -> None:
    for path, total in (("taxonomies", 2), ("taxonomy_terms", 4)):
        listed = await contents(public, path)
        assert len(listed) == total
        for one in listed:
            assert await public.get(f"{ROOT}/{path}/{one['id']}") == one
        assert (await public.client.get(f"{ROOT}/{path}/{uuid_of('service', 'x')}")).status_code == 404


@ON_ONE_DATABASE
async def test_whoever_has_it_already_is_told_so_until_it_changes(members: Caller, public: Caller) -> None:
    asset = await published(members)
    first = await public.client.get(f"{ROOT}/services")
    known = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = await public.client.get(f"{ROOT}/services", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await members.post(f"/v1/assets/{asset['id']}/archive", status=200)
    changed = await public.client.get(f"{ROOT}/services", headers=known)
    assert (changed.status_code, changed.json()["total_items"]) == (200, 0)


@ON_ONE_DATABASE
async def test_the_root_says_which_profile_it_keeps_to(public: Caller) -> None:
    for path in (ROOT, f"{ROOT}/"):
        said = json_of(await public.client.get(path), 200)
        assert said["version"] == "HSDS-UK-3.0"
        assert all(httpx.URL(said[link]).scheme == "https" for link in ("profile", "openapi_url"))


@ON_ONE_DATABASE
async def test_what_makes_no_sense_is_refused(public: Caller) -> None:
    for path in ("services?page=0", "services?per_page=1000", "services?day=someday", "services/1"):
        assert (await public.client.get(f"{ROOT}/{path}")).status_code == 422, path


@ON_ONE_DATABASE
async def test_another_movements_feed_is_its_own(members: Caller, other: Caller, public: Caller) -> None:
    theirs = await published(other)
    assert await contents(public, "services") == []
    assert (await public.client.get(f"{ROOT}/services/{uuid_of('service', theirs['id'])}")).status_code == 404
