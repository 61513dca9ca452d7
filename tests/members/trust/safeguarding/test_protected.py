"""Who is protected: recorded by safeguarding alone, sealed, and true of whoever somebody turns out to be."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from services.members.trust.safeguarding.models import Term
from services.members.trust.safeguarding.protected.models import ProtectedPerson
from services.members.trust.safeguarding.protected.store import protected
from shared.db.session import Session
from shared.parts import Parts
from shared.secrets import Secrets
from shared.testing.caller import faults
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller

WHY = "A court order: nobody is to learn where she is."


async def everybody(app: FastAPI, movement: str) -> frozenset[str]:
    def asked(session: Session) -> frozenset[str]:
        return protected(session, movement)

    parts: Parts = app.state.parts
    return await parts.db.read(asked)


async def protect(lead: Caller, person: str) -> str:
    return str((await lead.post("/v1/protected-people", {"person": person, "reason": WHY}))["id"])


async def test_somebody_is_protected_until_it_is_ended(app: FastAPI, members: Caller, lead: Caller) -> None:
    ada = await members.person("Ada")
    assert await everybody(app, members.movement) == frozenset()
    made = await protect(lead, ada)
    assert await everybody(app, members.movement) == {ada}
    assert (await lead.refused("/v1/protected-people", {"person": ada, "reason": WHY}))[1][
        "code"
    ] == "already_protected"
    ended = await lead.post(f"/v1/protected-people/{made}/end", status=200)
    assert (ended["version"], ended["ended_at"] is None) == (2, False)
    assert await everybody(app, members.movement) == frozenset()
    assert [(await lead.get("/v1/protected-people", in_force=asked))["data"] for asked in ("true", "false")] == [
        [],
        [ended],
    ]


async def test_who_is_merged_with_somebody_protected_is_protected_and_is_not_once_they_are_apart_again(
    app: FastAPI, vouching: Secrets, members: Caller, lead: Caller
) -> None:
    ada, twin = await members.person("Ada"), await members.person("Ada")
    await protect(lead, twin)
    scopes = frozenset({"people:write", "safeguarding:read"})
    deputy = Caller(app, vouching, members.movement, scopes, user="user_1")
    await deputy.post(f"/v1/people/{ada}/merge", {"merged": twin}, status=200)
    assert await everybody(app, members.movement) == {ada, twin}
    (listed,) = (await lead.get("/v1/protected-people"))["data"]
    assert listed["person"] == ada
    await deputy.post(f"/v1/people/{twin}/unmerge", status=200)
    assert await everybody(app, members.movement) == {twin}


@ON_ONE_DATABASE
async def test_the_reason_is_edited_at_the_version_that_was_read(lead: Caller, members: Caller) -> None:
    path = f"/v1/protected-people/{await protect(lead, await members.person())}"
    read = await lead.client.get(path)
    changes, tag = {"review_on": "2027-01-01"}, {"If-Match": read.headers["etag"]}
    changed = await lead.client.patch(path, json=changes, headers=tag)
    assert (changed.status_code, changed.json()["review_on"], changed.json()["reason"]) == (200, "2027-01-01", WHY)
    assert (await lead.client.patch(path, json=changes, headers=tag)).status_code == 412
    assert (await lead.client.patch(path, json=changes)).status_code == 428


async def test_a_row_shows_nothing_without_the_keys_and_cannot_take_anothers_place(
    app: FastAPI, members: Caller, lead: Caller
) -> None:
    ada, eve = await members.person("Ada"), await members.person("Eve")
    made, _ = await protect(lead, ada), await protect(lead, eve)
    parts: Parts = app.state.parts

    def rows(session: Session) -> str:
        tables = (ProtectedPerson, Term)
        return str([tuple(row) for table in tables for row in session.execute(sa.select(table.__table__))])

    stored = await parts.db.read(rows)
    assert made in stored
    assert not [text for text in (ada, ada.removeprefix("person_"), "court", "recorded_at") if text in stored]

    def swap(session: Session) -> None:
        first, second = session.scalars(sa.select(ProtectedPerson).order_by(ProtectedPerson.id)).all()
        first.sealed, second.sealed = second.sealed, first.sealed

    await parts.db.write(swap)
    assert (await lead.client.get(f"/v1/protected-people/{made}")).status_code == 500


@pytest.mark.parametrize("scopes", ["*", "*:read *:write", "people:* connections:*"])
@ON_ONE_DATABASE
async def test_for_every_other_role_there_is_nothing_there(
    app: FastAPI, vouching: Secrets, members: Caller, lead: Caller, scopes: str
) -> None:
    made = await protect(lead, await members.person())
    async with Caller(app, vouching, members.movement, frozenset(scopes.split()), user="user_1") as another:
        for path in ("/v1/protected-people", f"/v1/protected-people/{made}", "/v1/keep-apart"):
            assert (await another.client.get(path)).status_code == 404
        assert (await another.refused("/v1/protected-people", {"person": "nobody"}))[0] == 404


@ON_ONE_DATABASE
async def test_somebody_of_another_movement_is_unknown_here(lead: Caller, other: Caller) -> None:
    status, problem = await lead.refused("/v1/protected-people", {"person": await other.person(), "reason": WHY})
    assert (status, faults(problem)) == (422, {"/person": "unknown_person"})
