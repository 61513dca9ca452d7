"""How much memory a process has, with those that it started."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any


def resident(process: int) -> int:
    """What the process has in memory, in bytes; 0 once it ended."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(pages) * 4096


async def peak_during(work: Coroutine[Any, Any, None], process: int) -> float:
    """The most memory that the process and its children have while the work lasts, in bytes."""
    task, peak = asyncio.ensure_future(work), 0
    while not task.done():
        peak = max(peak, resident(process) + sum(map(resident, _children(process))))
        await asyncio.wait([task], timeout=0.25)
    await task
    return float(peak)


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for children in tasks for child in children.read_text().split()]
