"""The story of one voice, across services and under one trace: from a gathering to being told back.

Said at a gathering, put under a theme, taken up by a programme; two introductions find nothing alike, and grants drafts
a round; a group is formed, awarded and put on the map; somebody settles there, and whoever spoke hears of it. What the
group's own report, figures and the page that composes the trace (`/trace/{id}`) will add is not built and not told.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared import clock
from shared.testing.eventually import eventually
from tests.suite.processes import Suite, embedded
from tests.suite.story import post

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PLACE, WORDS = "Matson", "I would love a garden group; since Hepzibah died I speak to nobody."
IN_ORDER = (
    *("gathering.state_changed", "voice.raised", "voice_theme.confirmed", "voice.themed", "voice.taken_up"),
    *("wish.unmet", "round_suggestion.made", "round.drafted", "round.opened", "application.submitted"),
    *(
        "award.offered",
        "award.accepted",
        "asset.state_changed",
        "introduction.state_changed",
        "connection.state_changed",
    ),
    *("voice.answered", "voice.told_back"),
)
ANY = {"if-match": "*"}


@pytest.fixture
def suite(tmp_path: Path) -> Iterator[Suite]:
    """The suite as one process, not yet started."""
    made = embedded(tmp_path)
    yield made
    made.kill()


async def test_one_voice_is_followed_from_a_gathering_until_it_is_told_back_under_one_trace(suite: Suite) -> None:
    await suite.start()
    async with suite.client() as client:
        client.headers["traceparent"] = f"00-{TRACE}-00f067aa0ba902b7-01"
        ada, clients = await _person(client, "Ada"), [await _person(client, name) for name in ("Cy", "Eve")]
        voice = await _spoken(client, ada)
        cases = [await _finds_nothing(client, each, ada) for each in clients]
        drafted = await eventually(lambda: _drafted(client))
        await _round(client, str(drafted))
        await _settled(client, cases[0], await _on_the_map(client))
        path = f"/v1/voices/{voice}"
        await post(client, f"{path}/answers", {"answer": "done"})
        told = await post(client, f"{path}/tell-back", {"how": "by telephone"})
        assert ([each["person"] for each in told["told"]], told["voice"]["state"]) == ([ada], "told_back")
        seen = await eventually(lambda: _all_under_the_trace(client))
    assert seen is not None
    first = [seen.index(kind) for kind in IN_ORDER]
    assert first == sorted(first)


async def _person(client: httpx.AsyncClient, name: str) -> str:
    return str((await post(client, "/v1/sign-ups", {"person": {"given_name": name}}))["person"])


async def _spoken(client: httpx.AsyncClient, ada: str) -> str:
    """What was said at a gathering, under a theme that a person confirmed, and taken up by a programme. Its id."""
    talk = {"kind": "community_conversation", "title": "Tea and talk", "audience": "members", "place_name": PLACE}
    gathering = (await post(client, "/v1/gatherings", talk))["id"]
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT12:00:00")
    await post(client, f"/v1/gatherings/{gathering}/slots", {"starts": tomorrow, "minutes": 60})
    await post(client, f"/v1/gatherings/{gathering}/publish", headers=ANY)
    hear = [{"person": ada, "channel": "phone"}]
    said = {"kind": "wish", "words": WORDS, "gathering": gathering, "place": PLACE, "speaker": ada, "hear": hear}
    voice = str((await post(client, "/v1/voices", said))["id"])
    theme = {"slug": "gardening", "name": "Gardens to meet in", "voices": [voice]}
    await post(client, "/v1/voices/themes", theme)
    lead = (await post(client, "/v1/organisations", {"name": "Active Gloucestershire"}))["id"]
    programme = await post(client, "/v1/programmes", {"name": "Outdoors", "lead": lead, "aims": "Meet outdoors."})
    await post(client, f"/v1/voices/{voice}/uptakes", {"by": "programme", "id": programme["id"]})
    return voice


async def _finds_nothing(client: httpx.AsyncClient, person: str, connector: str) -> str:
    """A connector's case for which nothing is on the map yet. Its id."""
    case = (await post(client, "/v1/connections", {"person": person, "connector": connector}))["id"]
    found = await post(client, f"/v1/connections/{case}/suggestions", {"interests": ["gardening"], "area": PLACE})
    assert found == {"data": [], "unmet": True}
    return str(case)


