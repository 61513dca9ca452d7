"""The guide's script that checks receipts, taken from the guide as it stands and run on what really arrived."""

import json
import re
import subprocess
import sys
from pathlib import Path

from shared import clock
from shared.events.grants.funds import FundCreated
from tests.gateway.outward import Outward
from tests.gateway.running import ON_ONE_DATABASE

GUIDE = Path(__file__).parents[3] / "services" / "gateway" / "guide" / "webhooks.md"


@ON_ONE_DATABASE
async def test_the_guides_script_finds_everything_and_sees_what_is_missing_or_made_up(
    outward: Outward, tmp_path: Path
) -> None:
    started = clock.now().isoformat()
    endpoint = await outward.us.endpoint(outward.receiver.url("/hook"), "fund.*")
    await outward.publish(*[FundCreated(fund=f"fund_{number}", currency="GBP") for number in range(20)])
    bodies = [got.body.decode() for got in await outward.received("/hook", 20)]
    path = f"/v1/webhook-endpoints/{endpoint['id']}/receipts"
    (tmp_path / "receipts.json").write_text(json.dumps(await outward.us.get(path, since=started)))

    assert check(tmp_path, [*bodies, bodies[0]]) == (0, "20 of 20 complete")
    assert check(tmp_path, bodies[1:]) == (1, "19 of 20 NOT THE SAME")
    assert check(tmp_path, [*bodies[1:], bodies[0].replace("evt_", "evt_x")]) == (1, "20 of 20 NOT THE SAME")


def check(folder: Path, bodies: list[str]) -> tuple[int, str]:
    """Run the script; how it ended, and what it said of the last period."""
    (script,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (folder / "check_receipts.py").write_text(script)
    (folder / "bodies.jsonl").write_text("\n".join(bodies) + "\n")
    command = [sys.executable, "-X", "utf8", "check_receipts.py", "receipts.json", "bodies.jsonl"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout.splitlines()[-1].partition(" ")[2]
