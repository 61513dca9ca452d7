"""``python -m tests.bench [NAME…]``: measure every path, or those named, and print the table."""

import gc
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module

import uvloop
from rich.console import Console

from services.cli import serve
from shared import log
from tests.bench.ground import Ground, ground
from tests.bench.rows import Missing, Row, skipped, table

PATHS = (
    "start",
    "gateway",
    "overview",
    "crud",
    "listening",
    "write",
    "joining",
    "money",
    "postgres",
    "search",
    "duplicates",
    "ladder",
    "webhooks",
    "fanning",
    "arrival",
    "relay",
    "consumer",
    "imports",
    "figures",
    "reading_figures",
    "disclosure",
)
"""The modules of :mod:`tests.bench.paths`, in the order in which they are measured."""

_WIDTH = 120
"""Of the table, in columns, where it goes into a file."""

Measure = Callable[[Ground], Awaitable[Sequence[Row]]]


def main(names: Sequence[str]) -> None:
    """Measure the paths of these names, or all. Ends the process for a name that there is not."""
    unknown = [name for name in names if name not in PATHS]
    if unknown:
        sys.exit(f"There is no path called {', '.join(unknown)}; there are {', '.join(PATHS)}.")
    log.configure("error")
    serve.settle()  # what is measured in this process runs as in the suite's own
    console, began = Console(stderr=True), time.monotonic()
    rows: list[Row] = []
    for name in names or PATHS:
        with console.status(f"measuring {name}"):
            rows += _measured(name)
    out = Console()
    if not out.is_terminal:
        out.width = _WIDTH
    out.print(table(rows))
    out.print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; {time.monotonic() - began:.0f} s.", style="dim")


def _measured(name: str) -> Sequence[Row]:
    measure: Measure = import_module(f"tests.bench.paths.{name}").measure
    try:
        with ground() as here:
            return uvloop.run(_on(here, measure))
    except Missing as missing:
        return [skipped(name, str(missing))]
    finally:
        gc.collect()


async def _on(here: Ground, measure: Measure) -> Sequence[Row]:
    return await measure(here)


if __name__ == "__main__":
    main(sys.argv[1:])
