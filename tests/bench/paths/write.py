"""A write with its event and the record of its Idempotency-Key, on SQLite with synchronous=FULL, over HTTP.

Beside it the same endpoint without the write, in the same process, and the same write by the plain ORM on aiosqlite.
The service is whole: its relay puts every event on the log meanwhile.
"""

from collections.abc import Sequence
from functools import partial

from shared.bus import open_bus
from shared.events.envelope import topic
from shared.settings import Settings
from tests.bench import suite, things, wrk
from tests.bench.ground import Ground
from tests.bench.one_service import credential
from tests.bench.rows import Row, ratio
from tests.bench.turns import in_turns

_IN_FLIGHT = 64


async def measure(ground: Ground) -> Sequence[Row]:
    """Writes a second at 64 in flight, beside each baseline."""
    settings = await _prepared(ground)
    ours = suite.things(ground, settings.data_dir).url
    orm = suite.application(ground, "orm", {"DATABASE": str(ground.folder / "orm.db")}).url
    sides = {"ours": f"{ours}/v1/things", "unwritten": f"{ours}/v1/unwritten-things", "orm": f"{orm}/v1/things"}
    headers = partial(credential, settings, things.SERVICE)
    loads = {name: wrk.load(url, _IN_FLIGHT, headers, things.BODY) for name, url in sides.items()}
    await loads["ours"]()
    rates = {name: wrk.rate(found) for name, found in (await in_turns(loads)).items()}
    return [
        ratio("write on SQLite, event and key / no write", rates["ours"], rates["unwritten"], "req/s", goal=0.35,
              stretch=0.5),
        ratio("write on SQLite / ORM on aiosqlite", rates["ours"], rates["orm"], "req/s", goal=6),
    ]  # fmt: skip


async def _prepared(ground: Ground) -> Settings:
    settings = Settings.model_validate({"data_dir": ground.folder / "things"})
    settings.data_dir.mkdir()
    await things.prepare(settings.database_url(things.SERVICE))
    bus = open_bus(settings.bus_url)
    await bus.ensure_topics([topic(things.SERVICE)])
    await bus.close()
    return settings
