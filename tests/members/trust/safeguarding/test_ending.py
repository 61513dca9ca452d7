"""What is kept for safeguarding goes once it has been over for as long as the settings say, and only then."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.members.trust.safeguarding.ending import look
from shared import clock
from shared.testing.caller import Json
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import edit

NOW = clock.now()
A_CENTURY, HALF_A_YEAR = timedelta(days=36_525), timedelta(days=190)
STEPS: tuple[tuple[str, Json], ...] = (
    ("acknowledge", {}),
    ("advise", {"words": "Keep watch."}),
    ("close", {"words": "It was nothing."}),
)


async def closed(user: Caller, lead: Caller, about: str) -> str:
    """The id of a concern that was closed today."""
    concern = str((await user.post("/v1/concerns", {"words": "He flinches.", "about": about}))["id"])
    for step, body in STEPS:
        await lead.post(f"/v1/concerns/{concern}/{step}", body, status=200)
    return concern


async def test_what_is_over_goes_when_its_time_is_over_and_what_is_not_stays(
    members: Caller, user: Caller, lead: Caller
) -> None:
    zeb, wendy = await members.person("Zeb"), await members.person("Wendy")
    await closed(user, lead, zeb)
    still_open = (await user.post("/v1/concerns", {"words": "He flinches again.", "about": zeb}))["id"]
    pair = await lead.post("/v1/keep-apart", {"person": zeb, "other": wendy})
    await lead.post(f"/v1/keep-apart/{pair['id']}/end", status=200)
    assert await kept(lead, "due") == {"concerns": 0, "checks": 0, "protected_people": 0, "kept_apart": 0}
    with clock.frozen(NOW + HALF_A_YEAR):
        await look(members.app.state.parts)
        assert (await kept(lead, "kept"))["concerns"] == 2
    with clock.frozen(NOW + A_CENTURY):
        assert await kept(lead, "due") == {"concerns": 1, "checks": 0, "protected_people": 0, "kept_apart": 1}
        await look(members.app.state.parts)
        assert [row["id"] for row in (await lead.get("/v1/concerns"))["data"]] == [still_open]
        assert (await lead.get("/v1/keep-apart"))["data"] == []
    count = sa.text("SELECT count(*) FROM safeguarding_terms")
    assert await members.app.state.parts.db.read(lambda session: session.scalar(count)) == 2
    assert await members.published(still_open) == []


@ON_ONE_DATABASE
async def test_a_check_that_ended_goes_much_sooner(members: Caller, lead: Caller) -> None:
    day = (NOW - timedelta(days=3)).date().isoformat()
    body = {"person": await members.person("Zeb"), "role": "community_host", "jurisdiction": "england"}
    rule = {"acts": ["host"], "asks": "basic", "at_most": "basic", "eligibility": "Alone.", "source": "PA 1997, s 112"}
    await edit(lead, "/v1/checks/roles/community_host/england", rule | {"renew_days": None}, method="PUT")
    seen = {"level": "basic", "number": "001234567890", "issued_on": day, "seen_on": day}
    check = await lead.post("/v1/checks", body | seen)
    await lead.post(f"/v1/checks/{check['id']}/end", status=200)
    with clock.frozen(NOW + HALF_A_YEAR):
        await look(members.app.state.parts)
        assert (await lead.get("/v1/checks"))["data"] == []


@ON_ONE_DATABASE
async def test_the_lead_keeps_a_concern_for_longer_by_naming_a_day(members: Caller, user: Caller, lead: Caller) -> None:
    concern = await closed(user, lead, await members.person("Zeb"))
    day = (NOW + A_CENTURY + timedelta(days=10)).date().isoformat()
    shown = await edit(lead, f"/v1/concerns/{concern}/keep", {"until": day}, method="POST")
    assert shown["kept_until"] == day
    for later, left in ((A_CENTURY, [concern]), (A_CENTURY + timedelta(days=12), [])):
        with clock.frozen(NOW + later):
            await look(members.app.state.parts)
            assert [row["id"] for row in (await lead.get("/v1/concerns"))["data"]] == left


@pytest.mark.parametrize("path", ["/v1/concerns/retention"])
@ON_ONE_DATABASE
async def test_how_long_is_for_safeguarding_alone(members: Caller, user: Caller, path: str) -> None:
    for caller in (members, user):
        assert (await caller.client.get(path)).status_code == 404


async def kept(lead: Caller, what: str) -> dict[str, int]:
    """By kind how many records are kept, or due."""
    shown: Json = await lead.get("/v1/concerns/retention")
    return {each["kind"]: each[what] for each in shown["data"]}
