"""A trace follows one change from the request to the last attempt at a webhook."""

from pathlib import Path
from typing import Any

import httpx

from shared.testing.eventually import eventually
from tests.gateway.receiver import Receiver
from tests.suite.processes import embedded


async def test_a_change_is_followed_from_its_request_to_the_webhook(tmp_path: Path, receiver: Receiver) -> None:
    suite = embedded(tmp_path)
    try:
        await suite.start()
        async with suite.client() as client:
            endpoint = {"url": receiver.url("/"), "types": ["person.*"]}
            assert (await client.post("/v1/webhook-endpoints", json=endpoint)).is_success
            made = await client.post("/v1/sign-ups", json={"person": {"given_name": "Ada", "family_name": "Lovelace"}})
            assert made.status_code == 201, made.text
            person, request = made.json()["person"], made.headers["backbone-request-id"]

            async def arrived() -> dict[str, Any] | None:
                event = await _created(client, request)
                there = all(each["state"] == "applied" for each in event["projections"])
                return event if there and event["deliveries"] and event["deliveries"][0]["attempts"] else None

            event = await eventually(arrived, within=30)
            assert (event["service"], event["subject"], event["causation"]) == ("members", person, request)
            assert (event["sequence"], event["topic"]) == (1, "backbone.members")
            assert event["written_at"] <= event["published_at"]
            assert event["position"] is not None
            assert {"gateway"} <= {each["service"] for each in event["projections"]}
            (delivery,) = event["deliveries"]
            assert (delivery["status"], delivery["attempts"][0]["status"]) == ("succeeded", 200)
            for other in (person, event["id"]):  # by the entity and by the event it is the same
                assert await _created(client, other) == event
            assert "Lovelace" not in (await client.get(f"/v1/trace/{person}")).text
    finally:
        suite.stop()


async def _created(client: httpx.AsyncClient, subject: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/trace/{subject}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = next(each for each in answer.json()["events"] if each["type"] == "person.created")
    return found
