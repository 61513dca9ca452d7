"""What the gateway answers without a credential: the health of the suite, its contracts, its first start."""

import base64
import hashlib
import json
import re

from sqlalchemy import orm

from services.gateway.access.api_keys.models import ApiKey
from services.gateway.access.bootstrap import FirstStart, bootstrap
from services.gateway.access.users.models import User
from services.gateway.overview.handlers import CONSUMER
from shared import metrics
from shared.errors import Unavailable
from shared.upstream import UpstreamResponse
from tests.gateway.running import Gateway

HEALTHY = b'{"service":"members","status":"ok","parts":[]}'


async def test_health_tells_of_the_gateways_parts_and_of_every_service(gateway: Gateway) -> None:
    for standin in gateway.standins.values():
        standin.body = HEALTHY
    answer = await gateway.stranger.get("/health")
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, "ok")
    assert sorted(told["services"]) == ["grants", "measures", "members"]
    assert {"database", "bus", "relay"} <= {part["name"] for part in told["parts"]}


async def test_a_service_that_is_away_makes_the_suite_degraded_and_says_why(gateway: Gateway) -> None:
    class Away:
        async def request(self, method: str, path: str, **options: object) -> UpstreamResponse:
            raise Unavailable("grants cannot be reached")

        async def close(self) -> None:
            return None

    for standin in gateway.standins.values():
        standin.body = HEALTHY
    upstreams = gateway.parts.upstreams
    assert isinstance(upstreams, dict)
    upstreams["grants"] = Away()
    answer = await gateway.stranger.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["services"]["grants"] == {
        "service": "grants",
        "status": "down",
        "why": "grants cannot be reached",
    }


async def test_metrics_tell_how_far_a_consumer_is_behind_whether_or_not_anybody_asks_for_health(
    gateway: Gateway,
) -> None:
    metrics.lag.labels("gateway", CONSUMER).set(-1)
    told = (await gateway.stranger.get("/metrics")).text
    assert f'backbone_lag{{part="{CONSUMER}",service="gateway"}} 0.0' in told


async def test_the_services_are_not_asked_for_every_caller_of_health(gateway: Gateway) -> None:
    for standin in gateway.standins.values():
        standin.body = HEALTHY
    for _ in range(5):
        await gateway.stranger.get("/health")
    assert len(gateway.standins["members"].asked) <= 2


async def test_the_contracts_are_for_everybody(gateway: Gateway) -> None:
    openapi = await gateway.stranger.get("/v1/openapi.json")
    assert (openapi.status_code, openapi.json()["openapi"]) == (200, "3.1.0")
    asyncapi = await gateway.stranger.get("/v1/asyncapi.json")
    assert (asyncapi.status_code, asyncapi.json()["asyncapi"]) == (200, "3.0.0")
    assert '"schemas/' not in asyncapi.text


async def test_the_page_of_documentation_lists_every_route_and_loads_nothing_from_elsewhere(gateway: Gateway) -> None:
    page = await gateway.stranger.get("/docs")
    assert page.status_code == 200
    for path in (await gateway.stranger.get("/v1/openapi.json")).json()["paths"]:
        assert path in page.text
    assert "http://" not in page.text.replace('"http://www.w3.org', "")
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert page.text.count("<script") == 1


async def test_the_first_start_happens_once(gateway: Gateway) -> None:
    pepper = gateway.parts.secrets.pepper
    again = await gateway.parts.db.write(bootstrap, movement_name="Another", given_key=None, pepper=pepper)
    assert again is None
    assert len((await gateway.platform.get("/v1/movements")).json()["data"]) == 1


async def test_of_the_first_start_only_hashes_are_stored(gateway: Gateway) -> None:
    def stored(session: orm.Session) -> str:
        rows = [*session.query(ApiKey), *session.query(User)]
        return json.dumps([{key: str(value) for key, value in vars(row).items()} for row in rows])

    text = await gateway.parts.db.read(stored)
    assert gateway.first.key is not None
    assert gateway.first.key not in text
    assert gateway.first.password not in text


async def test_a_key_of_the_owners_choice_is_taken_as_it_is(gateway: Gateway) -> None:
    chosen = "any string: of 32 characters or more, é!"

    def from_the_start(session: orm.Session) -> FirstStart | None:
        for row in [*session.query(ApiKey), *session.query(User)]:
            session.delete(row)
        session.flush()
        movement = (session.connection().exec_driver_sql("DELETE FROM movement")).rowcount
        assert movement == 1
        return bootstrap(session, movement_name="M", given_key=chosen, pepper=gateway.parts.secrets.pepper)

    first = await gateway.parts.db.write(from_the_start)
    assert first is not None
    assert first.key is None
    answer = await gateway.client.get("/v1/me", headers={b"Authorization": b"Bearer " + chosen.encode()})
    assert (answer.status_code, answer.json()["kind"]) == (200, "platform")
