"""The tables of jobs: what was asked for and how far it is, the faults that were found, and the files that came."""

import sqlalchemy as sa

from shared.db.infrastructure import Migrating

metadata = sa.MetaData()

_at_work = sa.text("holder IS NOT NULL")
_unfinished = sa.text("finished_at IS NULL")

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    # What was asked for, how far it is (the kind's own words), and what came of it: JSON, and nothing personal in it.
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("position", sa.Text),
    sa.Column("result", sa.Text),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger),
    sa.Column("fault_count", sa.BigInteger, nullable=False),
    # How it is going to end, while what it did is undone; and whether it can still be undone at all.
    sa.Column("ending", sa.Text),
    sa.Column("settled", sa.Boolean, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("detail", sa.Text),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("origin", sa.Text),
    sa.Column("traceparent", sa.Text),
    sa.Column("attempts", sa.BigInteger, nullable=False),
    sa.Column("holder", sa.Text),
    sa.Column("lease_until", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("started_at", sa.BigInteger),
    sa.Column("finished_at", sa.BigInteger),
    # One at a time in a movement: what a job compared itself with stays true, and nobody's long one holds up others'.
    sa.Index("jobs_at_work", "movement", unique=True, sqlite_where=_at_work, postgresql_where=_at_work),
    sa.Index("jobs_unfinished", "created_at", sqlite_where=_unfinished, postgresql_where=_unfinished),
)

job_faults = sa.Table(
    "job_faults",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("row", sa.BigInteger),
    sa.Column("column", sa.Text),
    sa.Column("pointer", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
)

job_files = sa.Table(
    "job_files",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("job", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("received_at", sa.BigInteger, nullable=False),
    sa.Index("job_files_by_age", "received_at"),
)


def create(op: Migrating) -> None:
    """Create them all: a service's migration calls this. A later change to one is a migration of its own."""
    metadata.create_all(op.get_bind(), checkfirst=False)
