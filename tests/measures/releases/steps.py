"""Figures of a county, and the steps of publishing them."""

from shared.auth import Principal
from shared.ids import new_id
from shared.secrets import Secrets
from shared.testing.caller import InternalToken, Json
from tests.measures.caller import Caller, rows

COUNTY = """code,name,kind,parent
E10000013,Gloucestershire,County,
E07000080,Forest of Dean,District,E10000013
E07000078,Cheltenham,District,E10000013
E07000079,Cotswold,District,E10000013
"""
WALKERS: Json = {"kind": "stock", "unit": "people", "period_type": "calendar_year"}
COUNTS = {"E10000013": 100, "E07000080": 4, "E07000078": 60, "E07000079": 36}


async def county(measures: Caller, counts: dict[str, int] = COUNTS, **definition: object) -> tuple[str, str]:
    """How many walk in a county and its three districts; the measure and its version."""
    await measures.places(COUNTY)
    measure, version = await measures.version("walkers", **(WALKERS | definition))
    if counts:
        await known(measures, version, counts)
    return measure, version


async def known(measures: Caller, version: str, counts: dict[str, int], year: int = 2025) -> None:
    """Figures as they are known now."""
    await measures.figures(version, rows(*(f"{place},{year},{count}" for place, count in counts.items())))


async def drafted(measures: Caller, version: str, **said: object) -> Json:
    """A release that is not checked yet."""
    return await measures.post("/v1/releases", {"measure_version": version, "title": "Who walks"} | said)


async def step(measures: Caller, release: Json, verb: str, body: Json | None = None) -> Json:
    """Take a step with a release."""
    headers = {"if-match": f'"{release["version"]}"'}
    answer = await measures.client.post(f"/v1/releases/{release['id']}/{verb}", json=body or {}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def checked(measures: Caller, version: str, **said: object) -> Json:
    """A release whose plan withstood its attack."""
    return await step(measures, await drafted(measures, version, **said), "check")


async def published(measures: Caller, version: str, **said: object) -> Json:
    """A release that is out."""
    return await step(measures, await checked(measures, version, **said), "publish")


async def figures_of(caller: Caller, release: Json) -> dict[str, float | None]:
    """What a release shows, by place."""
    data = await caller.get(f"/v1/releases/{release['id']}/data.json")
    return {figure["place"]: figure["value"] for figure in data["figures"]}


def anybody(measures: Caller, secrets: Secrets) -> InternalToken:
    """What the gateway vouches for where nobody signs in."""
    return InternalToken(Principal(new_id("key"), measures.movement, frozenset({"open:read"})), "measures", secrets)
