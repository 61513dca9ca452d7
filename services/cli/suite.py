"""The services as applications: all of them in this process, or one. Nothing here listens on a port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI

from services.cli import SERVICES
from services.cli.databases import bring_up
from shared.parts import Parts
from shared.settings import Settings

if TYPE_CHECKING:
    from services.gateway.access.bootstrap import FirstStart


@asynccontextmanager
async def embedded(settings: Settings) -> AsyncIterator[Mapping[str, FastAPI]]:
    """Every service, migrated and started in this process, where the others reach it as ``asgi://<name>``."""
    prepare_folder(settings.data_dir)
    await bring_up(settings)
    apps = {service: application(service, settings) for service in SERVICES}
    async with AsyncExitStack() as stack:
        for app in apps.values():
            await stack.enter_async_context(started(app))
        yield apps


def application(service: str, settings: Settings) -> FastAPI:
    """One service's application, not started. Its code is loaded here, and no other service's."""
    app: FastAPI = import_module(f"services.{service}.app").create_app(settings)
    return app


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[None]:
    """The application between its start-up and its shutdown."""
    async with app.router.lifespan_context(app):
        yield


async def first_start(gateway: FastAPI) -> FirstStart | None:
    """Give an empty suite its first movement, key and sign-in, to be shown this once; None ever after."""
    from services.gateway.access.bootstrap import bootstrap

    parts: Parts = gateway.state.parts
    chosen = parts.settings.bootstrap_key
    return await parts.db.write(
        bootstrap,
        movement_name=parts.settings.movement,
        given_key=None if chosen is None else chosen.get_secret_value(),
        pepper=parts.secrets.pepper,
    )


def prepare_folder(folder: Path) -> None:
    """Make the data folder where it is missing, and keep everybody but its owner out of it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
