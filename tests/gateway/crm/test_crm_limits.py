"""What vendors allow: how many records a call takes, how often they are called, and signing in again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.gateway.crm.mapping import packs
from services.gateway.crm.pace import Pace, Paced
from services.gateway.crm.vendors.calling import Dials
from services.gateway.crm.vendors.hubspot import HubSpot
from services.gateway.crm.vendors.salesforce import Salesforce
from services.gateway.crm.vendors.vendor import CrmLimited, Told
from shared.dialler import Dialler
from shared.testing.serving import served
from tests.gateway.crm.hubspot_server import TOKEN, HubSpotServer
from tests.gateway.crm.salesforce_server import SalesforceServer

HUBSPOT, SALESFORCE = packs()["hubspot", 1], packs()["salesforce", 1]


def somebody(number: int, **fields: str) -> Told:
    """Somebody whom nobody there knows."""
    return Told(f"person_{number}", None, {"firstname": f"Ada {number}", **fields})


@asynccontextmanager
async def hubspot(there: HubSpotServer, dialler: Dials | None = None) -> AsyncIterator[HubSpot]:
    async with served(there.app) as port:
        dials = dialler or Dialler(to_loopback=True)
        yield HubSpot(dials, f"http://127.0.0.1:{port}", TOKEN, HUBSPOT.person)


@asynccontextmanager
async def salesforce(there: SalesforceServer) -> AsyncIterator[Salesforce]:
    id_, secret = there.credentials["client_id"], there.credentials["client_secret"]
    async with served(there.app) as port:
        yield Salesforce(Dialler(to_loopback=True), f"http://127.0.0.1:{port}", id_, secret, SALESFORCE.person)


async def test_a_hundred_people_are_one_call_and_of_those_that_fail_each_is_known() -> None:
    there = HubSpotServer()
    there.made(email="taken@example.org")
    people = [somebody(number) for number in range(98)]
    people += [somebody(98, email="taken@example.org"), somebody(99, firstname="Ben")]
    there.refuses.add("Ben")
    async with hubspot(there) as crm:
        outcomes = await crm.tell(people)
    assert there.asked == ["POST /crm/v3/objects/contacts/batch/upsert"]
    assert {each.subject: each.code for each in outcomes if each.code} == {
        "person_98": "CONFLICT",
        "person_99": "VALIDATION_ERROR",
    }
    assert len({each.external_id for each in outcomes if each.code is None}) == 98


@pytest.mark.parametrize(("policy", "seconds"), [("TEN_SECONDLY_ROLLING", 7.0), ("DAILY", 3600.0)])
async def test_when_hubspot_counts_too_many_it_is_left_alone_as_long_as_its_window_lasts(
    policy: str, seconds: float
) -> None:
    there = HubSpotServer()
    there.answers(429, body={"policyName": policy}, retry_after="7")
    async with hubspot(there) as crm:
        with pytest.raises(CrmLimited) as limited:
            await crm.tell([somebody(1)])
    assert limited.value.wait == seconds


async def test_no_more_calls_are_made_in_ten_seconds_than_hubspot_takes() -> None:
    """Its clock is ours here: it would refuse the 101st."""
    there, now, waited = HubSpotServer(), [0.0], []

    class Patient(Pace):
        async def take(self) -> None:
            while (left := self.wait()) > 0:
                waited.append(left)
                now[0] += left
                there.calls_left = 100

    assert HUBSPOT.limit is not None
    there.calls_left = 100
    paced = Paced(Dialler(to_loopback=True), Patient(HUBSPOT.limit, lambda: now[0]))
    async with hubspot(there, paced) as crm:
        for number in range(101):
            assert (await crm.tell([somebody(number)]))[0].code is None
    assert waited == [10.0]


async def test_salesforce_is_signed_in_to_again_when_the_token_is_over_and_left_alone_when_the_day_is_used_up() -> None:
    there = SalesforceServer()
    ada = Told("person_1", None, {"FirstName": "Ada", "LastName": "Hall"})
    async with salesforce(there) as crm:
        assert (await crm.tell([ada]))[0].external_id is not None
        there.expire()
        assert (await crm.tell([ada]))[0].external_id is not None
        assert [asked.split("/")[-1] for asked in there.asked] == [
            "token", "Backbone_Id__c", "Backbone_Id__c", "token", "Backbone_Id__c",
        ]  # fmt: skip
        there.calls_left = 0
        with pytest.raises(CrmLimited) as limited:
            await crm.tell([ada])
    assert (limited.value.code, limited.value.wait) == ("REQUEST_LIMIT_EXCEEDED", 3600.0)
    assert len(there.records) == 1


async def test_two_hundred_people_are_one_call_of_salesforces_and_each_fails_by_itself() -> None:
    there = SalesforceServer()
    people = [Told(f"person_{number}", None, {"LastName": "Hall"}) for number in range(199)]
    async with salesforce(there) as crm:
        outcomes = await crm.tell([*people, Told("person_199", None, {"FirstName": "Ada"})])
    assert there.asked[1:] == ["PATCH /services/data/v61.0/composite/sobjects/Contact/Backbone_Id__c"]
    assert [each.code for each in outcomes if each.code] == ["REQUIRED_FIELD_MISSING"]
    assert len(there.records) == 199


async def test_two_hundred_people_are_read_and_deleted_by_calls_of_which_no_address_is_too_long() -> None:
    there = SalesforceServer()
    ids = [there.made(LastName="Hall") for _ in range(200)]
    async with salesforce(there) as crm:
        assert list(await crm.read(ids)) == ids
        forgotten = await crm.forget([Told(f"person_{number}", number, {}) for number in ids])
    assert ([each.external_id for each in forgotten], [each.code for each in forgotten]) == (ids, [None] * 200)
    assert there.records == {}
