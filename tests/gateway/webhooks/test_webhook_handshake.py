"""CloudEvents' handshake: who does not allow us by OPTIONS is sent nothing, and whoever names a rate is kept to it."""

from tests.gateway.outward import Json, Outward
from tests.gateway.receiver import Got, Say
from tests.gateway.running import ON_ONE_DATABASE

ENDPOINTS = "/v1/webhook-endpoints"


def asking(outward: Outward) -> Json:
    return {"url": outward.receiver.url("/hook"), "types": ["*"], "handshake": True}


def allows(outward: Outward, path: str, answers: int = 200, /, **headers: str) -> None:
    async def answer(got: Got) -> Say:
        return Say(answers, {f"webhook-allowed-{name}": value for name, value in headers.items()})

    outward.receiver.answers[path] = answer


ALLOWED: list[tuple[dict[str, str], int | None]] = [
    ({"origin": "*"}, None),
    ({"origin": "LocalHost", "rate": "*"}, None),
    ({"origin": "localhost", "rate": "120"}, 2),
    ({"origin": "localhost", "rate": "99999999999999"}, 10_000),
]
REFUSED: list[tuple[int, dict[str, str]]] = [
    (200, {}),
    (200, {"origin": "elsewhere.example"}),
    (405, {"origin": "*"}),
    (301, {"origin": "*"}),
    (200, {"origin": "*", "rate": "59"}),
    (200, {"origin": "*", "rate": "many"}),
]


@ON_ONE_DATABASE
async def test_a_receiver_that_allows_us_is_asked_once_and_kept_to_its_rate(outward: Outward) -> None:
    for said, per_second in ALLOWED:
        outward.receiver.got.clear()
        allows(outward, "/hook", **said)
        made = await outward.us.post(ENDPOINTS, asking(outward))

        (asked,) = outward.receiver.got
        assert asked.headers["webhook-request-origin"] == "localhost"
        assert (made["handshake"], made["per_second"]) == (True, per_second)


@ON_ONE_DATABASE
async def test_whoever_does_not_allow_us_becomes_no_endpoint(outward: Outward) -> None:
    for status, said in REFUSED:
        allows(outward, "/hook", status, **said)
        refused = await outward.us.client.post(ENDPOINTS, json=asking(outward))

        assert refused.status_code == 422
        assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/url", "handshake_refused")]
    assert (await outward.us.get(ENDPOINTS))["data"] == []


@ON_ONE_DATABASE
async def test_a_receiver_that_cannot_be_asked_is_refused_with_the_reason(outward: Outward) -> None:
    outward.receiver.breaks_off("/hook")
    refused = await outward.us.client.post(ENDPOINTS, json=asking(outward))

    assert "broken_off" in refused.json()["errors"][0]["reason"]


@ON_ONE_DATABASE
async def test_a_new_address_is_asked_too_and_an_endpoint_without_handshake_never(outward: Outward) -> None:
    allows(outward, "/hook", origin="*")
    made: Json = await outward.us.post(ENDPOINTS, asking(outward))
    path, any_version = f"{ENDPOINTS}/{made['id']}", {"if-match": "*"}
    other = {"url": outward.receiver.url("/other")}
    allows(outward, "/other")

    refused = await outward.us.client.patch(path, json=other, headers=any_version)
    given_up = await outward.us.client.patch(path, json={**other, "handshake": False}, headers=any_version)

    assert (refused.status_code, given_up.status_code) == (422, 200)
    assert [got.path for got in outward.receiver.got] == ["/hook", "/other"]