async def _drafted(client: httpx.AsyncClient) -> str | None:
    """The round that grants drafted of the wishes, once there is a fund for it."""
    if not (await client.get("/v1/funds")).json()["data"]:
        fund = {"name": "Seeds", "grant_maker": "Action Together", "purpose": "Fewer lonely people"}
        made, money = await post(client, "/v1/funds", fund), {"amount": "5000.00", "currency": "GBP"}
        cleared = {"funder": "A foundation", "promised": money, "cleared": money}
        await post(client, f"/v1/funds/{made['id']}/contributions", cleared)
    (suggestion,) = (await client.get("/v1/voices/round-suggestions")).json()["data"]
    assert (suggestion["theme"], suggestion["wishes"]) == ("gardening", 3)
    return str(suggestion["round"]) if suggestion["round"] else None


async def _round(client: httpx.AsyncClient, drafted: str) -> None:
    """The draft is completed and opened; a newly formed group asks, and is awarded what it asks for."""
    path, money = f"/v1/rounds/{drafted}", {"amount": "750.00", "currency": "GBP"}
    assert (await client.get(path)).json()["title"] == f"Gardens to meet in: {PLACE}"
    budget = {"budget": {"amount": "5000.00", "currency": "GBP"}}
    assert (await client.patch(path, json=budget, headers=ANY)).status_code == 200
    await post(client, f"{path}/open")
    asks = {"round": drafted, "group_name": "Matson gardeners", "summary": "Beds by the library.", "amount": money}
    application = (await post(client, "/v1/applications", asks))["id"]
    award = (await post(client, "/v1/awards", {"application": application, "amount": money}))["id"]
    await post(client, f"/v1/awards/{award}/accept")


async def _on_the_map(client: httpx.AsyncClient) -> str:
    """The group that was formed, on the map with its agreement. The asset's id."""
    group = (await post(client, "/v1/organisations", {"name": "Matson gardeners"}))["id"]
    asset = {"kind": "group", "title": "Matson gardeners", "organisation": group, "interests": ["gardening"]}
    made = (await post(client, "/v1/assets", {**asset, "place": {"area": PLACE}, "spare": 3}))["id"]
    agreed = await client.put(f"/v1/assets/{made}/agreement", json={"given_by": "the secretary", "how": "phone"})
    assert agreed.is_success, agreed.text
    await post(client, f"/v1/assets/{made}/verifications", {"how": "visit"})
    await post(client, f"/v1/assets/{made}/publish")
    return str(made)


async def _settled(client: httpx.AsyncClient, case: str, asset: str) -> None:
    path = f"/v1/connections/{case}"
    suggested = await post(client, f"{path}/suggestions", {"interests": ["gardening"], "area": PLACE})
    assert [each["asset"] for each in suggested["data"]] == [asset]
    permitted = {"asset": asset, "permission": {"authority": "self"}}
    introduction = (await post(client, f"{path}/introductions", permitted))["introductions"][0]["id"]
    for step, body in (("introduce", {}), ("attend", None), ("settle", None)):
        await post(client, f"{path}/introductions/{introduction}/{step}", body)


async def _all_under_the_trace(client: httpx.AsyncClient) -> list[str] | None:
    """The kinds of what the feed tells under the trace, by when it was, once it has told that the voice was told back.

    The feed has the order of each subject's events, and between subjects that of their arrival.
    """
    items, asked, more = list[dict[str, Any]](), {"limit": "200"}, True
    while more:
        page = (await client.get("/v1/events", params=asked)).json()
        items, asked["cursor"], more = items + page["data"], page["next_cursor"], page["has_more"]
    assert "Hepzibah" not in str(items)
    traced = [each for each in items if TRACE in (each.get("traceparent") or "")]
    kinds = [each["type"] for each in sorted(traced, key=lambda each: str(each["time"]))]
    return kinds if "voice.told_back" in kinds else None
