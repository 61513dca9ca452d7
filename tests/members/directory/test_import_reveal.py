"""What an import has written is seen by nobody until one update reveals it, and can be forgotten without a trace."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import orm

from services.members.base import Base
from services.members.directory.imports import domain, store
from services.members.directory.imports.rows import CheckedRow
from services.members.directory.imports.schemas import ImportQuery
from services.members.directory.people.models import LawfulBasis
from services.members.directory.people.schemas import Email, ExternalId, NewPerson
from shared.db import Bound, Context
from shared.db.infrastructure import outbox, outbox_sequence
from shared.jobs import domain as jobs
from tests.members.caller import Caller

SAID = ImportQuery(source="crm", basis=LawfulBasis.LEGITIMATE_INTERESTS)


class Staged:
    """An import that has written its people and not revealed them."""

    def __init__(self, app: FastAPI, movement: str) -> None:
        self.id = jobs.id_for("members")
        self.movement = movement
        self.db: Bound = app.state.parts.db.on_behalf(Context(movement=movement, actor="key_of_a_test"))
        self.rows: Sequence[CheckedRow] = [
            CheckedRow(
                number,
                NewPerson(
                    given_name=name,
                    emails=[Email(address=f"{name}@example.org", primary=True)],
                    tags=["walker"],
                    external_ids=[ExternalId(system="crm", id=name)],
                ),
                (),
            )
            for number, name in enumerate(("Ada", "Beryl", "Cleo"), 1)
        ]

    async def write(self) -> None:
        # The row of the import alone: with a job beside it the service's worker would carry it out.
        await self.db.write(_ask, self.movement, self.id)
        await self.db.write(domain.stage, self.movement, self.id, self.rows, SAID.provenance(self.id))


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
    compared = await staged.db.read(domain.compare, members.movement, staged.rows)
    assert [fault.code for fault in compared.faults] == ["id_taken"] * 3


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
