"""Agreements of awards: one page in the movement's words, accepted by click, signature or recorded call, for good."""

import asyncio
from hashlib import sha256

import httpx
import pytest

from services.grants.agreements import wording
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import Caller, asking

pytestmark = ON_ONE_DATABASE
AGREEMENTS = "/v1/award-agreements"
BY_CALL = {"way": "call", "name": "Maryam", "evidence": "Recording 12"}


async def offered(grants: Caller) -> str:
    return await grants.award(await grants.application(await grants.open_round()))


async def made(grants: Caller, award: str) -> Json:
    return await grants.post(AGREEMENTS, {"award": award})


async def test_the_page_says_who_how_much_and_what_for_and_is_known_by_its_digest(grants: Caller) -> None:
    page = await made(grants, await offered(grants))
    for said in ("Knit and natter", "Action Together", "£500.00", "Wool and a warm room"):
        assert said in page["words"]
    assert page["digest"] == sha256(page["words"].encode()).hexdigest()
    assert (page["state"], page["text_number"], page["name"]) == ("open", 0, None)


async def test_whoever_accepts_the_page_of_an_offer_accepts_the_offer(grants: Caller) -> None:
    award = await offered(grants)
    page = await made(grants, award)
    accepted = await grants.post(f"{AGREEMENTS}/{page['id']}/accept", BY_CALL)
    assert (accepted["state"], accepted["way"], accepted["name"]) == ("accepted", "call", "Maryam")
    assert accepted["recorded_by"].startswith("user_")
    assert (await grants.get(f"/v1/awards/{award}"))["state"] == "accepted"
    again = await grants.refused(f"{AGREEMENTS}/{page['id']}/accept", BY_CALL)
    assert (again[1]["code"], again[1]["state"]) == ("illegal_transition", "accepted")
    assert (await grants.refused(AGREEMENTS, {"award": award}))[1]["code"] == "nothing_to_agree"


async def test_a_group_accepts_with_a_click_on_the_page_that_it_was_sent(grants: Caller) -> None:
    award = await offered(grants)
    page = await made(grants, award)
    shown = await grants.client.get(page["path"])
    assert (shown.status_code, shown.headers["content-security-policy"][:18]) == (200, "default-src 'none'")
    assert "Wool and a warm room" in shown.text
    assert "<button>" in shown.text
    nameless = await grants.client.post(page["path"], data={"name": "  "})
    assert (nameless.status_code, 'role="alert"' in nameless.text) == (422, True)
    clicked = await grants.client.post(page["path"], data={"name": "Maryam"})
    assert (clicked.status_code, "Thank you" in clicked.text, "<button>" in clicked.text) == (200, True, False)
    kept = await grants.get(f"{AGREEMENTS}/{page['id']}")
    assert (kept["way"], kept["name"], kept["recorded_by"]) == ("click", "Maryam", None)
    assert (await grants.get(f"/v1/awards/{award}"))["state"] == "accepted"
    assert (await grants.client.post(page["path"], data={"name": "Sam"})).status_code == 409


async def test_only_the_newest_page_leads_on(grants: Caller) -> None:
    award = await offered(grants)
    first, second = await made(grants, award), await made(grants, award)
    assert (await grants.get(f"{AGREEMENTS}/{first['id']}"))["state"] == "replaced"
    old = await grants.client.get(first["path"])
    assert "cannot be accepted any more" in old.text
    assert (await grants.client.post(first["path"], data={"name": "Sam"})).status_code == 409
    assert (await grants.client.post(second["path"], data={"name": "Sam"})).status_code == 200
    assert (await grants.client.get(f"{first['path']}x")).status_code == 404


async def test_a_page_is_accepted_once_however_many_click_at_once(grants: Caller) -> None:
    page = await made(grants, await offered(grants))

    async def click(name: str) -> httpx.Response:
        return await grants.client.post(page["path"], data={"name": name})

    answers = await asyncio.gather(*(click(f"Maryam {number}") for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_nothing_is_agreed_of_an_award_that_ended(grants: Caller) -> None:
    award = await offered(grants)
    page = await made(grants, award)
    await grants.post(f"/v1/awards/{award}/refuse")
    refused = await grants.refused(f"{AGREEMENTS}/{page['id']}/accept", BY_CALL)
    assert refused[1]["code"] == "nothing_to_agree"
    assert (await grants.refused(AGREEMENTS, {"award": award}))[1]["code"] == "nothing_to_agree"


async def test_a_text_of_the_movements_own_is_used_from_when_it_is_published(grants: Caller) -> None:
    before = await made(grants, await offered(grants))
    text = "{group} has {amount} of {fund} for {purpose}, from when on: {starts}."
    published = await grants.post(f"{AGREEMENTS}/texts", {"text": text})
    assert published["number"] == 1
    after = await made(grants, await offered(grants))
    said = (
        "Knit and natter has £500.00 of Movement fund for Wool and a warm room, from when on: when the money arrives."
    )
    assert (after["text_number"], after["words"]) == (1, said)
    assert (await grants.get(f"{AGREEMENTS}/{before['id']}"))["words"] == before["words"]
    assert [row["number"] for row in (await grants.get(f"{AGREEMENTS}/texts"))["data"]] == [1]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{group} {amount} {purpose} {shoe_size}", "unknown_place"),
        ("{group} {amount}", "missing_place"),
        ("{group} {amount} {purpose} " + "x" * wording.LONGEST, "string_too_long"),
    ],
)
async def test_a_text_that_cannot_be_filled_in_or_is_longer_than_a_page_is_refused(
    grants: Caller, text: str, wrong: str
) -> None:
    assert faults((await grants.refused(f"{AGREEMENTS}/texts", {"text": text}))[1]) == {"/text": wrong}


async def test_what_a_group_wrote_is_never_taken_for_a_place_to_fill_in(grants: Caller) -> None:
    named = asking(await grants.open_round(), group_name="{amount}", summary="{purpose} {group}")
    award = await grants.award((await grants.post("/v1/applications", named))["id"])
    words = (await made(grants, award))["words"]
    assert "between {amount} and" in words
    assert "{purpose} {group}" in words


async def test_a_key_accepts_for_nobody(grants: Caller, key: Caller) -> None:
    page = await made(key, await offered(grants))
    refused = await key.refused(f"{AGREEMENTS}/{page['id']}/accept", BY_CALL)
    assert (refused[0], refused[1]["code"]) == (403, "needs_a_user")


async def test_events_tell_how_a_page_was_accepted_and_never_by_whom(grants: Caller) -> None:
    named = asking(await grants.open_round(), group_name="Maryam's walkers")
    award = await grants.award((await grants.post("/v1/applications", named))["id"])
    page = await made(grants, award)
    await grants.client.post(page["path"], data={"name": "Maryam"})
    told = await grants.published(page["id"])
    about = {"agreement": page["id"], "award": award}
    assert told == [("award_agreement.made", about), ("award_agreement.accepted", about | {"way": "click"})]
