"""Durable jobs: long work that a route only asks for, done in the service's own database in short slices.

A job is a row. A worker leases it and carries it out step by step, each step one transaction that also writes down how
far it got; so a process that is killed at any moment loses no step and repeats none. A service that has jobs

- creates the tables in a migration (:func:`shared.jobs.tables.create`),
- asks for a job in a verb (:func:`shared.jobs.domain.ask`) or with a file (:mod:`shared.jobs.files`),
- says how each kind is done (:class:`shared.jobs.work.Kind`) and runs :func:`shared.jobs.worker.jobs_worker`,
- and shows them by :func:`shared.jobs.api.router_of`: the gateway finds the service by the id, `members_job_01j…`.
"""
