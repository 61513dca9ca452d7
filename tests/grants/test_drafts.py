"""Drafts of applications: saved, resumed, warned of what is missing, and submitted as they stand."""

from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, gbp

DRAFTS = "/v1/applications/drafts"


async def changed(grants: Caller, draft: Json, **said: object) -> Json:
    """The draft after an edit of the version that is given."""
    tag = {"If-Match": f'"{draft["version"]}"'}
    answered = await grants.client.patch(f"{DRAFTS}/{draft['id']}", json=said, headers=tag)
    assert answered.status_code == 200, answered.text
    after: Json = answered.json()
    assert answered.headers["etag"] == f'"{after["version"]}"'
    return after


def warned(draft: Json) -> dict[str, str]:
    """The pointers and codes of a draft's warnings."""
    return {warning["pointer"]: warning["code"] for warning in draft["warnings"]}


async def test_a_draft_is_gone_on_with_until_nothing_is_missing_and_becomes_the_application(grants: Caller) -> None:
    opened = await grants.open_round()
    draft = await grants.post(DRAFTS, {"round": opened})
    assert warned(draft) == {"/group_name": "missing", "/amount": "missing", "/summary": "missing"}
    draft = await changed(grants, draft, group_name="Knit and natter", amount=gbp("499.99"))
    assert warned(draft) == {"/amount/amount": "outside_limits", "/summary": "missing"}
    draft = await changed(grants, draft, summary="Wool", amount=gbp("500.00"), contact={"phone": "01452 555010"})
    assert draft["warnings"] == []
    assert await grants.get(f"{DRAFTS}/{draft['id']}") == draft

    tag = {"If-Match": f'"{draft["version"]}"'}
    submitted = await grants.client.post(f"{DRAFTS}/{draft['id']}/submit", headers=tag)
    assert submitted.status_code == 201, submitted.text
    assert {name: submitted.json()[name] for name in ("id", "state", "summary", "amount")} == {
        "id": draft["id"],
        "state": "submitted",
        "summary": "Wool",
        "amount": gbp("500.00"),
    }
    assert (await grants.client.get(f"{DRAFTS}/{draft['id']}")).status_code == 404
    assert (await grants.get(f"/v1/applications/{draft['id']}/contact"))["phone"] == "01452 555010"


@ON_ONE_DATABASE
async def test_a_faulty_draft_is_not_submitted_and_stays(grants: Caller) -> None:
    draft = await grants.post(DRAFTS, {"round": await grants.open_round(), "group_name": "Walkers"})
    path = f"{DRAFTS}/{draft['id']}/submit"
    answered = await grants.client.post(path, headers={"If-Match": "*"})
    assert (answered.status_code, faults(answered.json())) == (422, {"/amount": "missing", "/summary": "missing"})
    assert (await grants.client.post(path)).status_code == 428
    assert (await grants.client.post(path, headers={"If-Match": '"7"'})).status_code == 412
    assert await grants.get(f"{DRAFTS}/{draft['id']}") == draft
    assert (await grants.get("/v1/applications"))["data"] == []


@ON_ONE_DATABASE
async def test_what_is_sent_as_null_is_emptied_and_what_is_not_sent_stays(grants: Caller) -> None:
    said = {"group_name": "Walkers", "place": "E07000080", "theme": "food"}
    draft = await grants.post(DRAFTS, {"round": await grants.open_round(), **said})
    after = await changed(grants, draft, place=None)
    assert after["content"] == {"group_name": "Walkers", "theme": "food"}
    stale = {"If-Match": '"1"'}
    assert (await grants.client.patch(f"{DRAFTS}/{draft['id']}", json=said, headers=stale)).status_code == 412


@ON_ONE_DATABASE
async def test_a_draft_is_begun_before_its_round_opens_and_not_after_it_closed(grants: Caller) -> None:
    drafted = await grants.draft(await grants.fund())
    draft = await grants.post(DRAFTS, {"round": drafted, "group_name": "W", "summary": "W", "amount": gbp("500.00")})
    early = await grants.client.post(f"{DRAFTS}/{draft['id']}/submit", headers={"If-Match": "*"})
    assert (early.status_code, early.json()["code"]) == (409, "round_not_open")
    await grants.post(f"/v1/rounds/{drafted}/open")
    await grants.post(f"/v1/rounds/{drafted}/close")
    late = await grants.client.post(f"{DRAFTS}/{draft['id']}/submit", headers={"If-Match": "*"})
    assert (late.status_code, late.json()["code"]) == (409, "round_closed")
    assert (await grants.refused(DRAFTS, {"round": drafted}))[1]["code"] == "round_closed"


@ON_ONE_DATABASE
async def test_drafts_are_listed_by_round_and_dropped_with_their_contact(grants: Caller) -> None:
    first, second = await grants.open_round(), await grants.open_round()
    ours = (await grants.post(DRAFTS, {"round": first, "contact": {"name": "Ada"}}))["id"]
    theirs = (await grants.post(DRAFTS, {"round": second}))["id"]
    assert [row["id"] for row in (await grants.get(DRAFTS))["data"]] == [ours, theirs]
    assert [row["id"] for row in (await grants.get(DRAFTS, round=second))["data"]] == [theirs]
    assert (await grants.client.delete(f"{DRAFTS}/{ours}")).status_code == 204
    assert (await grants.client.get(f"{DRAFTS}/{ours}")).status_code == 404
    assert (await grants.client.delete(f"{DRAFTS}/{ours}")).status_code == 404
