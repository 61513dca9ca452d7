"""The command line: the one place that knows more than one service."""

import gc
import sys

DATA_SERVICES = ("members", "measures", "grants", "gateway")
"""The services that own a database and a topic, in the order in which they start."""

SERVICES = (*DATA_SERVICES, "admin")


def main() -> None:
    """Run what the arguments ask for, and end the process with an exit code that says how it went.

    What serves, and what is run every few seconds, starts without loading the command line's libraries.
    """
    match sys.argv[1:]:
        case []:
            _serve(None)
        case [service] if service in SERVICES:
            _serve(service)
        case ["health"]:
            from services.cli.health import check

            sys.exit(check())
        case _:
            from services.cli.commands import application

            application(prog_name="python -m services")


def _serve(service: str | None) -> None:
    gc.disable()  # what a start makes stays: to look through it again and again for garbage is a third of its time
    from services.cli.serve import serve

    serve(service)
