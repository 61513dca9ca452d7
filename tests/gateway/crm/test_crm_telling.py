"""A CRM is told of whoever changes and permits it: each field in its own words, once, and in order."""

from datetime import timedelta

from services.gateway.crm.models import State
from shared import clock
from shared.events.members.directory import PersonCreated
from shared.events.members.merging import PersonMerged
from shared.events.members.trust import PermissionEnded
from shared.testing.eventually import eventually
from tests.gateway.crm.civicrm_server import CiviCrmServer
from tests.gateway.crm.connecting import CONNECTIONS, PURPOSE, THEIRS, Connected


async def test_whoever_becomes_known_is_in_the_crm_with_our_id_and_our_words(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        (ada,) = await crm.knows("Ada")
        await crm.told(connection, 1)
        (kept,) = there.records.values()
        assert kept == {
            "contact_type": "Individual", "source": "Backbone", "external_identifier": ada,
            "first_name": "Ada", "last_name": "Hall", "email_primary.email": "ada@example.org", "do_not_email": False,
        }  # fmt: skip
        await crm.edits(ada, given_name="Adah")
        await crm.told(connection, 1)
        assert [each["first_name"] for each in there.records.values()] == ["Adah"]
        told = await crm.calls(connection)
        assert [(call["person"], call["status"], call["code"]) for call in told] == [(ada, 200, None)] * 2


async def test_nothing_is_sent_of_what_it_has_already(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        (ada,) = await crm.knows("Ada")
        await crm.told(connection, 1)
        there.asked.clear()
        await crm.edits(ada)
        (ben,) = await crm.knows("Ben")
        await crm.told(connection, 2)
        assert len(there.asked) == 1
        assert {call["person"] for call in await crm.calls(connection)} == {ada, ben}


async def test_what_came_from_a_crm_is_not_told_to_it_but_to_every_other(crm: Connected) -> None:
    ours, others = CiviCrmServer(), CiviCrmServer()
    async with crm.to(ours) as connection, crm.to(others) as another:
        person = crm.members.knows("Ada")
        await crm.publish(PersonCreated(person=person), origin=connection["id"])
        await crm.told(another, 1)
        assert (await crm.read(connection))["linked"] == 0
        assert ours.asked == []


async def test_members_is_asked_for_the_organisation_and_the_purpose_and_nobody_is_told_of_who_is_withheld(
    crm: Connected,
) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        crm.members.withheld.add(crm.members.knows("Zoe"))
        (ada, _) = await crm.knows("Ada", "Ben")
        await crm.told(connection, 2)
        assert "Zoe" not in {record["first_name"] for record in there.records.values()}
        assert f'"purpose":"{PURPOSE}"' in crm.members.hand_overs[0].body.decode()
        crm.members.withheld.add(ada)
        yes = {"permission": "permission_1", "purpose": PURPOSE, "channel": "sharing"}
        await crm.publish(PermissionEnded(person=ada, **yes))
        await crm.told(connection, 2)
        of_ada = next(each for each in there.records.values() if each["external_identifier"] == ada)
        assert of_ada["is_opt_out"] is True
        assert of_ada["do_not_email"] is True


async def test_one_whom_the_crm_refuses_keeps_no_other_back_and_is_tried_when_something_changes(crm: Connected) -> None:
    there = CiviCrmServer()
    there.refuses.add("Ben")
    async with crm.to(there) as connection:
        (_, ben, _) = await crm.knows("Ada", "Ben", "Cy")
        found = await crm.told(connection, 2)
        assert found["stuck"] == 1
        assert [call["code"] for call in await crm.calls(connection) if call["person"] == ben] == ["civicrm_1"]
        await crm.edits(ben, given_name="Benn")
        assert (await crm.told(connection, 3))["stuck"] == 0


async def test_a_connection_of_an_organisation_that_no_agreement_covers_is_refused(crm: Connected) -> None:
    there = CiviCrmServer()
    body = crm.body(there, "http://127.0.0.1:9")
    refused = await crm.us.post(CONNECTIONS, {**body, "purpose": "newsletter"})
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement_missing")
    refused = await crm.us.post(CONNECTIONS, {**body, "organisation": THEIRS[:-1] + "d"})
    assert (refused.status_code, refused.json()["code"]) == (403, "agreement_missing")


async def test_credentials_are_never_shown_and_what_is_wrong_is_named_by_its_place(crm: Connected) -> None:
    there = CiviCrmServer()
    made = await crm.us.made(CONNECTIONS, crm.body(there, "http://127.0.0.1:9"))
    assert there.credentials["api_key"] not in str(made)
    assert made["status"] == State.ENABLED
    answered = await crm.us.post(CONNECTIONS, crm.body(there, "https://user@10.0.0.1"))
    assert answered.status_code == 422
    assert [fault["pointer"] for fault in answered.json()["errors"]] == ["/url"]
    wrong = {"credentials": {"token": "a-token-of-another"}, "pack_version": 99}
    answered = await crm.us.post(CONNECTIONS, crm.body(there, "http://127.0.0.1:9", **wrong))
    pointers = [fault["pointer"] for fault in answered.json()["errors"]]
    assert pointers == ["/credentials/api_key", "/credentials/token", "/pack_version"]


async def test_two_who_are_one_are_one_there_too_and_known_by_the_survivors_id(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        (jo,) = await crm.knows("Jo")
        await crm.told(connection, 1)
        joan = crm.members.knows("Joan")
        crm.members.merged[jo] = joan
        await crm.publish(PersonMerged(person=jo, into=joan, merge="merge_1"))
        await crm.told(connection, 1)
        (kept,) = there.records.values()
        assert (kept["external_identifier"], kept["first_name"]) == (joan, "Joan")


async def test_nothing_is_told_once_the_agreement_is_over_and_what_waits_is_told_under_the_next(crm: Connected) -> None:
    there = CiviCrmServer()
    async with crm.to(there) as connection:
        await crm.cover(until=clock.now().date() - timedelta(days=1))
        await crm.knows("Ada")

        async def disabled() -> bool:
            found = await crm.read(connection)
            return (found["status"], found["disabled_reason"]) == ("disabled", "agreement_expired")

        await eventually(disabled)
        await crm.knows("Ben")
        assert there.asked == []
        await crm.cover()
        await crm.change(connection, status="enabled")
        await crm.told(connection, 2)
