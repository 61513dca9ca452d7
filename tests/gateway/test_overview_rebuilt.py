"""The overview made anew from the log while it is read and written, by the command that does it."""

import asyncio

import pytest
import sqlalchemy as sa

from services.cli.errors import Refused
from services.cli.upkeep import UPKEEP, Work
from services.gateway.overview.handlers import CONSUMER
from services.gateway.overview.models import Total
from shared.consumer.rebuilding import CannotBeRebuilt
from shared.events.members.directory import PersonCreated
from shared.ids import new_id
from shared.testing.eventually import eventually
from tests.gateway.log import Log
from tests.gateway.running import ON_ONE_DATABASE, Gateway
from tests.plugins.parts import scale


def work(gateway: Gateway, consumer: str = CONSUMER) -> Work:
    """What the command is given by the suite that runs."""
    parts = gateway.parts
    arguments = {"service": "gateway", "consumer": consumer}
    return Work(parts.settings, {"gateway": parts.db}, {"gateway": parts.consumers}, arguments)


async def people(gateway: Gateway) -> int:
    """How many the overview counts; it answers whatever goes on."""
    answer = await gateway.platform.get("/v1/overview", params={"require": "totals"})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["sections"]["totals"]["content"]["people"])


async def test_it_is_made_anew_while_it_is_written_and_no_read_fails_or_goes_back(gateway: Gateway) -> None:
    log, movement = Log(gateway.parts.bus), (await gateway.platform.get("/v1/me")).json()["movement"]["id"]
    number, read = scale(60), [0]

    async def publish() -> None:
        for _ in range(number):
            await log.publish(movement, *(PersonCreated(person=new_id("person")) for _ in range(3)))

    async def look() -> None:
        while read[-1] < 3 * number:
            read.append(await people(gateway))

    publishing, looking = asyncio.create_task(publish()), asyncio.create_task(look())
    told = [await UPKEEP["rebuild"].run(work(gateway)) for _ in range(3)]
    await publishing
    await looking
    assert all("It says what was there before" in each for each in told)
    assert read == sorted(read)
    assert read[-1] == 3 * number


async def test_totals_that_were_altered_are_put_right(gateway: Gateway) -> None:
    log, movement = Log(gateway.parts.bus), (await gateway.platform.get("/v1/me")).json()["movement"]["id"]
    await log.publish(movement, *(PersonCreated(person=new_id("person")) for _ in range(3)))
    await eventually(lambda: _counts(gateway, 3))
    await gateway.parts.db.write(lambda session: session.execute(sa.update(Total).values(value=99)))
    assert await people(gateway) == 99
    assert "It says something else" in await UPKEEP["rebuild"].run(work(gateway))
    assert await people(gateway) == 3
    await log.publish(movement, PersonCreated(person=new_id("person")))
    await eventually(lambda: _counts(gateway, 4))


async def _counts(gateway: Gateway, number: int) -> bool:
    return await people(gateway) == number


@ON_ONE_DATABASE
async def test_only_a_projection_is_made_anew(gateway: Gateway) -> None:
    with pytest.raises(Refused, match="no consumer nobody"):
        await UPKEEP["rebuild"].run(work(gateway, "nobody"))
    with pytest.raises(CannotBeRebuilt, match="feed does more"):
        await UPKEEP["rebuild"].run(work(gateway, "feed"))
