"""The composed read of three services beside fastify with undici, and beside FastAPI with one httpx client.

The baselines only fetch and merge; ours also authenticates, counts, traces and reads its own projection.
"""

from collections.abc import Sequence
from pathlib import Path

from shared.testing.ports import free_ports
from tests.bench import nginx, npm, suite, wrk
from tests.bench.ground import Ground, program
from tests.bench.rows import Row, ratio
from tests.bench.turns import in_turns

_PATH = "/v1/overview"
_IN_FLIGHT = 16
_PACKAGES = ("fastify@5", "undici@7")
_BASELINES = Path(__file__).parents[1] / "baselines"
_RUNGS = ("observer", "follower", "active_participant", "champion", "co_owner")
_MEASURE = {"id": "measure_01j5x3m0e8f7v9q2k4t6w8y0ab", "name": "Inactive adults", "unit": "percent"}
_ROUND = {"id": "round_01j5x3m0e8f7v9q2k4t6w8y0ab", "name": "Spring", "state": "open"}
_ANSWERS = {
    "/v1/ladder": {"rungs": [{"rung": rung, "people": 200} for rung in _RUNGS]},
    "/v1/measures": {"data": [_MEASURE] * 4, "next_cursor": None},
    "/v1/rounds": {"data": [_ROUND] * 4, "next_cursor": None},
}


async def measure(ground: Ground) -> Sequence[Row]:
    """Requests a second at 16 in flight, beside each baseline."""
    behind = nginx.fixed(ground, _ANSWERS)
    sides = {
        "ours": suite.gateway(ground, behind).url,
        "fastify": _fastify(ground, behind),
        "httpx": suite.application(ground, "composed_httpx", {"UPSTREAM": behind}).url,
    }
    loads = {name: wrk.load(url + _PATH, _IN_FLIGHT, suite.CREDENTIAL) for name, url in sides.items()}
    for warm_up in loads.values():
        await warm_up()
    rates = {name: wrk.rate(found) for name, found in (await in_turns(loads)).items()}
    return [
        ratio("composed read of 3 / fastify + undici", rates["ours"], rates["fastify"], "req/s", goal=1),
        ratio("composed read of 3 / FastAPI + httpx", rates["ours"], rates["httpx"], "req/s", goal=40),
    ]


def _fastify(ground: Ground, behind: str) -> str:
    node, modules = program("node"), npm.installed("node", _PACKAGES)
    (port,) = free_ports(1)
    ground.start("fastify", [node, str(_BASELINES / "composed.mjs"), str(modules), str(port), behind], port,
                 {"NODE_ENV": "production"})  # fmt: skip
    return f"http://127.0.0.1:{port}"
