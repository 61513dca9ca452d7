"""Servers that tests start must not outlive a run that is killed."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def swept_up(folder: Path, pid_file: Path) -> Iterator[None]:
    """If this process dies within the block, kill the process whose number leads ``pid_file`` and delete ``folder``.

    A shell waits for a word from us; when its input ends without one, we are no more.
    """
    sweep = 'read -r _ && exit; kill -9 "$(head -n 1 "$1")"; rm -rf "$0"'
    sweeper = subprocess.Popen(
        ["sh", "-c", sweep, str(folder), str(pid_file)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        yield
    finally:
        sweeper.communicate(b"all is well\n")
