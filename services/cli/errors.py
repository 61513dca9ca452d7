"""How a command fails: with one clear line on standard error and an exit code, never with a trace of our own code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from shared.backup import BackupRefused
from shared.errors import AppError
from shared.filelock import AlreadyOwned
from shared.settings import SettingsError

WRONG_USE = 2
"""The exit code where the arguments or the environment are at fault; 1 is for everything else."""


class Refused(Exception):
    """The command cannot do what it was asked; the text says why, and what to do about it."""

    def __init__(self, reason: str, exit_code: int = 1) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


EXPECTED = (Refused, SettingsError, AlreadyOwned, BackupRefused, AppError)
"""Failures whose text is meant for whoever gave the command."""


@contextmanager
def explained() -> Iterator[None]:
    """End the process with the reason when the block fails for a reason that has one."""
    try:
        yield
    except EXPECTED as error:
        exit_code = error.exit_code if isinstance(error, Refused) else 1
        _end(str(error), WRONG_USE if isinstance(error, SettingsError) else exit_code)
    except OperationalError as error:
        _end(f"the database cannot be used: {str(error.orig).splitlines()[0]}", 1)


def _end(reason: str, exit_code: int) -> None:
    print(f"backbone: {reason}", file=sys.stderr)
    sys.exit(exit_code)
