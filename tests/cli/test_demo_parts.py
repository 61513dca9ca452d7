"""Parts of the demo that a run cannot show: who is invented, what a receiver refuses, how a whole file is read."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook

from services.cli.demo import figures, invented
from services.cli.demo.client import Api
from services.cli.demo.receiver import Receiver
from services.cli.errors import Refused

SECRET = "whsec_" + "QkFDS0JPTkUtU0VDUkVULU9GLVRIRS1ERU1P"
EVENT = '{"id": "evt_1", "type": "award.offered"}'


def signed(secret: str, body: str) -> dict[str, str]:
    at = datetime.now(UTC)
    signature = Webhook(secret).sign("dlv_1", at, body)
    return {"webhook-id": "dlv_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}


async def deliver(receiver: Receiver, headers: dict[str, str], body: str = EVENT) -> int:
    transport = httpx.ASGITransport(receiver)
    async with httpx.AsyncClient(transport=transport, base_url="http://receiver") as http:
        return (await http.post("/", content=body, headers=headers)).status_code


async def test_a_signed_event_counts_once_however_often_it_comes() -> None:
    advanced: list[str] = []
    receiver = Receiver(lambda: advanced.append("one"))
    receiver.secret = SECRET
    assert await deliver(receiver, signed(SECRET, EVENT)) == 204
    assert await deliver(receiver, signed(SECRET, EVENT)) == 204
    assert (receiver.events, receiver.refused, advanced) == ({"evt_1"}, 0, ["one"])


async def test_an_event_that_is_not_signed_with_the_endpoints_secret_is_refused() -> None:
    receiver = Receiver(lambda: None)
    receiver.secret = SECRET
    assert await deliver(receiver, signed("whsec_" + "c29tZWJvZHkgZWxzZSdzIHNlY3JldCBhbHRvZ2V0aGVy", EVENT)) == 401
    assert await deliver(receiver, signed(SECRET, EVENT), EVENT.replace("evt_1", "evt_2")) == 401
    assert await deliver(receiver, {}) == 401
    assert (receiver.events, receiver.refused) == (set(), 3)


def test_whoever_brought_somebody_signs_up_before_them() -> None:
    rows = invented.generations(1000)
    place = {number: at for at, row in enumerate(rows) for number in row}
    assert sorted(place) == list(range(1000))
    bringers = [(number, invented.bringer(number)) for number in range(1000)]
    chained = [(number, by) for number, by in bringers if by is not None]
    assert len(chained) > 500
    assert all(place[by] < place[number] for number, by in chained)
    assert len(rows) > 4


def test_a_person_is_the_same_in_every_run_whoever_else_there_is() -> None:
    assert [invented.sign_up(number) for number in range(50)] == [invented.sign_up(number) for number in range(50)]
    assert len({str(invented.sign_up(number)) for number in range(50)}) == 50


def test_what_people_did_is_past_in_every_time_zone_and_counts_under_every_rule() -> None:
    today = date(2026, 3, 1)
    done = [(number, deed) for number in range(1000) for deed in invented.deeds(number, today)]
    assert all(2 <= (today - deed.on).days < 180 for _, deed in done)
    assert all(0 <= deed.with_person < number for number, deed in done if deed.with_person is not None)


def test_the_whole_published_file_gives_every_place_once_whatever_its_name_holds() -> None:
    data = os.environ.get("BACKBONE_TEST_DATA")
    if data is None:
        pytest.skip("BACKBONE_TEST_DATA does not say where the published files are")
    file = figures.read_file(Path(data) / "active-lives" / "inactive_adults.csv")
    assert file.rows == 3089
    assert len(file.places) == len({code for code, _, _ in file.places}) == 314
    assert "Bournemouth, Christchurch and Poole" in {name for _, name, _ in file.places}


async def test_a_request_that_comes_too_early_is_sent_again_and_one_that_is_refused_is_not() -> None:
    early = {"title": "Not known here yet", "code": "not_heard_of_yet"}
    answers = [
        httpx.Response(503, json=early, headers={"retry-after": "0"}),
        httpx.Response(429, text="slow down", headers={"retry-after": "0"}),
        httpx.Response(201, json={"id": "fund_1"}),
        httpx.Response(503, json={"title": "Not available", "code": "unavailable"}),
    ]
    sent = iter(answers)
    transport = httpx.MockTransport(lambda _: next(sent))
    async with httpx.AsyncClient(transport=transport, base_url="http://suite") as http:
        api = Api(http)
        assert (await api.post("/v1/funds", dict[str, str], {}))["id"] == "fund_1"
        with pytest.raises(Refused, match="was answered 503: Not available"):
            await api.post("/v1/funds", dict[str, str], {})
