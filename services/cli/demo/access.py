"""Where the suite is and by which key the demo may fill it: told, or asked of the suite that runs on this machine."""

import os

import typer

from services.cli import control
from services.cli.errors import WRONG_USE, Refused
from shared.settings import Settings


def address(settings: Settings) -> str:
    """Where a suite with these settings is found from this machine."""
    return f"http://{_host(settings)}:{settings.port}"


def pages(settings: Settings) -> str:
    """Where its pages are."""
    return f"http://{_host(settings)}:{settings.admin_port}"


def given_key(settings: Settings, given: str | None) -> str | None:
    """The key that somebody gave; None where the suite on this machine is to be asked for one."""
    if given or settings.bootstrap_key is None:
        return given
    return settings.bootstrap_key.get_secret_value()


async def key(settings: Settings, given: str | None) -> str:
    """A platform key. Raises Refused with the ways to give one."""
    known = given_key(settings, given)
    if known:
        return known
    reply = None
    if settings.data_dir.is_dir():
        reply = await control.ask(settings.data_dir, control.Request("demo-key", {}))
    if reply is None:
        raise Refused(
            "no key: put the platform key, which the first start showed, into BACKBONE_KEY. On the suite's own machine "
            f"its data folder does instead, by BACKBONE_DATA_DIR; no suite runs on {settings.data_dir.absolute()}",
            WRONG_USE,
        )
    if reply.refused is not None:
        raise Refused(reply.refused)
    return reply.text


def password() -> str:
    """The password of whoever confirms rungs: from BACKBONE_PASSWORD, or asked for."""
    told: str = os.environ.get("BACKBONE_PASSWORD") or typer.prompt("Password", hide_input=True, err=True)
    return told


def _host(settings: Settings) -> str:
    if settings.host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{settings.host}]" if ":" in settings.host else settings.host
