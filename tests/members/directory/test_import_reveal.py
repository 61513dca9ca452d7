"""What an import has written is seen by nobody until one update reveals it, and can be forgotten without a trace."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import orm

from services.members.base import Base
from services.members.directory.duplicates import looking
from services.members.directory.imports import domain, store
from services.members.directory.imports.rows import CheckedRow
from services.members.directory.imports.schemas import ImportQuery
from services.members.directory.people.models import LawfulBasis
from services.members.directory.people.schemas import NewPerson
from shared import clock
from shared.db import Bound, Context
from shared.db.infrastructure import outbox, outbox_sequence
from shared.ids import new_id
from shared.jobs import domain as jobs
from shared.needs import scopes
from shared.secrets import Secrets
from shared.testing.caller import faults
from tests.members.caller import Caller

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SAID = ImportQuery(source="crm", basis=LawfulBasis.LEGITIMATE_INTERESTS)


class Staged:
    """An import that has written its people and not revealed them."""

    def __init__(self, app: FastAPI, movement: str, **besides: object) -> None:
        self.id = jobs.id_for("members")
        self.movement = movement
        self.secrets: Secrets = app.state.parts.secrets
        self.db: Bound = app.state.parts.db.on_behalf(Context(movement=movement, actor="key_of_a_test"))
        self.rows: Sequence[CheckedRow] = [
            CheckedRow(
                number,
                NewPerson.model_validate(
                    {
                        "given_name": name,
                        "emails": [{"address": f"{name}@example.org", "primary": True}],
                        "tags": ["walker"],
                        "external_ids": [{"system": "crm", "id": name}],
                    }
                    | besides
                ),
                (),
            )
            for number, name in enumerate(("Ada", "Beryl", "Cleo"), 1)
        ]

    async def write(self) -> None:
        # The row of the import alone: with a job beside it the service's worker would carry it out.
        await self.db.write(_ask, self.movement, self.id)
        await self.db.write(domain.stage, self.movement, self.id, self.rows, SAID.provenance(self.id), self.secrets)


@pytest.fixture
async def staged(app: FastAPI, members: Caller) -> Staged:
    written = Staged(app, members.movement)
    await written.write()
    return written


async def test_nobody_sees_whom_an_import_has_written_on_any_path(members: Caller, staged: Staged) -> None:
    for query in ({}, {"q": "ada"}, {"tag": "walker"}, {"external_system": "crm", "external_id": "Ada"}):
        assert await members.every("/v1/people", **query) == []
    (person, *_) = await staged.db.read(store.staged, members.movement, staged.id, 10)
    assert (await members.client.get(f"/v1/people/{person}")).status_code == 404
    patched = await members.client.patch(f"/v1/people/{person}", json={"tags": []}, headers={"If-Match": "*"})
    assert patched.status_code == 404
    assert await members.published() == []


async def test_no_list_and_no_count_differs_by_whom_an_import_hides(members: Caller, app: FastAPI) -> None:
    """Every answer of every route is the same before and after, however often a person's double is looked for."""
    with clock.frozen(NOON):
        made = await _some_of_everything(members)
        await looking.look(app.state.parts, NOON)
        alike = {"interests": ["walking"], "postcode": "GL14 2AA", "custom": {"shoe": 7}, "age_band": "13_to_15"}
        staged = Staged(app, members.movement, **alike)
        ids = made | {"movement": members.movement}
        before = await _answers(members, ids)
        await staged.write()
        await looking.look(app.state.parts, NOON)
        after = await _answers(members, ids)
    assert len(before) > 75
    assert {path for path in before if before[path] != after[path]} == {"/v1/imports"}, "it says that there is one"


async def test_the_id_of_somebody_hidden_is_nobodys(members: Caller, staged: Staged) -> None:
    made = await _some_of_everything(members)
    (person, *_), nobody = await staged.db.read(store.staged, members.movement, staged.id, 10), new_id("person")
    theirs, nobodys = [await _answers(members, {"person": each}, "/v1/people/{person}") for each in (person, nobody)]
    assert [answer.replace(person, nobody) for answer in theirs.values()] == [*nobodys.values()]
    status, problem = await members.refused("/v1/activities", {"person": person, "kind": "walk", "on": "2026-05-01"})
    assert (status, faults(problem)) == (422, {"/person": "unknown_person"})
    status, problem = await members.refused("/v1/pledges", {"person": person, "text": "Walk."})
    assert (status, faults(problem)) == (422, {"/person": "unknown_person"})
    assert (await members.refused(f"/v1/people/{person}/merge", {"merged": made["person"]}))[0] == 404
    status, problem = await members.refused(f"/v1/people/{made['person']}/merge", {"merged": person})
    assert (status, faults(problem)) == (422, {"/merged": "unknown_person"})
    called = {"external_ids": [{"system": "crm", "id": "Ada"}]}
    for path, body in (
        ("/v1/sign-ups", {"person": {"given_name": "Ada"} | called}),
        ("/v1/people", {"person": {"given_name": "Ada"} | called, "provenance": {"source": "us", "basis": "consent"}}),
        (f"/v1/people/{made['person']}/external-ids", {"system": "crm", "id": "Ada"}),
    ):
        answered = await members.client.post(path, json=body, headers={"If-Match": "*"})
        assert (answered.status_code, person in answered.text) == (409, False), path


