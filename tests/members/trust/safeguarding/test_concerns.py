"""A concern: raised by anybody in a word, seen on the same day, advised on or referred, and closed; told to nobody."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from services.members.trust.safeguarding.concerns.models import ConcernNotice
from shared import clock
from shared.db.infrastructure import idempotency
from shared.db.session import Session
from shared.ids import new_id
from shared.parts import Parts
from shared.secrets import Secrets
from shared.testing.caller import Json, faults
from shared.testing.eventually import eventually
from shared.testing.service import ON_ONE_DATABASE, Alone
from tests.gateway.receiver import Receiver
from tests.members.caller import Caller

WORDS = "He flinches when the door opens, and says that he fell."


async def raised(user: Caller, **more: object) -> Json:
    return await user.post("/v1/concerns", {"words": WORDS, **more})


@pytest.fixture
async def volunteer(app: FastAPI, vouching: Secrets, members: Caller) -> Caller:
    """Somebody who is signed in, and may do only what everybody may."""
    everybodys = frozenset({"concerns:read", "concerns:write"})
    return Caller(app, vouching, members.movement, everybodys, user=new_id("user"))


async def test_anybody_raises_a_concern_in_words_alone_and_sees_that_it_was_seen(
    volunteer: Caller, user: Caller, lead: Caller
) -> None:
    receipt = await raised(volunteer)
    assert (await volunteer.get("/v1/concerns/raised"))["data"] == [receipt]
    assert (receipt["acknowledge_by"], receipt["acknowledged_at"]) == (receipt["raised_at"][:10], None)
    assert "words" not in receipt
    assert (await user.get("/v1/concerns/raised"))["data"] == []
    acknowledged = await lead.post(f"/v1/concerns/{receipt['id']}/acknowledge", status=200)
    (seen,) = (await volunteer.get("/v1/concerns/raised"))["data"]
    assert seen == receipt | {"acknowledge_by": None, "acknowledged_at": acknowledged["acknowledged_at"]}


async def test_the_lead_answers_step_by_step_and_what_was_said_stays_as_it_was(
    members: Caller, volunteer: Caller, lead: Caller
) -> None:
    about = await members.person("Tom")
    concern = (await raised(volunteer, about=about, action="I sat with him."))["id"]
    path = f"/v1/concerns/{concern}"
    await lead.post(f"{path}/acknowledge", status=200)
    await lead.post(f"{path}/notes", {"words": "Rang the home."})
    sent = {"to": "MASH", "reference": "M-1", "words": "By telephone and in writing."}
    referred = await lead.post(f"{path}/refer", sent, status=200)
    assert referred["due_on"] == (clock.now().date() + timedelta(days=7)).isoformat()
    closed = await lead.post(f"{path}/close", {"words": "They have opened a case."}, status=200)
    assert (closed["state"], closed["due_on"], closed["words"], closed["about"]) == ("closed", None, WORDS, about)
    assert [(each["became"], each["referred_to"]) for each in closed["done"]] == [
        ("acknowledged", None),
        (None, None),
        ("referred", "MASH"),
        ("closed", None),
    ]
    assert closed == await lead.get(path)
    assert (await lead.refused(f"{path}/notes", {"words": "More."}))[1]["code"] == "concern_closed"


@ON_ONE_DATABASE
async def test_nobody_closes_what_was_neither_advised_on_nor_referred(volunteer: Caller, lead: Caller) -> None:
    path = f"/v1/concerns/{(await raised(volunteer))['id']}"
    for first in ("advise", "close"):
        assert (await lead.refused(f"{path}/{first}", {"words": "Fine."}))[1]["code"] == "illegal_transition"
    await lead.post(f"{path}/acknowledge", status=200)
    assert (await lead.refused(f"{path}/close", {"words": "Fine."}))[1]["code"] == "illegal_transition"
    await lead.post(f"{path}/advise", {"words": "Keep an eye on it."}, status=200)
    assert (await lead.post(f"{path}/close", {"words": "It was nothing."}, status=200))["state"] == "closed"


@ON_ONE_DATABASE
async def test_concerns_are_found_by_whom_they_are_about_their_state_and_what_is_late(
    members: Caller, volunteer: Caller, lead: Caller
) -> None:
    tom, twin = await members.person("Tom"), await members.person("Tom")
    first, second = [(await raised(volunteer, about=about))["id"] for about in (twin, None)]
    await members.post(f"/v1/people/{tom}/merge", {"merged": twin}, status=200)
    (found,) = (await lead.get("/v1/concerns", about=tom))["data"]
    assert (found["id"], found["about"]) == (first, tom)
    changed = await lead.client.patch(f"/v1/concerns/{second}", json={"about": tom}, headers={"If-Match": '"1"'})
    assert changed.json()["about"] == tom
    assert [each["id"] for each in (await lead.get("/v1/concerns", about=twin))["data"]] == [first, second]
    await lead.post(f"/v1/concerns/{first}/acknowledge", status=200)
    assert [each["id"] for each in (await lead.get("/v1/concerns", state="raised"))["data"]] == [second]
    assert (await lead.get("/v1/concerns", overdue="true"))["data"] == []
    assert [each["id"] for each in await lead.every("/v1/concerns", limit=1)] == [first, second]


@ON_ONE_DATABASE
async def test_a_concern_that_cannot_be_is_refused_by_its_place(
    members: Caller, other: Caller, volunteer: Caller, lead: Caller
) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    for more, pointer in (
        ({"words": ""}, "/words"),
        ({"about": await other.person()}, "/about"),
        ({"happened_on": tomorrow}, "/happened_on"),
    ):
        status, problem = await volunteer.refused("/v1/concerns", {"words": WORDS, **more})
        assert (status, list(faults(problem))) == (422, [pointer])
    assert (await members.refused("/v1/concerns", {"words": WORDS}))[0] == 403  # a key is nobody who saw anything
    concern = (await raised(volunteer))["id"]
    await lead.post(f"/v1/concerns/{concern}/acknowledge", status=200)
    late = {"words": "Look again.", "due_on": "2020-01-01"}
    assert faults((await lead.refused(f"/v1/concerns/{concern}/advise", late))[1]) == {"/due_on": "in_the_past"}


async def test_a_second_click_raises_nothing_twice_and_what_is_kept_of_it_tells_nothing(
    app: FastAPI, volunteer: Caller, lead: Caller
) -> None:
    key = {"Idempotency-Key": "click-1"}
    first, again = [await volunteer.client.post("/v1/concerns", json={"words": WORDS}, headers=key) for _ in range(2)]
    assert first.json() == again.json()
    assert len((await lead.get("/v1/concerns"))["data"]) == 1
    parts: Parts = app.state.parts

    def kept(session: Session) -> str:
        return str([tuple(row) for row in session.execute(idempotency.select())])

    stored = await parts.db.read(kept)
    assert stored.count(volunteer.movement) == 1
    assert not [text for text in ("concern", "click-1", "key_", "POST") if text in stored]


async def test_for_every_other_role_there_is_no_concern_and_the_log_tells_of_none(
    volunteer: Caller, members: Caller, user: Caller, lead: Caller
) -> None:
    concern = (await raised(volunteer))["id"]
    for another in (volunteer, members, user):
        for path in ("/v1/concerns", f"/v1/concerns/{concern}"):
            assert (await another.client.get(path)).status_code == 404
        assert (await another.refused(f"/v1/concerns/{concern}/acknowledge"))[0] == 404
    await lead.post(f"/v1/concerns/{concern}/acknowledge", status=200)
    assert await members.published() == []
    metrics = (await members.client.get("/metrics")).text.splitlines()
    counted = [line for line in metrics if 'service="members"' in line]  # of other services other tests tell
    assert counted
    assert not [line for line in counted if any(told in line for told in ("concern", "protected", "apart", "check"))]


async def test_the_lead_is_told_the_id_and_nothing_else_until_it_is_taken(
    service: Alone,
    service_url: str,
    tmp_path: Path,
    secrets_dir: Path,
    vouching: Secrets,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with Receiver().running() as receiver:
        receiver.says("/lead", 503, 200)
        monkeypatch.setenv("BACKBONE_CONCERN_NOTICE_URL", receiver.url("/lead"))
        monkeypatch.setenv("BACKBONE_WEBHOOKS_TO_LOOPBACK", "true")
        async with (
            service.running(service_url, tmp_path, secrets_dir) as app,
            Caller(app, vouching, new_id("movement"), user=new_id("user")) as anybody,
        ):
            concern = (await raised(anybody))["id"]
            await eventually(lambda: len(receiver.at("/lead")) == 2)
            await eventually(lambda: app.state.parts.db.read(_nothing_to_tell))
    for got in receiver.at("/lead"):
        assert got.event["concern"] == concern
        assert "flinches" not in got.body.decode()


def _nothing_to_tell(session: Session) -> bool:
    return session.scalar(sa.select(ConcernNotice.concern)) is None
