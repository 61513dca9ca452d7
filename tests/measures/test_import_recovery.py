"""Imports that were left behind: unseen until revealed, undone or finished when their lease has run out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from services.measures.imports.models import Counts, Source
from services.measures.observations import domain, recovery
from services.measures.observations.models import Amount, Figure, FigureStatus, Observation
from services.measures.periods import PeriodType, parse
from shared import clock
from shared.clock import Frozen
from shared.db import Bound, Context, Database, Session
from shared.ids import new_id
from shared.testing.eventually import eventually
from tests.measures.caller import Caller, rows

BEGUN = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIGURES = 1_200
"""More than two slices."""


@pytest.fixture
def stopped() -> Iterator[Frozen]:
    """The clock, to be moved by hand."""
    with clock.frozen(BEGUN) as frozen:
        yield frozen


class Interrupted:
    """An import that is run step by step and left at any of them."""

    def __init__(self, db: Database, movement: str, version: str) -> None:
        self.id = new_id("imp")
        self.db: Bound = db.on_behalf(Context(movement=movement, actor="key_of_a_test"))
        self.movement = movement
        self.source = Source(version, movement, "a test")

    async def begin(self, job: str | None = None) -> None:
        counts = Counts(rows=FIGURES)
        await self.db.write(domain.begin_import, self.movement, self.id, self.source, counts, job=job)

    async def stage(self) -> None:
        days = [datetime(2020, 1, 1, tzinfo=UTC).date() + timedelta(days=day) for day in range(FIGURES)]
        amount = Amount(FigureStatus.REPORTED, "7", None, None, None)
        figures = [Figure("E07000080", parse(day.isoformat(), PeriodType.DAY), "all", amount) for day in days]
        await self.db.write(domain.stage_figures, self.movement, self.id, self.source, figures)

    async def reveal(self) -> None:
        await self.db.write(domain.reveal, self.movement, self.id, Counts(new=FIGURES))

    async def announce_a_slice(self) -> bool:
        return await self.db.write(domain.announce_some, self.movement, self.id)


@pytest.fixture
async def version(measures: Caller) -> tuple[str, str]:
    """A published stock by day: the measure and the version."""
    await measures.places()
    return await measures.version("steps", kind="stock", unit="steps", period_type="day")


@pytest.fixture
async def interrupted(app: FastAPI, measures: Caller, version: tuple[str, str], stopped: Frozen) -> Interrupted:
    """An import that has begun and staged all its figures."""
    left = Interrupted(app.state.parts.db, measures.movement, version[1])
    await left.begin()
    await left.stage()
    return left


async def status(measures: Caller, left: Interrupted) -> str:
    return str((await measures.get(f"/v1/observations/imports/{left.id}"))["status"])


async def test_staged_figures_are_seen_by_nobody(
    measures: Caller, version: tuple[str, str], interrupted: Interrupted
) -> None:
    assert await measures.every("/v1/observations", revisions="all") == []
    assert await measures.points(version[0]) == []
    await interrupted.reveal()
    assert len(await measures.points(version[0])) == FIGURES


async def test_a_dry_run_compares_with_what_can_be_seen(
    measures: Caller, version: tuple[str, str], interrupted: Interrupted
) -> None:
    file = rows("E07000080,2020-01-01,9")
    before = (await measures.figures_sent(version[1], file, dry_run="true")).json()
    await interrupted.reveal()
    after = (await measures.figures_sent(version[1], file, dry_run="true")).json()
    assert (before["new"], before["revised"], after["new"], after["revised"]) == (1, 0, 0, 1)


async def test_a_version_takes_one_import_at_a_time(
    measures: Caller, version: tuple[str, str], interrupted: Interrupted
) -> None:
    refused = await measures.figures_sent(version[1], rows("E07000080,2026-05-01,9"))
    assert (refused.status_code, refused.json()["code"]) == (409, "import_in_progress")
    assert refused.headers["retry-after"] == "1"
    _, elsewhere = await measures.version("other", kind="stock", unit="steps", period_type="day")
    assert (await measures.figures(elsewhere, rows("E07000080,2026-05-01,9")))["new"] == 1


async def test_what_was_not_revealed_is_undone(
    app: FastAPI, measures: Caller, version: tuple[str, str], interrupted: Interrupted, stopped: Frozen
) -> None:
    await recovery.recover(app.state.parts.db)
    assert await status(measures, interrupted) == "writing"
    stopped.advance(domain.LEASE + timedelta(seconds=1))
    await recovery.recover(app.state.parts.db)
    await eventually(lambda: _is(measures, interrupted, "failed"))
    assert await app.state.parts.db.read(_stored) == 0
    assert [event for event, _ in await measures.published() if event.startswith("observation")] == []
    assert (await measures.figures(version[1], rows("E07000080,2020-01-01,9")))["new"] == 1


async def test_what_was_revealed_is_announced_to_the_end_and_only_once(
    app: FastAPI, measures: Caller, interrupted: Interrupted, stopped: Frozen
) -> None:
    await interrupted.reveal()
    assert await interrupted.announce_a_slice()
    stopped.advance(domain.LEASE + timedelta(seconds=1))
    await recovery.recover(app.state.parts.db)
    await eventually(lambda: _is(measures, interrupted, "recorded"))
    events = [(event, payload) for event, payload in await measures.published() if event.startswith("observation")]
    announced = [payload["observation"] for event, payload in events if event == "observation.recorded"]
    assert (len(announced), len(set(announced))) == (FIGURES, FIGURES)
    last = {"version": interrupted.source.version, "import_id": interrupted.id, "recorded": FIGURES}
    assert events[-1] == ("observations.imported", last)


async def test_only_one_of_two_takes_an_import_over(interrupted: Interrupted, stopped: Frozen) -> None:
    stopped.advance(domain.LEASE + timedelta(seconds=1))
    # The service's own worker may be the first.
    taken = [await interrupted.db.write(domain.take_over, interrupted.movement, interrupted.id) for _ in range(2)]
    assert taken[1] is None


async def test_who_comes_back_after_being_undone_writes_nothing(
    app: FastAPI, interrupted: Interrupted, stopped: Frozen
) -> None:
    stopped.advance(domain.LEASE + timedelta(seconds=1))
    await recovery.recover(app.state.parts.db)
    with pytest.raises(domain.ImportLapsed):
        await interrupted.stage()
    with pytest.raises(domain.ImportLapsed):
        await interrupted.reveal()


async def _is(measures: Caller, left: Interrupted, wanted: str) -> bool:
    return await status(measures, left) == wanted


def _stored(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Observation)) or 0


async def test_what_a_job_writes_is_left_to_the_job_which_can_undo_it(
    app: FastAPI, measures: Caller, version: tuple[str, str], stopped: Frozen
) -> None:
    of_a_job = Interrupted(app.state.parts.db, measures.movement, version[1])
    await of_a_job.begin(job="measures_job_of_a_test")
    await of_a_job.stage()
    stopped.advance(domain.LEASE * 1000)
    await recovery.recover(app.state.parts.db)
    assert await _is(measures, of_a_job, "writing")
    await of_a_job.db.write(domain.abandon, measures.movement, of_a_job.id)
    while await of_a_job.db.write(domain.discard_some, measures.movement, of_a_job.id):
        pass
    assert await _is(measures, of_a_job, "failed")
    assert await app.state.parts.db.read(lambda session: session.scalar(sa.select(sa.func.count(Observation.id)))) == 0
