"""What the process that the suite's processes are forked from has imported: all of it, so that they begin behind that.

Importing a thousand modules takes a second and a half, and looking through what they made for garbage another third.
"""

import gc
from importlib import import_module

from services.cli import SERVICES

for _name in ("services.cli.serve", *(f"services.{service}.app" for service in SERVICES), "tests.suite.entry"):
    import_module(_name)
gc.collect()
gc.freeze()
