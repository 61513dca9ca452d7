"""The long work that this service does in jobs: every kind of it."""

from shared.jobs.work import Kind

KINDS: list[Kind] = []
