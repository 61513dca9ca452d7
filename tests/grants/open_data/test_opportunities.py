"""The open feed of rounds, in the shape of CommonGrants."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from shared import clock
from shared.secrets import Secrets
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.grants.caller import BECAUSE, Caller, gbp
from tests.grants.open_data.steps import TOLD, anybody

pytestmark = ON_ONE_DATABASE
FEED = "/open/we-can-move/opportunities"


@pytest.fixture
async def public(app: FastAPI, vouching: Secrets, grants: Caller) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever comes by way of the gateway without a key."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://grants", headers=TOLD, auth=anybody(grants, vouching)
    ) as client:
        yield client


async def items(public: httpx.AsyncClient, **query: int) -> list[Json]:
    answered = await public.get(FEED, params=query)
    assert answered.status_code == 200, answered.text
    return list(answered.json()["items"])


async def test_an_open_round_is_an_opportunity_in_the_words_of_the_protocol(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    closes = {"closes_at": "2026-07-31T16:00:00Z", "opens_at": "2026-06-01T08:00:00Z"}
    eligible = {"places": ["E07000080"], "kinds": ["newly_formed"], "themes": []}
    with clock.frozen(datetime(2026, 6, 2, tzinfo=UTC)):
        opened = await grants.open_round("5000.00", **closes, eligibility=eligible)
        (found,) = await items(public)
    assert str(UUID(found["id"])) == found["id"]
    assert found["title"] == (await grants.get(f"/v1/rounds/{opened}"))["title"]
    assert (found["description"], found["status"]["value"]) == ("Being active", "open")
    assert found["funding"] == {
        "totalAmountAvailable": gbp("5000.00"), "minAwardAmount": gbp("500.00"), "maxAwardAmount": gbp("2500.00"),
    }  # fmt: skip
    close = found["keyDates"]["closeDate"]
    assert (close["eventType"], close["date"], close["time"]) == ("singleDate", "2026-07-31", "17:00:00"), "in London"
    assert found["keyDates"]["otherDates"]["opens"]["time"] == "09:00:00"
    assert [each["customValue"] for each in found["acceptedApplicantTypes"]] == ["newly_formed"]
    assert found["customFields"]["places"]["value"] == ["E07000080"]
    assert found["customFields"]["funder"]["value"] == "Action Together"
    assert {"createdAt", "lastModifiedAt"} <= found.keys()
    assert found["source"] == f"https://data.example.org{FEED}/{found['id']}"
    one = (await public.get(f"{FEED}/{found['id']}")).json()
    assert (one["status"], one["message"], one["data"]["id"]) == (200, "Success", found["id"])


async def test_the_feed_says_what_is_coming_and_what_is_over_and_nothing_of_drafts(
    grants: Caller, public: httpx.AsyncClient
) -> None:
    await grants.draft(await grants.fund())
    assert await items(public) == []
    dates = {"opens_at": "2026-06-01T08:00:00Z", "closes_at": "2026-07-31T16:00:00Z"}
    with clock.frozen(datetime(2026, 5, 1, tzinfo=UTC)) as time:
        coming = await grants.draft(await grants.fund(), **dates)
        await grants.post(f"/v1/rounds/{coming}/publish")
        assert [each["status"]["value"] for each in await items(public)] == ["forecasted"]
        time.at = datetime(2026, 6, 2, tzinfo=UTC)
        await grants.post(f"/v1/rounds/{coming}/open")
        assert [each["status"]["value"] for each in await items(public)] == ["open"]
        time.at = datetime(2026, 7, 31, 16, tzinfo=UTC)
        assert [each["status"]["value"] for each in await items(public)] == ["closed"], "by its instant"
        await grants.post(f"/v1/rounds/{coming}/cancel", BECAUSE)
        assert await items(public) == []


async def test_the_feed_comes_in_pages_what_changed_last_first(grants: Caller, public: httpx.AsyncClient) -> None:
    for _ in range(3):
        await grants.open_round("500.00")
    answered = await public.get(FEED, params={"page": 2, "pageSize": 2})
    assert answered.json()["paginationInfo"] == {"page": 2, "pageSize": 2, "totalItems": 3, "totalPages": 2}
    (last,) = answered.json()["items"]
    everyone = await items(public)
    assert everyone[-1] == last
    assert everyone == sorted(everyone, key=lambda each: str(each["lastModifiedAt"]), reverse=True)
    known = {"if-none-match": answered.headers["etag"]}
    assert (await public.get(FEED, params={"page": 2, "pageSize": 2}, headers=known)).status_code == 304
    assert (await public.get(f"{FEED}/{UUID(int=1)}")).status_code == 404
