"""A lock on a file that ends with the process that holds it: one process owns each SQLite database."""

import fcntl
import os
from pathlib import Path


class AlreadyOwned(RuntimeError):
    """Another process owns the file; the message names the file and, where it can be read, the process."""


class FileLock:
    """An exclusive lock beside ``path``, held until :meth:`release` or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        self._owned = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock at once, or raise :class:`AlreadyOwned`."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 32).decode(errors="replace").strip() or "unknown"
            os.close(file)
            raise AlreadyOwned(f"{self._owned} is in use by another process (pid {holder})") from None
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
