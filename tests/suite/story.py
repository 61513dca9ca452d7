"""The main job, through the public API alone: people join, figures are shared, a micro-grant is awarded."""

from dataclasses import dataclass
from typing import Any

import httpx

CANARY_NAME = "Zebedee Quillfeather"
CANARY_EMAIL = "zebedee.quillfeather@canary.example"
CANARY_PHONE = "07700 900421"
CANARY_WORDS = "I will walk to the lighthouse with Hepzibah"
CANARIES = (CANARY_NAME, "Zebedee", "Quillfeather", CANARY_EMAIL, "07700 900", "7700900421", "lighthouse", "Hepzibah")

PLACES = "code,name,kind\nE07000080,Forest of Dean,district\n"
FIGURES = "place,period,value\nE07000080,2015/16,21.2\nE07000080,2023/24,19.3\n"


@dataclass(frozen=True)
class Told:
    """What the story left behind: by the name of a path parameter, the id that stands there."""

    movement: str
    ids: dict[str, str]


async def post(client: httpx.AsyncClient, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
    """POST what must be accepted."""
    response = await client.post(path, json=body, **options)
    assert response.is_success, f"{path}: {response.status_code} {response.text}"
    answer: dict[str, Any] = response.json()
    return answer


async def tell(client: httpx.AsyncClient, platform: httpx.AsyncClient, receiver_url: str) -> Told:
    """Live through it as the movement that ``client`` speaks for; ``platform`` brings the places that all share."""
    endpoint = await post(client, "/v1/webhook-endpoints", {"url": receiver_url, "types": ["*"]})
    me = (await client.get("/v1/me")).json()
    joined = await post(client, "/v1/sign-ups", {
        "person": {
            "given_name": "Zebedee", "family_name": "Quillfeather",
            "emails": [{"address": CANARY_EMAIL}], "phones": [{"number": CANARY_PHONE}],
            "external_ids": [{"system": "crm", "id": f"story-{me['movement']['slug']}"}],
        },
        "permissions": [{"purpose": "news", "channel": "email", "decision": "given",
                         "notice": {"name": "privacy", "version": "2026-01"}}],
        "pledge": {"text": CANARY_WORDS},
    })  # fmt: skip
    activity = {"person": joined["person"], "kind": "attended", "on": "2026-11-01"}
    await post(client, "/v1/activities", activity)
    ids = {"person": joined["person"], "endpoint": endpoint["id"]}
    ids |= await _share_figures(client, platform, me["movement"]["slug"])
    ids |= await _award(client)
    deliveries = (await client.get(f"/v1/webhook-endpoints/{endpoint['id']}/deliveries")).json()["data"]
    if deliveries:
        ids["delivery"] = deliveries[0]["id"]
    return Told(me["movement"]["id"], ids)


async def _share_figures(client: httpx.AsyncClient, platform: httpx.AsyncClient, slug: str) -> dict[str, str]:
    csv = {"content-type": "text/csv"}
    places = await platform.post("/v1/places/imports", content=PLACES, headers=csv | {"backbone-movement": slug})
    assert places.status_code in (200, 201), places.text
    measure = await post(client, "/v1/measures", {"key": "inactive_adults", "title": "Inactive adults"})
    version = await post(client, f"/v1/measures/{measure['id']}/versions", {
        "kind": "ratio", "unit": "percent", "direction": "lower_is_better", "period_type": "survey_year",
        "numerator_description": "Adults active for less than 30 minutes a week",
        "denominator_description": "All adults asked",
        "boundaries": "back_cast",
    })  # fmt: skip
    await post(client, f"/v1/measures/{measure['id']}/versions/{version['id']}/publish")
    imported = await client.post(
        "/v1/observations/imports",
        params={"measure_version": version["id"], "columns": "place:place,period:period,value:value"},
        content=FIGURES, headers=csv,
    )  # fmt: skip
    assert imported.status_code in (200, 201), imported.text
    observation = (await client.get("/v1/observations")).json()["data"][0]
    return {"measure": measure["id"], "version": version["id"], "import_id": imported.json()["id"],
            "observation": observation["id"], "code": "E07000080"}  # fmt: skip


async def _award(client: httpx.AsyncClient) -> dict[str, str]:
    fund = await post(
        client, "/v1/funds", {"name": "Seed fund", "grant_maker": "Action Together", "purpose": "Lonely?"}
    )
    money = {"amount": "5000.00", "currency": "GBP"}
    contribution = await post(client, f"/v1/funds/{fund['id']}/contributions",
                              {"funder": "A foundation", "promised": money, "cleared": money})  # fmt: skip
    round_ = await post(client, "/v1/rounds", {"fund": fund["id"], "title": "First round", "budget": money})
    await post(client, f"/v1/rounds/{round_['id']}/open")
    asked = {"amount": "750.00", "currency": "GBP"}
    application = await post(client, "/v1/applications", {
        "round": round_["id"], "group_name": "The Quillfeather walkers", "summary": CANARY_WORDS, "amount": asked,
    })  # fmt: skip
    award = await post(client, "/v1/awards", {"application": application["id"], "amount": asked})
    await post(client, f"/v1/awards/{award['id']}/accept")
    return {"fund_id": fund["id"], "contribution_id": contribution["id"], "round_id": round_["id"],
            "application_id": application["id"], "award_id": award["id"]}  # fmt: skip
