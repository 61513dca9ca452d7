"""What `make bench` measures: each path of the suite beside its baseline, in turns, in one run, as one table.

Absolute figures mean little on a small machine that is busy; a ratio to something that ran seconds before and after
holds. A part that a row needs and the machine lacks (nginx, wrk, node, PostgreSQL, Kafka) skips it, visibly. Baselines
that come from npm or PyPI (fastify, Directus, Celery) are installed under `.cache/bench` the first time, which takes
minutes for Directus; nothing of them is in the project's own environment or locks.
"""
