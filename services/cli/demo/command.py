"""The command `demo`: its options, and how it ends."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.cli.errors import explained
from shared.settings import Settings


def demo(
    url: Annotated[str | None, typer.Option(help="Where the suite is, if not on this machine's BACKBONE_PORT.")] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="BACKBONE_KEY", help="A key; on the suite's own machine none is needed.", show_envvar=True),
    ] = None,
    movement: Annotated[str | None, typer.Option(help="The movement's slug, where there are several.")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="The whole file of published figures, instead of the six districts that ship.")
    ] = None,
    people: Annotated[int, typer.Option(min=1, max=100_000, help="How many people sign up.")] = 1000,
    sign_in: Annotated[
        str | None,
        typer.Option(help="The address of a user who confirms champions and co-owners. Password: BACKBONE_PASSWORD."),
    ] = None,
    webhooks: Annotated[bool, typer.Option(help="Receive every event and verify it.")] = True,
) -> None:
    """Fill a running suite through its public API: figures, people, a round of micro-grants. Again, it adds nothing."""
    from services.cli.demo.run import Wanted, fill

    with explained():
        report = asyncio.run(fill(Settings.load(), Wanted(url, key, movement, figures, people, sign_in, webhooks)))
    print(report.text())
