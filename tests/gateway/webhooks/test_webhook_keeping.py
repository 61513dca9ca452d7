"""How long the log of attempts is kept, and what is counted of them."""

from datetime import timedelta

import sqlalchemy as sa

from services.gateway.webhooks import keeping
from services.gateway.webhooks.models import Attempt
from shared import clock, metrics
from shared.events.grants.funds import FundCreated
from tests.gateway.outward import Outward
from tests.gateway.running import ON_ONE_DATABASE


async def test_old_attempts_are_forgotten_and_the_deliveries_stay(outward: Outward) -> None:
    with clock.frozen(clock.now()) as present:
        endpoint = await outward.us.endpoint(outward.receiver.url("/hook"))
        await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
        (old,) = await outward.settled(endpoint, "succeeded")
        present.advance(timedelta(days=90))
        await outward.publish(FundCreated(fund="fund_2", currency="GBP"))
        await outward.settled(endpoint, "succeeded", 2)
        await keeping.forget_before(outward.parts, timedelta(days=90))
        assert len(await outward.us.log(endpoint, old)) == 1  # to the day
        present.advance(timedelta(seconds=1))
        await keeping.forget_before(outward.parts, timedelta(days=90))

    assert await outward.us.log(endpoint, old) == []
    assert [one["status"] for one in await outward.us.deliveries(endpoint)] == ["succeeded"] * 2
    assert await outward.parts.db.read(lambda session: session.scalar(sa.select(sa.func.count(Attempt.id)))) == 1


@ON_ONE_DATABASE
async def test_attempts_are_counted_by_how_they_went_and_by_no_id(outward: Outward) -> None:
    before = _counted()
    outward.receiver.says("/fails", 500)
    await outward.us.endpoint(outward.receiver.url("/hook"))
    await outward.us.endpoint(outward.receiver.url("/fails"))
    away = await outward.us.endpoint("http://127.0.0.1:1/hook")
    await outward.publish(FundCreated(fund="fund_1", currency="GBP"))
    await outward.attempts(away, 1)
    await outward.received("/fails")

    after = _counted()
    counted = {outcome: count - before.get(outcome, 0) for outcome, count in after.items()}
    assert {outcome: count for outcome, count in counted.items() if count} == {"2xx": 1, "5xx": 1, "connect_failed": 1}


def _counted() -> dict[str, int]:
    lines = metrics.exposition().decode().splitlines()
    found = [line for line in lines if line.startswith("backbone_webhook_attempts_total{")]
    return {line.split('"')[1]: int(float(line.rpartition(" ")[2])) for line in found}
