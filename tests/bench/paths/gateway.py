"""The gateway's pass-through beside nginx as a plain reverse proxy, with the same fixed answer behind both.

Ours authenticates, counts against the limit, traces, and puts an internal token in place of the caller's key.
"""

from collections.abc import Sequence

from tests.bench import nginx, suite, wrk
from tests.bench.ground import Ground
from tests.bench.rows import Row, added, compared, factor, ratio
from tests.bench.turns import in_turns

_PATH = "/v1/people"
_PERSON = {
    "id": "person_01j5x3m0e8f7v9q2k4t6w8y0ab", "given_name": "Alice", "family_name": "Example", "language": "en",
    "emails": [{"address": "alice@example.org", "primary": True}], "rung": "follower",
    "created_at": "2026-01-05T10:00:00.000Z",
}  # fmt: skip
_ANSWER = {"data": [_PERSON] * 5, "next_cursor": None}


async def measure(ground: Ground) -> Sequence[Row]:
    """Requests a second and the tail at 32 in flight, and what we add to one request alone."""
    behind = nginx.fixed(ground, {_PATH: _ANSWER})
    ours, plain = suite.gateway(ground, behind).url + _PATH, f"http://{nginx.proxy(ground, behind)}{_PATH}"
    await wrk.load(ours, 32, suite.CREDENTIAL, seconds=1)()
    many = await in_turns(
        {
            "ours": wrk.load(ours, 32, suite.CREDENTIAL),
            "nginx": wrk.load(plain, 32, suite.CREDENTIAL),
            "direct": wrk.load(f"http://{behind}{_PATH}", 32, suite.CREDENTIAL),
        }
    )
    one = await in_turns({"ours": wrk.load(ours, 1, suite.CREDENTIAL), "nginx": wrk.load(plain, 1, suite.CREDENTIAL)})
    return [
        ratio("gateway pass-through, 32 in flight / nginx", wrk.rate(many["ours"]), wrk.rate(many["nginx"]), "req/s",
              goal=0.25),
        compared("gateway pass-through, 32 in flight / what is behind it, asked directly", wrk.rate(many["ours"]),
                 wrk.rate(many["direct"]), "req/s"),
        added("gateway pass-through, 1 in flight: time added", wrk.p50(one["ours"]), wrk.p50(one["nginx"]), most=0.3),
        factor("gateway tail, 32 in flight", wrk.p99(many["ours"]), wrk.p50(many["ours"]), most=3),
    ]  # fmt: skip
