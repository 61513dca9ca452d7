"""Where tests fork the processes they start: from one that has imported the suite, which takes as long as a short test.

There is one such process for a run, and so one list of what it imports.
"""

import multiprocessing

FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["tests.gateway.webhooks.killing", "tests.suite.loaded"])
