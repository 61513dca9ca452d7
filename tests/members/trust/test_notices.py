"""What people were told: every version of a notice, and who was given which, however it came to them."""

from datetime import timedelta

import pytest

from shared import clock
from shared.ids import new_id
from shared.testing.caller import Json, faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.trust.test_permissions import GIVEN

TODAY = clock.now().date()
PRIVACY: Json = {"name": "privacy", "version": "2026-01", "address": "https://example.org/privacy"}
NAMED = {"name": "privacy", "version": "2026-01", "language": "en"}


async def test_every_notice_that_somebody_was_given_is_listed_however_it_came(members: Caller) -> None:
    provenance = {"source": "paper_form", "basis": "consent", "notice": NAMED | {"version": "2025"}}
    person = str((await members.sign_up(provenance=provenance))["person"])
    given = await members.post(f"/v1/people/{person}/permissions", GIVEN | {"notice": NAMED | {"version": "2025-06"}})
    published = await members.post("/v1/notices", PRIVACY)
    assert (await members.get("/v1/notices", name="privacy"))["data"] == [published]
    told = await members.post(f"/v1/people/{person}/notices", {"notice": NAMED, "channel": "post"})
    listed = (await members.get(f"/v1/people/{person}/notices"))["data"]
    assert [row["notice"]["version"] for row in listed] == ["2025", "2025-06", "2026-01"]
    assert (listed[1]["record"], listed[2]) == (given["id"], told)


@ON_ONE_DATABASE
async def test_once_a_notice_is_kept_a_yes_names_one_of_its_versions(members: Caller) -> None:
    person = await members.person()
    await members.post("/v1/notices", PRIVACY)
    status, problem = await members.refused(f"/v1/people/{person}/permissions", GIVEN)
    assert (status, faults(problem)) == (422, {"/notice": "unknown_notice"})
    await members.post(f"/v1/people/{person}/permissions", GIVEN | {"notice": NAMED})
    said = {"person": {"given_name": "Ada"}, "permissions": [GIVEN]}
    assert faults((await members.refused("/v1/sign-ups", said))[1]) == {"/permissions/0/notice": "unknown_notice"}


@ON_ONE_DATABASE
async def test_a_version_is_published_once(members: Caller, other: Caller) -> None:
    await members.post("/v1/notices", PRIVACY)
    status, problem = await members.refused("/v1/notices", PRIVACY | {"address": "https://example.org/other"})
    assert (status, problem["code"]) == (409, "already_published")
    await members.post("/v1/notices", PRIVACY | {"language": "cy"})
    assert (await other.get("/v1/notices"))["data"] == []


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"notice": NAMED | {"version": "2"}}, {"/notice": "unknown_notice"}),
        ({"given_on": (TODAY + timedelta(days=1)).isoformat()}, {"/given_on": "in_the_future"}),
        ({"given_on": (TODAY - timedelta(days=1)).isoformat()}, {"/given_on": "before_publication"}),
        ({"channel": "pigeon"}, {"/channel": "enum"}),
    ],
)
async def test_nobody_was_given_what_was_not_there(
    members: Caller, said: dict[str, object], wrong: dict[str, str]
) -> None:
    await members.post("/v1/notices", PRIVACY)
    body = {"notice": NAMED, "channel": "post"} | said
    status, problem = await members.refused(f"/v1/people/{await members.person()}/notices", body)
    assert (status, faults(problem)) == (422, wrong)
    assert (await members.refused(f"/v1/people/{new_id('person')}/notices", {"notice": NAMED, "channel": "post"}))[
        0
    ] == 404
