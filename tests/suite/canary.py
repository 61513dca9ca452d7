"""Somebody who is planted everywhere before they are erased: by name, address and number, in every kind of text."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from shared.testing.eventually import eventually
from tests.gateway.receiver import Got, Receiver, Say
from tests.suite.story import PLACES, post

GIVEN, FAMILY, EMAIL = "Peregrine", "Thistlewick", "peregrine.thistlewick@canary.example"
OTHER_EMAIL, PHONE, PHONE_ABROAD = "perry@other-canary.example", "07700 900 817", "+44 7700 900817"
STREET = "14 Bracken Lane"
TRACES = (
    *(f"{GIVEN} {FAMILY}", FAMILY, FAMILY.upper(), FAMILY.lower(), EMAIL, EMAIL.upper(), OTHER_EMAIL, STREET),
    *(PHONE, PHONE_ABROAD, "07700900817", "7700900817", "7700 900817"),
)
"""What nothing may hold once they are erased."""
TELLING = {
    "traceparent": f"00-{'4bf92f35' * 4}-00f067aa0ba902b7-01",
    "tracestate": f"who={FAMILY}",
    "baggage": f"who={EMAIL}",
}
"""What a careless tool sends along with a request: no trace of ours may hold it."""
SPOKEN = f"{GIVEN} {FAMILY} of {STREET} ({EMAIL}, {PHONE_ABROAD}) opened the door."
"""What is written about them wherever anybody may write."""
PASSWORD = "a password that is long enough"
ADMIN = "admin@canary.example"


@dataclass(frozen=True)
class Planted:
    """Ids of what was planted, the admin's and the canary's own tokens."""

    person: str
    merged: str
    witness: str
    admin: str
    token: str
    knowledge: str
    circle: str


async def plant(client: httpx.AsyncClient, receiver: Receiver) -> Planted:
    """Plant them in every service; the witness is somebody else, who was there and stays."""
    receiver.answers["/talkative"] = _talkative
    await post(client, "/v1/webhook-endpoints", {"url": receiver.url("/talkative"), "types": ["*"]})
    person, merged = await _themselves(client)
    witness = await _witness(client, person)
    knowledge, circle = await _written(client, person, witness)
    await _elsewhere(client)
    admin, token = await _accounts(client, person)
    await _archives(client, admin, person, witness)
    await _looked_for(client)
    return Planted(person, merged, witness, admin, token, knowledge, circle)


async def _talkative(got: Got) -> Say:
    return Say(body=SPOKEN.encode())


async def _themselves(client: httpx.AsyncClient) -> tuple[str, str]:
    about: dict[str, Any] = {"given_name": GIVEN, "family_name": FAMILY, "postcode": "GL14 2AB"}
    signed_up = await client.post("/v1/sign-ups", json={
        "person": about | {"emails": [{"address": EMAIL}], "phones": [{"number": PHONE}], "access_needs": SPOKEN},
        "pledge": {"text": SPOKEN},
    }, headers={"idempotency-key": "canary-sign-up"})  # fmt: skip
    person = str(signed_up.json()["person"])
    file = f"external_id.crm,given_name,family_name,email\nc-1,Perry,{FAMILY},{OTHER_EMAIL}\n".encode()
    asked = await client.post("/v1/imports", params={"source": "crm", "basis": "consent"}, content=file)
    job = asked.json()["id"]
    await eventually(lambda: _succeeded(client, job), within=30)
    found = (await client.get("/v1/people", params={"external_system": "crm", "external_id": "c-1"})).json()["data"]
    merged = str(found[0]["id"])
    await post(client, f"/v1/people/{person}/merge", {"merged": merged})
    edited = await client.patch(f"/v1/people/{person}", json={"known_as": "Perry"}, headers={"if-match": "*"})
    assert edited.status_code == 200, edited.text
    return person, merged


async def _succeeded(client: httpx.AsyncClient, job: str) -> bool:
    return bool((await client.get(f"/v1/jobs/{job}")).json()["state"] == "succeeded")


async def _witness(client: httpx.AsyncClient, person: str) -> str:
    joined = await post(client, "/v1/sign-ups", {
        "person": {"given_name": "Wendy", "family_name": "Witness", "access_needs": f"rides with {SPOKEN}"},
        "brought_by": {"person": person},
    })  # fmt: skip
    witness = str(joined["person"])
    await post(client, "/v1/activities", {
        "person": witness, "counterpart": person, "kind": "walk", "on": "2026-10-01",
    })  # fmt: skip
    await post(client, "/v1/activities", {"person": person, "kind": "walk", "on": "2026-10-01"})
    await post(client, "/v1/nominations", {"nominee": witness, "giver": person, "words": SPOKEN})
    return witness


async def _written(client: httpx.AsyncClient, person: str, witness: str) -> tuple[str, str]:
    """What is written about them beside others, in members."""
    item = await post(client, "/v1/knowledge", {"kind": "story", "title": f"How {FAMILY} began", "body": SPOKEN})
    circle = await post(client, "/v1/circles", {"kind": "stewardship_circle", "name": "Circle", "purpose": SPOKEN})
    await post(client, f"/v1/circles/{circle['id']}/activate", headers={"if-match": "*"})
    await post(client, f"/v1/circles/{circle['id']}/decisions", {
        "decided_on": "2026-10-02", "what": SPOKEN, "why": "It was due.",
        "present": [{"role": "member", "people": 3}], "objections": [f"{FAMILY.upper()} did not agree"],
    })  # fmt: skip
    await post(client, "/v1/assets", {"kind": "group", "title": "Door openers", "description": SPOKEN})
    connection = {"person": person, "connector": witness, "conversation": SPOKEN}
    await post(client, "/v1/connections", connection)
    said = {"kind": "wish", "words": SPOKEN, "place": STREET}
    await post(client, "/v1/voices", said | {"speaker": person, "hear": [{"person": person}]})
    about = await post(client, "/v1/voices", said)
    await post(client, f"/v1/voices/{about['id']}/answers", {"answer": "no", "why": SPOKEN})
    gathering = await post(
        client, "/v1/gatherings", {"kind": "walk", "title": "Walk", "description": SPOKEN, "place_name": STREET}
    )
    slot = await post(client, f"/v1/gatherings/{gathering['id']}/slots", {
        "starts": "2027-03-01T10:00:00", "minutes": 60, "capacity": 1,
    })  # fmt: skip
    await post(client, f"/v1/gatherings/{gathering['id']}/publish", headers={"if-match": "*"})
    for booking in (person, witness):
        await post(client, f"/v1/gatherings/{gathering['id']}/bookings", {"slot": slot["id"], "person": booking})
    return str(item["id"]), str(circle["id"])


async def _elsewhere(client: httpx.AsyncClient) -> None:
    """What is written about them where nobody keeps people: in grants and in measures."""
    fund = await post(client, "/v1/funds", {"name": "Seed", "grant_maker": f"{GIVEN} {FAMILY}", "purpose": SPOKEN})
    money = {"amount": "5000.00", "currency": "GBP"}
    paid = {"funder": "A foundation", "promised": money, "cleared": money}
    await post(client, f"/v1/funds/{fund['id']}/contributions", paid)
    round_ = await post(client, "/v1/rounds", {"fund": fund["id"], "title": "First", "budget": money})
    await post(client, f"/v1/rounds/{round_['id']}/open")
    await post(client, "/v1/applications", {
        "round": round_["id"], "group_name": f"The {FAMILY} walkers", "summary": SPOKEN,
        "amount": {"amount": "750.00", "currency": "GBP"},
    })  # fmt: skip
    csv = {"content-type": "text/csv"}
    assert (await client.post("/v1/places/imports", content=PLACES, headers=csv)).is_success
    measure = await post(client, "/v1/measures", {"key": "doors", "title": "Doors", "description": SPOKEN})
    version = await post(client, f"/v1/measures/{measure['id']}/versions", {
        "kind": "ratio", "unit": "percent", "direction": "lower_is_better", "period_type": "survey_year",
        "numerator_description": f"Doors that {GIVEN} {FAMILY} opened", "denominator_description": "All doors",
        "boundaries": "back_cast",
    })  # fmt: skip
    await post(client, f"/v1/measures/{measure['id']}/versions/{version['id']}/publish")
    await post(client, "/v1/observations", {
        "measure_version": version["id"], "place": "E07000080", "period": "2015/16", "value": 21.2,
        "provenance": SPOKEN,
    })  # fmt: skip
    await post(client, "/v1/glossary", {"word": "door", "meaning": SPOKEN})
    await post(client, "/v1/stories", {
        "title": f"How {FAMILY} opened doors", "words": SPOKEN, "credit": f"{GIVEN} {FAMILY}", "told_on": "2026-10-02",
        "agreement": {"reach": "movement", "how": "spoken", "on": "2026-10-02"},
    })  # fmt: skip


async def _accounts(client: httpx.AsyncClient, person: str) -> tuple[str, str]:
    """An admin who sees to it, and the canary's own account; the tokens of both."""
    tokens = []
    for email, name, role, more in (
        (ADMIN, "Anna Admin", "admin", {}), (EMAIL, f"{GIVEN} {FAMILY}", "coordinator", {"person": person}),
    ):  # fmt: skip
        account = {"email": email, "name": name, "role": role, "password": PASSWORD, **more}
        await post(client, "/v1/users", account)
        signed_in = await client.post("/v1/sessions", json={"email": email, "password": PASSWORD})
        assert signed_in.status_code == 201, signed_in.text
        tokens.append(str(signed_in.json()["token"]))
    return tokens[0], tokens[1]


