"""Where tests keep files: in memory, where there is room for it, for most of what they write waits for a busy disk.

Nothing here has to survive the machine: what a killed process wrote is there all the same.
"""

import os
import shutil

_MEMORY = "/dev/shm"
_ROOM = 4 * 1024**3
"""For a few hundred databases."""


def in_memory() -> str | None:
    """A folder of a file system in memory that has room and lets programs run from it, else None."""
    try:
        runs = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
        return _MEMORY if runs and shutil.disk_usage(_MEMORY).free > _ROOM else None
    except OSError:
        return None