async def test_one_update_shows_them_all_and_their_events_follow(members: Caller, staged: Staged) -> None:
    await staged.db.write(domain.reveal, members.movement, staged.id)
    people = [person["id"] for person in await members.every("/v1/people", q="ada")]
    assert len(await members.every("/v1/people")) == 3
    assert await members.published() == []
    assert await staged.db.write(domain.release_some, members.movement, staged.id, 2) == 2
    assert await staged.db.write(domain.release_some, members.movement, staged.id, 2) == 1
    assert await staged.db.write(domain.release_some, members.movement, staged.id, 2) == 0
    assert await members.published(*people) == [("person.created", {"person": people[0]})]
    assert len(await members.published()) == 3


async def test_what_is_edited_between_the_reveal_and_its_event_is_told_after_it(
    members: Caller, staged: Staged
) -> None:
    await staged.db.write(domain.reveal, members.movement, staged.id)
    (ada,) = await members.every("/v1/people", q="ada")
    await members.client.patch(f"/v1/people/{ada['id']}", json={"tags": []}, headers={"If-Match": "*"})
    while await staged.db.write(domain.release_some, members.movement, staged.id, 10):
        pass
    events = await members.published(ada["id"])
    assert sorted(kind for kind, _ in events) == ["person.created", "person.updated"]
    assert await staged.db.read(_first_event_of, ada["id"]) == "person.created"


async def test_a_failed_import_leaves_no_trace(members: Caller, staged: Staged) -> None:
    while await staged.db.write(domain.forget_some, members.movement, staged.id, 2):
        pass
    assert await staged.db.read(_rows_left) == {"people_imports": 1}
    assert await members.person("Ada", external_ids=[{"system": "crm", "id": "Ada"}])


async def test_what_a_hidden_person_has_is_taken_for_nobodys(members: Caller, staged: Staged) -> None:
    compared = await staged.db.read(domain.compare, members.movement, staged.rows, staged.secrets)
    assert [fault.code for fault in compared.faults] == ["id_taken"] * 3


async def _some_of_everything(members: Caller) -> dict[str, str]:
    """Somebody to be compared with those who are hidden, and the ids that paths are filled with."""
    shoe = {"of": "person", "key": "shoe", "name": "Shoe", "kind": "number"}
    await members.post("/v1/custom-fields", shoe)
    known = {"tags": ["walker"], "interests": ["walking"], "custom": {"shoe": 7}, "postcode": "GL14 2AA"}
    ada = await members.person("Ada", emails=[{"address": "Ada@example.org", "primary": True}], **known)
    joan, walkers = await members.person("Joan"), await members.organisation()
    await members.did(ada, date(2026, 5, 1))
    filters = {"all": [{"custom": {"key": "shoe", "at_least": 1}}, {"tag": "walker"}]}
    segment = await members.post("/v1/segments", {"name": "Walkers", "filter": filters})
    case = await members.post("/v1/connections", {"person": joan, "connector": ada})
    return {"person": ada, "organisation": walkers, "segment": segment["id"], "connection": case["id"]}


async def _answers(members: Caller, ids: Mapping[str, str], of: str = "/") -> dict[str, str]:
    """What every route answers whose path begins so and can be filled with these ids."""
    read = [route.removeprefix("GET ") for route in scopes(members.app) if route.startswith(f"GET {of}")]
    filled = [re.sub(r"{(\w+)}", lambda name: ids.get(name[1], name[0]), path) for path in read]
    asked = {"/v1/directory": "?q=ada", "/v1/knowledge/search": "?q=ada", "/v1/network/changes": "?before=2026-01-01"}
    answers = {}
    for path in filled:
        if "{" not in path:
            answered = await members.client.get(path + asked.get(path, ""))
            assert answered.status_code < 500, path
            answers[path] = f"{answered.status_code} {re.sub('req_[0-9a-z]+', 'req', answered.text)}"
    return answers


def _ask(session: orm.Session, movement: str, job: str) -> None:
    domain.ask(session, movement, job, SAID)
    session.execute(sa.text("DELETE FROM jobs WHERE id = :job"), {"job": job})


def _first_event_of(session: orm.Session, person: str) -> str | None:
    query = sa.select(outbox.c.type).where(outbox.c.key == person).order_by(outbox.c.sequence)
    return session.scalar(query.limit(1))


def _rows_left(session: orm.Session) -> dict[str, int]:
    tables = [*Base.metadata.sorted_tables, outbox, outbox_sequence]
    counted = {table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables}
    return {name: count for name, count in counted.items() if count}