async def _archives(client: httpx.AsyncClient, admin: str, person: str, witness: str) -> None:
    """Archives of what is kept of them, and of the witness, whose own speaks of them."""
    signed_in = {"authorization": f"Bearer {admin}"}
    for one in (person, witness):
        request = await post(client, "/v1/requests", {"kind": "access", "how": "email", "person": one})
        await post(client, f"/v1/requests/{request['id']}/verify", {"identified": "known_to_us"}, headers=signed_in)
        made = await post(client, f"/v1/people/{one}/export", {"request": request["id"]}, headers=signed_in)
        await eventually(partial(_gathered, client, f"/v1/people/{one}/export/{made['id']}"), within=30)


async def _gathered(client: httpx.AsyncClient, path: str) -> bool:
    return bool((await client.get(path)).json()["state"] == "in_review")


async def _looked_for(client: httpx.AsyncClient) -> None:
    """What is asked for by name or address, in every part of a request: it is logged, counted and traced."""
    for path, status in (("/v1/people", 200), (f"/v1/people/{EMAIL}", 422), (f"/{FAMILY}/{EMAIL}", 404)):
        asked = await client.get(path, params={"q": f"{GIVEN} {FAMILY}"}, headers=TELLING)
        assert asked.status_code == status, asked.text
    wrong = {"person": {"given_name": GIVEN, "emails": [{"address": f"{EMAIL} {PHONE}"}], FAMILY: SPOKEN}}
    assert (await client.post("/v1/sign-ups", json=wrong, headers=TELLING)).status_code == 422
    wilma = await post(client, "/v1/sign-ups", {"person": {"given_name": "Wilma"}}, headers=TELLING)
    said = await post(client, f"/v1/people/{wilma['person']}/stops", headers=TELLING)
    await eventually(partial(_obeyed, client, f"/v1/people/{wilma['person']}/stops/{said['id']}"), within=30)


async def _obeyed(client: httpx.AsyncClient, path: str) -> bool:
    """Whether every part, here and elsewhere, has obeyed a stop."""
    return all(receipt["obeyed_at"] for receipt in (await client.get(path)).json()["receipts"])
