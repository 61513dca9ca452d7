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


async def test_somebody_is_handed_on_with_the_organisation_that_they_have_belonged_to_longest(members: Caller) -> None:
    ada, ben = [await members.person(name) for name in ("Ada", "Ben")]
    choir, walkers, past = [await members.organisation(name) for name in ("Choir", "Walkers", "Past")]
    today = clock.now().date()
    for person, organisation, begun, ended in (
        (ada, choir, 100, None), (ada, walkers, 300, None), (ada, past, 900, 10), (ben, past, 900, 10),
    ):  # fmt: skip
        days = {"started_on": str(today - timedelta(days=begun))}
        days |= {} if ended is None else {"ended_on": str(today - timedelta(days=ended))}
        await members.post("/v1/affiliations", {"person": person, "organisation": organisation, **days})
    found = {each["person"]: each["organisation"] for each in (await handed(members, ada, ben))["people"]}
    assert found == {ada: walkers, ben: None}


async def test_organisations_are_handed_on_as_they_are_and_those_that_are_one_by_the_id_of_the_other(
    members: Caller, other: Caller
) -> None:
    about: Json = {
        "identifiers": [{"scheme": "GB-CHC", "id": "1089464"}],
        "email": "choir@example.org",
        "tags": ["song"],
    }
    choir = (
        await members.post(
            "/v1/organisations", {"name": "Choir", **about, "external_ids": [{"system": "civicrm", "id": "12"}]}
        )
    )["id"]
    again, gone = await members.organisation("The choir"), new_id("org")
    await members.post(f"/v1/organisations/{choir}/merge", {"merged": again}, status=200)
    path, asked = "/internal/handed-on/organisations", {"purpose": PURPOSE, "organisations": [choir, again, gone]}
    found = await members.post(path, asked, status=200)
    (shown,) = found["organisations"]
    assert {name: shown[name] for name in about} == about
    assert (shown["organisation"], shown["external_ids"], shown["ended_on"]) == (choir, {"civicrm": ["12"]}, None)
    assert (found["merged"], found["unknown"], found["next"]) == ({again: choir}, [gone], None)
    assert (await other.post(path, asked, status=200))["organisations"] == []
    first = await members.post(path, {"purpose": PURPOSE, "limit": 1}, status=200)
    rest = await members.post(path, {"purpose": PURPOSE, "limit": 1, "after": first["next"]}, status=200)
    assert (first["next"], rest["organisations"], rest["next"]) == (choir, [], None)
