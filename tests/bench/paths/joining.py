"""Signing up, and recording an activity, on SQLite with synchronous=FULL, over HTTP, with everything switched on.

A sign-up is a person, how they are reached and found, a permission, a pledge, a membership and a place on the ladder,
with their events; an activity counts on the ladder of whoever did it. Beside each the same endpoint without the write,
in the same process, whose relay puts every event on the log meanwhile.
"""

from collections.abc import Sequence
from functools import partial

from services.members.days import DEFAULT_ZONE
from shared import clock
from shared.bus import open_bus
from shared.events.envelope import topic
from shared.settings import Settings
from tests.bench import joining, suite, wrk
from tests.bench.ground import Ground
from tests.bench.one_service import credential
from tests.bench.rows import Row, ratio
from tests.bench.turns import in_turns

_IN_FLIGHT = 64
_GOAL = 0.35


async def measure(ground: Ground) -> Sequence[Row]:
    """Writes a second at 64 in flight, beside the same without the write."""
    settings = Settings.model_validate({"data_dir": ground.folder / "joining"})
    settings.data_dir.mkdir()
    people = await joining.prepare(settings)
    bus = open_bus(settings.bus_url)
    await bus.ensure_topics([topic(joining.SERVICE)])
    await bus.close()
    url = suite.joining(ground, settings.data_dir).url
    rows: list[Row] = []
    for name, path, body in (
        ("sign-up", "sign-ups", joining.SIGN_UP),
        ("activity", "activities", joining.ACTIVITY.replace("{today}", clock.today(DEFAULT_ZONE).isoformat())),
    ):
        load = partial(
            wrk.load, in_flight=_IN_FLIGHT, headers=partial(credential, settings, joining.SERVICE), body=body
        )
        loads = {side: load(f"{url}/v1/{side}{path}", turns=people) for side in ("", "unwritten-")}
        await loads[""]()
        rates = {side: wrk.rate(found) for side, found in (await in_turns(loads)).items()}
        rows.append(ratio(f"{name} on SQLite / no write", rates[""], rates["unwritten-"], "req/s", goal=_GOAL))
    return rows
