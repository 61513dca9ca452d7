"""The pass-through: what reaches a service, what comes back, and what happens when it does not."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared import clock
from shared.auth import verify
from shared.settings import Settings
from shared.upstream import HttpUpstream
from tests.gateway.running import Gateway

PERSON = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"


async def test_each_noun_reaches_the_service_that_owns_it_as_it_was_sent(gateway: Gateway) -> None:
    for service, path in (("members", "/v1/people"), ("measures", "/v1/places/E07000080"), ("grants", "/v1/rounds")):
        answer = await gateway.platform.get(f"{path}?limit=2&name=a%20b%2F%C3%A9")
        assert answer.status_code == 200
        asked = gateway.standins[service].asked[-1]
        assert (asked.method, asked.path, asked.query) == ("GET", path, "limit=2&name=a%20b%2F%C3%A9")


async def test_a_job_is_asked_of_the_service_that_its_id_names(gateway: Gateway) -> None:
    for service in ("members", "grants"):
        await gateway.platform.get(f"/v1/jobs/{service}_job_01j5x3m0e8f7v9q2k4t6w8y0ab/progress")
        assert gateway.standins[service].asked[-1].path.endswith("/progress")
    for nobody, status in (
        ("job_01j5x3m0e8f7v9q2k4t6w8y0ab", 422),
        ("gateway_job_01j5x3m0e8f7v9q2k4t6w8y0ab", 404),
        ("", 404),
    ):
        answer = await gateway.platform.get(f"/v1/jobs/{nobody}")
        assert answer.status_code == status, (nobody, answer.text)
    assert len(gateway.standins["measures"].asked) == 0


async def test_a_body_goes_through_untouched_in_both_directions(gateway: Gateway) -> None:
    members = gateway.standins["members"]
    members.status, members.body = 201, b'{"id":"\xc3\xa9"}'
    members.headers = [(b"backbone-position", b"members/x@1"), (b"etag", b'"1"')]
    sent = b"\x00\xffnot even text"
    answer = await gateway.platform.ask("POST", "/v1/sign-ups", content=sent, headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.content) == (201, members.body)
    assert (answer.headers["backbone-position"], answer.headers["etag"]) == ("members/x@1", '"1"')
    assert (members.asked[-1].body, members.asked[-1].headers["content-type"]) == (sent, "text/csv")


async def test_the_service_gets_a_token_for_itself_and_never_the_callers(gateway: Gateway) -> None:
    key = await gateway.key("people:read", "ladder:*")
    await key.get("/v1/people")
    asked = gateway.standins["members"].asked[-1]
    token = asked.headers["authorization"].removeprefix("Bearer ")
    principal = verify(token, "members", gateway.parts.secrets)
    me = (await key.get("/v1/me")).json()
    assert (principal.id, principal.movement) == (me["id"], me["movement"]["id"])
    assert {"people:read", "ladder:*"} <= principal.scopes
    assert key.token is not None
    assert key.token not in str(asked)


async def test_a_signed_in_user_stays_a_user_behind_the_gateway(gateway: Gateway) -> None:
    admin = await gateway.admin()
    await admin.get("/v1/people")
    token = gateway.standins["members"].asked[-1].headers["authorization"].removeprefix("Bearer ")
    assert verify(token, "members", gateway.parts.secrets).user == (await admin.get("/v1/me")).json()["user"]["id"]


async def test_what_a_caller_may_not_say_stays_behind(gateway: Gateway) -> None:
    forged = {
        "Backbone-Deadline": "99999999999999",
        "Backbone-Request-Id": "req_01j5x3m0e8f7v9q2k4t6w8y0ab",
        "Backbone-Principal": "admin",
        "Cookie": "a=b",
        "Connection": "keep-alive, X-Secret",
        "X-Secret": "1",
        "X-Forwarded-For": "127.0.0.1",
        "TE": "trailers",
    }
    passed = {"Idempotency-Key": "once", "If-Match": '"1"', "Accept": "text/csv", "Accept-Language": "cy"}
    await gateway.platform.get("/v1/people", headers=forged | passed)
    headers = gateway.standins["members"].asked[-1].headers
    assert headers.items() >= {name.lower(): value for name, value in passed.items()}.items()
    assert "cookie" not in headers
    assert not [name for name in headers if name.startswith("x-") or name in {"te", "connection", "backbone-principal"}]
    assert headers["backbone-request-id"] != forged["Backbone-Request-Id"]
    assert int(headers["backbone-deadline"]) <= (time.time() + 11) * 1000


async def test_a_trace_goes_on_and_the_request_id_is_the_same_everywhere(gateway: Gateway) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await gateway.platform.get("/v1/people", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    asked = gateway.standins["members"].asked[-1]
    assert asked.headers["traceparent"].split("-")[1] == trace
    assert asked.headers["backbone-request-id"] == answer.headers["backbone-request-id"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/people/%2e%2e/%2e%2e/metrics", 400),
        ("/v1/people/.%2e/x", 400),
        ("/v1/people/%5c..%5cmetrics", 400),
        ("/v1/people/%00", 400),
        ("/v1/.people", 404),
        ("/v1/nothing", 404),
        ("/v1/people.json", 404),
        ("/v1//people", 404),
    ],
)
async def test_a_path_that_leaves_its_noun_reaches_no_service(gateway: Gateway, path: str, status: int) -> None:
    answer = await gateway.platform.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert not any(standin.asked for standin in gateway.standins.values())


async def test_browsers_are_told_what_not_to_do_with_an_answer(gateway: Gateway) -> None:
    for answer in (await gateway.platform.get("/v1/people"), await gateway.stranger.get("/v1/people")):
        assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
        told = [answer.headers[name] for name in ("x-content-type-options", "referrer-policy", "cache-control")]
        assert told == ["nosniff", "no-referrer", "no-store"]


async def test_a_service_that_refuses_the_gateways_token_is_no_fault_of_the_callers(gateway: Gateway) -> None:
    gateway.standins["members"].status = 401
    answer = await gateway.platform.get("/v1/people")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_a_service_that_is_away_is_a_problem_at_once(gateway: Gateway) -> None:
    upstreams = gateway.parts.upstreams
    assert isinstance(upstreams, dict)
    upstreams["grants"] = HttpUpstream("http://127.0.0.1:9")
    answer = await gateway.platform.get("/v1/rounds")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "retry-after" in answer.headers


class TestWithAShortDeadline:
    """A gateway that gives up early."""

    @pytest.fixture
    def gateway_settings(self, gateway_url: str, tmp_path: Path) -> Settings:
        return Settings(
            data_dir=tmp_path, database=SecretStr(gateway_url), request_timeout=0.7, max_body=2048, rate_limit=20
        )

    async def test_a_service_that_hangs_is_given_up(self, gateway: Gateway) -> None:
        gateway.standins["members"].hangs = True
        answer = await gateway.platform.get("/v1/people")
        assert (answer.status_code, answer.json()["code"]) == (504, "deadline_passed")

    async def test_a_body_over_the_limit_is_refused_whether_it_says_its_length_or_not(self, gateway: Gateway) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"x" * 1000

        for content in (b"x" * 3000, chunks()):
            answer = await gateway.platform.ask("POST", "/v1/sign-ups", content=content)
            assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")
        assert gateway.standins["members"].asked == []

    async def test_a_credential_has_so_many_requests_a_minute_and_is_told(self, gateway: Gateway) -> None:
        with clock.frozen(clock.now()):  # no minute ends meanwhile
            key = await gateway.key("people:read")
            first = await key.get("/v1/people")
            assert first.headers["ratelimit-policy"] == '"default";q=20;w=60'
            assert first.headers["ratelimit"].startswith('"default";r=19;t=')
            refused_too = await key.get("/v1/users")
            assert (refused_too.status_code, refused_too.headers["ratelimit"][:14]) == (403, '"default";r=18')
            for _ in range(18):
                await key.get("/v1/people")
            over = await key.get("/v1/people")
            assert (over.status_code, over.json()["code"]) == (429, "too_many_requests")
            assert 0 < int(over.headers["retry-after"]) <= 60
            assert over.headers["ratelimit"].startswith('"default";r=0;t=')
            assert len(gateway.standins["members"].asked) == 19
            assert (await gateway.platform.get("/v1/people")).status_code == 200
