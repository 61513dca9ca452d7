"""What a CRM is handed: the people who permit it, as they may be handed on, for as long as an agreement covers it."""

from datetime import timedelta

from shared import clock
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.test_merging import merge
from tests.members.trust.agreeing import signed

PURPOSE = "introductions"
NO = {"purpose": PURPOSE, "channel": "sharing", "decision": "refused"}


async def handed(members: Caller, *people: str, **more: object) -> Json:
    """What is answered of these people; of the next ones where none is named."""
    which: Json = {"people": list(people)} if people else {"limit": 2}
    return await members.post("/internal/handed-on", {"purpose": PURPOSE, **which, **more}, status=200)


async def test_who_permits_it_is_handed_on_and_of_the_others_no_more_than_that_they_are_not(members: Caller) -> None:
    about = {
        "family_name": "Hall", "emails": [{"address": "b@example.org"}, {"address": "a@example.org", "primary": True}],
        "access_needs": "A ramp", "date_of_birth": "1960-05-01", "external_ids": [{"system": "civicrm", "id": "12"}],
    }  # fmt: skip
    ada, ben, cy = [await members.person(name, **about) for name, about in (("Ada", about), ("Ben", {}), ("Cy", {}))]
    await members.post(f"/v1/people/{ben}/permissions", NO)
    await merge(members, ada, cy)
    gone = new_id("person")
    found = await handed(members, ada, ben, cy, gone)
    (shown,) = found["people"]
    assert (shown["person"], shown["email"], shown["external_ids"]) == (ada, "a@example.org", {"civicrm": ["12"]})
    assert not {"access_needs", "date_of_birth", "age_band"} & shown.keys()
    assert (found["withheld"], found["unknown"], found["merged"]) == ([ben], [gone], {cy: ada})


async def test_by_which_channels_somebody_may_be_reached_is_told_of_that_purpose(members: Caller) -> None:
    ada = await members.person("Ada")
    reached = (await handed(members, ada))["people"][0]["may_be_reached_by"]
    assert "email" in reached
    await members.post(f"/v1/people/{ada}/permissions", {**NO, "channel": "email"})
    assert (await handed(members, ada))["people"][0]["may_be_reached_by"] == [c for c in reached if c != "email"]


async def test_everybody_is_gone_through_in_the_order_of_ids(members: Caller) -> None:
    people = sorted([await members.person(name) for name in ("Ada", "Ben", "Cy")])
    first = await handed(members)
    rest = await handed(members, after=first["next"])
    assert [each["person"] for each in first["people"] + rest["people"]] == people
    assert (first["next"], rest["next"]) == (people[1], None)


@ON_ONE_DATABASE
async def test_an_organisation_is_handed_nobody_for_whom_no_agreement_stands(
    members: Caller, vouching: Secrets, other: Caller
) -> None:
    ada, theirs = await members.person("Ada"), await members.organisation("Choir")
    async with Caller(members.app, vouching, members.movement, organisation=theirs) as partner:
        asked = {"purpose": PURPOSE, "people": [ada]}
        assert (await partner.client.post("/internal/handed-on", json=asked)).status_code == 403
        today = clock.now().date()
        days = {"signed_on": str(today - timedelta(days=1)), "review_on": str(today + timedelta(days=90))}
        await signed(members, theirs, purposes=[PURPOSE], **days)
        assert len((await handed(partner, ada))["people"]) == 1
    assert (await handed(other, ada))["unknown"] == [ada]
