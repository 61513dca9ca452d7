"""The asset map: drafted, verified, published with permission, found, and stale when nobody looks."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.members.community.assets.models import LIFECYCLE, AssetState
from services.members.community.assets.upkeep import keep_the_map
from shared import clock
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.community.mapped import AT_MATSON, GARDENERS, allow_the_map, draft, published
from tests.members.community.steps import edit, running_until


async def test_an_asset_is_drafted_changed_and_read_as_it_was_said(members: Caller) -> None:
    made = await draft(members)
    assert {name: made[name] for name in GARDENERS} == GARDENERS
    assert (made["state"], made["verified"], made["version"]) == ("draft", None, 1)
    path = f"/v1/assets/{made['id']}"
    changed = await edit(members, path, {"title": "Gardeners of Matson", "interests": []}, method="PATCH", tag='"1"')
    assert (changed["title"], changed["interests"], changed["place"]) == ("Gardeners of Matson", [], made["place"])
    assert changed["version"] == 2
    assert (await members.get(path)) == changed
    told = await members.published(made["id"])
    assert told == [("asset.created", {"asset": made["id"]}), ("asset.changed", {"asset": made["id"]})]


@ON_ONE_DATABASE
async def test_an_edit_names_the_version_that_was_read(members: Caller) -> None:
    path = f"/v1/assets/{(await draft(members))['id']}"
    assert (await members.client.patch(path, json={"title": "A"})).status_code == 428
    await edit(members, path, {"title": "A"}, method="PATCH", tag='"2"', status=412)
    assert (await members.get(path))["title"] == GARDENERS["title"]


@ON_ONE_DATABASE
async def test_a_fault_is_named_by_its_pointer_and_nothing_is_made(members: Caller) -> None:
    for changed, pointer in FAULTS:
        status, problem = await members.refused("/v1/assets", {**GARDENERS, **changed})
        assert (status, list(faults(problem))) == (422, [pointer]), changed
    assert (await members.get("/v1/assets"))["data"] == []


@ON_ONE_DATABASE
async def test_a_change_is_held_against_what_stays(members: Caller) -> None:
    path = f"/v1/assets/{(await draft(members, minimum_age=18))['id']}"
    problem = await edit(members, path, {"spare": 30, "maximum_age": 12}, method="PATCH", status=422)
    assert sorted(faults(problem)) == ["/maximum_age", "/spare"]
    assert (await members.get(path))["spare"] == 3


@pytest.mark.parametrize("current", AssetState)
@pytest.mark.parametrize("target", AssetState)
def test_only_these_steps_are_legal(current: AssetState, target: AssetState) -> None:
    legal = {
        ("draft", "published"), ("draft", "archived"), ("published", "stale"), ("published", "draft"),
        ("published", "archived"), ("stale", "published"), ("stale", "draft"), ("stale", "archived"),
    }  # fmt: skip
    if (current, target) in legal:
        assert LIFECYCLE.step(current, target) is target
    else:
        with pytest.raises(IllegalTransition):
            LIFECYCLE.step(current, target)


async def test_publication_needs_permission_and_that_somebody_looked(members: Caller) -> None:
    path = f"/v1/assets/{(await draft(members))['id']}"
    assert (await members.refused(f"{path}/publish"))[1]["code"] == "asset_not_verified"
    await members.post(f"{path}/verifications", {"how": "visit"}, status=200)
    assert (await members.refused(f"{path}/publish"))[1]["code"] == "not_permitted"
    await members.client.put(f"{path}/agreement", json={"given_by": "the secretary", "how": "phone"})
    assert (await members.post(f"{path}/publish", status=200))["state"] == "published"
    assert (await members.refused(f"{path}/publish"))[1]["code"] == "illegal_transition"
    assert (await members.client.delete(f"{path}/agreement")).json()["state"] == "draft"


async def test_a_persons_own_permission_publishes_and_its_end_hides_at_once_and_unpublishes(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    ada = await members.person("Ada")
    skill = await draft(members, kind="personal_skill", title="Playing the piano", person=ada)
    path = f"/v1/assets/{skill['id']}"
    await members.post(f"{path}/verifications", {"how": "phone"}, status=200)
    await members.client.put(f"{path}/agreement", json={"given_by": "somebody else", "how": "phone"})
    assert (await members.refused(f"{path}/publish"))[1]["code"] == "not_permitted"
    await allow_the_map(members, ada)
    await members.post(f"{path}/publish", status=200)
    async with Caller(app, vouching, members.movement, frozenset({"assets:read"})) as reader:
        assert len((await reader.get("/v1/assets"))["data"]) == 1
        await allow_the_map(members, ada, "refused")
        assert (await reader.get("/v1/assets"))["data"] == []
        assert (await reader.client.get(path)).status_code == 404
    await kept_until(app, members, skill["id"], "draft")
    moves = [said for kind, said in await members.published(skill["id"]) if kind == "asset.state_changed"]
    assert moves[-1] == {"asset": skill["id"], "from_state": "published", "to_state": "draft"}


@ON_ONE_DATABASE
async def test_nothing_of_a_child_is_published(members: Caller) -> None:
    child = await members.person("Eve", age_band="13_to_15")
    skill = await draft(members, kind="personal_skill", title="Chess", person=child)
    await allow_the_map(members, child, by={"authority": "parental_responsibility", "name": "Eve's mother"})
    await members.post(f"/v1/assets/{skill['id']}/verifications", {"how": "visit"}, status=200)
    assert (await members.refused(f"/v1/assets/{skill['id']}/publish"))[1]["code"] == "not_permitted"


@ON_ONE_DATABASE
async def test_verifying_is_no_update_and_credits_whoever_looked(members: Caller) -> None:
    asset, ada = await published(members), await members.person("Ada")
    verified = await members.post(
        f"/v1/assets/{asset['id']}/verifications", {"how": "visit", "person": ada}, status=200
    )
    assert verified["updated_at"] == asset["updated_at"]
    assert verified["verified"]["at"] > asset["verified"]["at"]
    assert (verified["verified"]["how"], verified["verified"]["person"]) == ("visit", ada)
    (activity,) = (await members.get("/v1/activities", person=ada))["data"]
    assert activity["kind"] == "verified_asset"


async def test_what_nobody_looks_at_goes_stale_after_its_kinds_time_and_a_look_brings_it_back(
    app: FastAPI, members: Caller
) -> None:
    activity, place = await published(members, kind="activity"), await published(members, kind="place")
    with clock.frozen(clock.now() + timedelta(days=90)):
        await kept_until(app, members, activity["id"], "stale")
        assert (await members.get(f"/v1/assets/{place['id']}"))["state"] == "published"
        back = await members.post(f"/v1/assets/{activity['id']}/verifications", {"how": "phone"}, status=200)
        assert back["state"] == "published"
        assert back["updated_at"] > activity["updated_at"]


async def test_readers_see_no_draft_and_not_where_a_group_at_risk_is(
    app: FastAPI, vouching: Secrets, members: Caller
) -> None:
    hidden, sketch = await published(members, address_withheld=True), await draft(members)
    async with Caller(app, vouching, members.movement, frozenset({"assets:read"})) as reader:
        (seen,) = (await reader.get("/v1/assets", **AT_MATSON))["data"]
        assert seen["distance_m"] is None
        assert {field: value for field, value in seen["place"].items() if value is not None} == {"area": "Matson"}
        assert (await reader.get(f"/v1/assets/{hidden['id']}"))["place"] == seen["place"]
        assert (await reader.get("/v1/assets", postcode="GL4"))["data"] == []
        assert (await reader.get("/v1/assets", **AT_MATSON, within_km=1))["data"] == []
        assert (await reader.client.get(f"/v1/assets/{sketch['id']}")).status_code == 404
    assert (await members.get(f"/v1/assets/{hidden['id']}"))["place"] == GARDENERS["place"]


@ON_ONE_DATABASE
async def test_what_is_archived_stays_so(members: Caller) -> None:
    path = f"/v1/assets/{(await published(members))['id']}"
    assert (await members.post(f"{path}/archive", status=200))["state"] == "archived"
    for step, body in (("publish", None), ("archive", None), ("verifications", {"how": "visit"})):
        assert (await members.refused(f"{path}/{step}", body))[1]["state"] == "archived"


async def test_another_movements_assets_people_and_organisations_are_unknown(members: Caller, other: Caller) -> None:
    theirs = (await published(other))["id"]
    for method, step, body in (
        ("GET", "", None),
        ("PATCH", "", {"title": "Ours"}),
        ("PUT", "/agreement", {"given_by": "us", "how": "phone"}),
        ("DELETE", "/agreement", None),
        ("POST", "/verifications", {"how": "visit"}),
        ("POST", "/publish", None),
        ("POST", "/archive", None),
    ):
        await edit(members, f"/v1/assets/{theirs}{step}", body, method=method, status=404)
    organisation = (await other.post("/v1/organisations", {"name": "Walkers"}))["id"]
    named = {"person": await other.person(), "organisation": organisation}
    _, problem = await members.refused("/v1/assets", {**GARDENERS, **named})
    assert faults(problem) == {"/person": "unknown_person", "/organisation": "unknown_organisation"}


async def kept_until(app: FastAPI, members: Caller, asset: str, state: str) -> None:
    """Run the worker until it has seen to the asset; it looks as soon as it starts."""

    async def is_so() -> bool:
        return bool((await members.get(f"/v1/assets/{asset}"))["state"] == state)

    await running_until(app, keep_the_map, is_so)


FAULTS: list[tuple[Json, str]] = [
    ({"kind": "shop"}, "/kind"),
    ({"title": ""}, "/title"),
    ({"title": None}, "/title"),
    ({"interests": ["walking the dog"]}, "/interests/0"),
    ({"interests": ["walking", "walking"]}, "/interests"),
    ({"place": {"latitude": 51.8}}, "/place"),
    ({"place": {"latitude": 91, "longitude": 0}}, "/place/latitude"),
    ({"times": [{"day": "someday"}]}, "/times/0/day"),
    ({"times": [{"day": "monday", "starts": "10:00", "ends": "09:00"}]}, "/times/0"),
    ({"times": [{"day": "monday", "week": 0}]}, "/times/0"),
    ({"url": "javascript:alert(1)"}, "/url"),
    ({"spare": 21}, "/spare"),
    ({"spare": -1}, "/spare"),
    ({"minimum_age": 60, "maximum_age": 50}, "/maximum_age"),
    ({"kind": "personal_skill"}, "/person"),
    ({"person": new_id("person")}, "/person"),
    ({"organisation": new_id("org")}, "/organisation"),
    ({"notes": "she told me"}, "/notes"),
]
