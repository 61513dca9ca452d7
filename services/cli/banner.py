"""What is printed once the suite answers: where to click, and at the first start who may sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.settings import Settings

if TYPE_CHECKING:
    from services.gateway.access.bootstrap import FirstStart


def suite(settings: Settings, first: FirstStart | None, gateway: str, admin: str) -> None:
    """The suite's addresses. Standard output is the owner's; the log goes to standard error."""
    print(
        f"\n  Backbone is running, with its data in {settings.data_dir.absolute()}\n"
        f"\n    Pages    {admin}"
        f"\n    API      {gateway}/docs\n"
        f"{_credentials(first)}"
        "\n  Ctrl-C stops it. `make demo`, in another window, fills it.\n",
        flush=True,
    )


def one(service: str, first: FirstStart | None, address: str) -> None:
    """A lone service's address."""
    print(f"{_credentials(first)}\n  {service} answers on {address}\n", flush=True)


def _credentials(first: FirstStart | None) -> str:
    if first is None:
        return ""
    return (
        f"\n  This is its first start. Keep what follows: it is shown this once.\n"
        f"\n    Movement       {first.movement}"
        f"\n    Platform key   {first.key or 'the one in BACKBONE_BOOTSTRAP_KEY'}"
        f"\n    Sign in as     {first.email}"
        f"\n    Password       {first.password}\n"
    )
