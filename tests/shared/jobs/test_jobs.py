"""Jobs: done in steps, one at a time in a movement, stopped at any step and gone on with, and shown as they go."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import orm

from shared import clock
from shared.ids import new_id
from shared.jobs import domain, worker
from shared.jobs.tables import job_files
from shared.jobs.work import LEASE_MS
from shared.settings import Settings
from shared.testing.eventually import eventually
from tests.shared.jobs.service import Trial, Wanted, running


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path)
    return Settings(data_dir=tmp_path, database=SecretStr(request.getfixturevalue("postgres_url")))


@pytest.fixture
async def trial(settings: Settings) -> AsyncIterator[Trial]:
    async with running(settings) as started:
        yield started


async def test_a_job_is_done_and_says_what_came_of_it(trial: Trial) -> None:
    job = await trial.ask(Wanted(3))
    await eventually(lambda: trial.is_in(job, "succeeded"))
    shown = await trial.shown(job)
    assert (shown["done"], shown["total"], shown["result"]) == (3, 3, {"written": 3})
    assert shown["failure"] is None
    assert await trial.written() == [1, 2, 3]


async def test_a_job_that_was_stopped_goes_on_where_it_was(settings: Settings) -> None:
    async with running(settings) as first:
        first.writing.before[3] = asyncio.Event()
        job = await first.ask(Wanted(5))
        await eventually(lambda: 3 in first.writing.reached)
    with clock.frozen(clock.now() + timedelta(milliseconds=LEASE_MS + 1)):  # on PostgreSQL another life has to wait
        async with running(settings, first.movement) as second:
            await eventually(lambda: second.is_in(job, "succeeded"))
            assert (second.writing.reached, await second.written()) == ({3, 4, 5}, [1, 2, 3, 4, 5])


async def test_who_lost_the_lease_changes_nothing_more(settings: Settings, trial: Trial) -> None:
    trial.writing.before[2] = asyncio.Event()
    job = await trial.ask(Wanted(3))
    await eventually(lambda: 2 in trial.writing.reached)
    await trial.parts.db.write(_gives_to_another, job)
    trial.writing.before[2].set()
    await eventually(lambda: trial.writing.under_way == 0)
    assert await trial.written() == [1]


async def test_a_cancelled_job_is_undone(trial: Trial) -> None:
    trial.writing.before[3] = asyncio.Event()
    job = await trial.ask(Wanted(5))
    await eventually(lambda: 3 in trial.writing.reached)
    assert (await trial.client.post(f"/v1/jobs/{job}/cancel")).status_code == 202
    trial.writing.before[3].set()
    await eventually(lambda: trial.is_in(job, "cancelled"))
    assert await trial.written() == []
    again = await trial.client.post(f"/v1/jobs/{job}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "job_cannot_be_cancelled")


async def test_a_job_that_is_cancelled_while_it_waits_is_undone_as_well(trial: Trial) -> None:
    """Whoever asked for it may have noted that it was asked for: a mailing would be on its way for ever."""
    trial.writing.before[1] = asyncio.Event()
    await trial.ask(Wanted(count=1))
    await eventually(lambda: 1 in trial.writing.reached)
    waiting = await trial.ask(Wanted(count=2))
    assert (await trial.client.post(f"/v1/jobs/{waiting}/cancel")).status_code == 202
    trial.writing.before[1].set()
    await eventually(lambda: trial.is_in(waiting, "cancelled"))
    assert trial.writing.undone == [waiting]
    assert 2 not in trial.writing.reached


async def test_a_job_past_recall_cannot_be_cancelled(trial: Trial) -> None:
    trial.writing.before[3] = asyncio.Event()
    job = await trial.ask(Wanted(3, settle_at=2))
    await eventually(lambda: 3 in trial.writing.reached)
    assert (await trial.client.post(f"/v1/jobs/{job}/cancel")).status_code == 409
    trial.writing.before[3].set()
    await eventually(lambda: trial.is_in(job, "succeeded"))


async def test_a_job_that_refuses_has_failed_and_left_nothing(trial: Trial) -> None:
    job = await trial.ask(Wanted(3, refuse_at=3))
    await eventually(lambda: trial.is_in(job, "failed"))
    assert (await trial.shown(job))["failure"] == {"code": "too_much", "detail": "no more than that"}
    assert await trial.written() == []


async def test_a_job_that_breaks_is_tried_again_a_few_times_and_then_undone(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MOST_ATTEMPTS", 2)
    job = await trial.ask(Wanted(3, break_at=2))
    with clock.frozen(clock.now()) as stopped:

        async def over() -> bool:
            stopped.advance(timedelta(seconds=20))
            return (await trial.parts.db.read(domain.read, trial.movement, job)).state == "failed"

        await eventually(over)
    failure = (await trial.shown(job))["failure"]
    assert failure == {"code": "internal_error", "detail": "it failed again and again"}
    assert await trial.written() == []


async def test_a_kind_that_nobody_knows_fails(trial: Trial) -> None:
    job = await trial.ask(Wanted(1), kind="unheard_of")
    await eventually(lambda: trial.is_in(job, "failed"))


async def test_jobs_of_one_movement_wait_for_each_other_and_those_of_two_do_not(trial: Trial) -> None:
    trial.writing.before[1] = asyncio.Event()
    one, other = new_id("movement"), new_id("movement")
    for movement in (one, one, other):
        await trial.ask(Wanted(2), movement)
    await eventually(lambda: trial.writing.under_way == 2)
    trial.writing.before[1].set()
    await eventually(lambda: _have_written(trial, 6))
    assert trial.writing.most_at_once == 2


async def test_faults_are_downloaded_as_csv_that_no_spreadsheet_runs(trial: Trial) -> None:
    job = await trial.ask(Wanted(2, fault="=1+1"))
    await eventually(lambda: trial.is_in(job, "succeeded"))
    answered = await trial.client.get(f"/v1/jobs/{job}/faults")
    assert answered.text.splitlines() == [
        "row,column,pointer,code,reason", "1,'=1+1,,wrong,is wrong", "2,'=1+1,,wrong,is wrong",
    ]  # fmt: skip
    assert (await trial.shown(job))["fault_count"] == 2


async def test_progress_is_streamed_until_the_job_is_over(trial: Trial) -> None:
    trial.writing.before[2] = asyncio.Event()
    job = await trial.ask(Wanted(2))
    await eventually(lambda: 2 in trial.writing.reached)
    watching = asyncio.create_task(trial.client.get(f"/v1/jobs/{job}/progress"))
    trial.writing.before[2].set()
    events = (await watching).text.strip().split("\r\n\r\n")
    assert [event.splitlines()[1] for event in events] == ["event: progress"] * len(events)
    assert '"state":"succeeded"' in events[-1]
    last = events[-1].splitlines()[0].removeprefix("id: ")
    seen = await trial.client.get(f"/v1/jobs/{job}/progress", headers={"last-event-id": last})
    assert seen.text == "", "what was received already is not sent again"


async def test_a_job_of_another_movement_is_not_there(trial: Trial) -> None:
    job = await trial.ask(Wanted(1), new_id("movement"))
    for method, path in (("GET", ""), ("GET", "/progress"), ("GET", "/faults"), ("POST", "/cancel")):
        assert (await trial.client.request(method, f"/v1/jobs/{job}{path}")).status_code == 404


async def test_the_file_of_a_job_is_kept_until_it_is_over_and_no_longer(trial: Trial) -> None:
    trial.writing.before[1] = asyncio.Event()
    answered = await trial.client.post("/v1/lines", content=b"x" * 3)
    assert answered.status_code == 202, answered.text
    assert await trial.parts.db.read(_pieces) == 1
    trial.writing.before[1].set()
    await eventually(lambda: trial.is_in(answered.json()["id"], "succeeded"))
    assert await trial.parts.db.read(_pieces) == 0


async def _have_written(trial: Trial, count: int) -> bool:
    return len(await trial.written()) == count


def _gives_to_another(session: orm.Session, job: str) -> None:
    session.execute(sa.text("UPDATE jobs SET holder = 'another' WHERE id = :job"), {"job": job})


def _pieces(session: orm.Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(job_files)) or 0
