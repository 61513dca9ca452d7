"""What becomes of the dead rows of a PostgreSQL database: vacuumed, and the smaller tables written anew.

A plain VACUUM frees the space of dead rows and may leave their bytes in it until something else is stored there; a full
one writes the table into a new file. The planner's statistics hold values too, the commonest and the bounds of ranges:
they are gathered anew, and their table is written anew as well. Write-ahead log and backups are the server's: they
lapse as it is set.
"""

import time

import sqlalchemy as sa

from shared.errors import Unavailable

REWRITTEN_UP_TO = 64 * 1024 * 1024
"""Bytes of a table with its indexes up to which it is written anew: a second at most, in which its readers wait."""
_LOCK_WAIT = "2s"
_BETWEEN_LOOKS, _PATIENCE = 0.02, 10.0
"""Seconds."""
_STATISTICS = "pg_catalog.pg_statistic"

_tables = sa.text(
    "SELECT relid::regclass::text, pg_total_relation_size(relid) FROM pg_catalog.pg_stat_user_tables ORDER BY 2"
)

_forgetting = sa.text("""
    SELECT format('ALTER TABLE %s %s', name, string_agg(format('ALTER %I TYPE %s', attname, same), ', '))
      FROM (SELECT here.relid::regclass AS name, held.attname, format_type(held.atttypid, held.atttypmod) AS same
              FROM pg_catalog.pg_stat_user_tables AS here
              JOIN pg_catalog.pg_class AS its ON its.oid = here.relid AND its.reltuples = 0
              JOIN pg_catalog.pg_stats AS said ON (said.schemaname, said.tablename) = (here.schemaname, here.relname)
              JOIN pg_catalog.pg_attribute AS held ON (held.attrelid, held.attname) = (here.relid, said.attname)
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS key
                                WHERE key.contype = 'f'
                                  AND (key.conrelid = here.relid AND held.attnum = ANY (key.conkey)
                                       OR key.confrelid = here.relid AND held.attnum = ANY (key.confkey)))) AS column_
     GROUP BY name
""")
"""Statements by which the statistics of empty tables are forgotten: a look at no rows changes none, but another type
does, even the same one. Columns of foreign keys hold ids, and are left."""

_horizon = sa.text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
# A new snapshot goes back to the oldest transaction of the whole server, whichever database that writes in: a table
# that is written anew meanwhile takes along what died since.
_older = sa.text("""
    SELECT FROM (SELECT CAST(:horizon AS xid8) AS now) AS horizon
     WHERE pg_snapshot_xmin(pg_current_snapshot()) < now
        OR EXISTS (SELECT FROM pg_catalog.pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                      AND age(backend_xmin) > age(CAST(now AS xid)))
""")


def vacuum(engine: sa.Engine, patience: float = _PATIENCE) -> None:
    """Vacuum every table of the database, on a connection of its own. Raises Unavailable where an older transaction
    goes on for longer than `patience` seconds: the rows that it may still see would be kept."""
    with engine.connect() as connection:
        _wait_for_older(connection, patience)
        connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_WAIT}'")
        for table, size in connection.execute(_tables).all():
            _vacuum(connection, table, rewrite=size <= REWRITTEN_UP_TO)
        for forget in connection.scalars(_forgetting).all():
            connection.exec_driver_sql(forget)
        _wait_for_older(connection, patience)  # for what the statistics said until just now
        _vacuum(connection, _STATISTICS, rewrite=True)


def _wait_for_older(connection: sa.Connection, patience: float) -> None:
    """Wait until every transaction is over that began before now."""
    horizon = connection.scalar(_horizon)
    until = time.monotonic() + patience
    while connection.execute(_older, {"horizon": horizon}).first() is not None:
        if time.monotonic() >= until:
            raise Unavailable("a transaction has been going on for long; what it may see is kept")
        time.sleep(_BETWEEN_LOOKS)


def _vacuum(connection: sa.Connection, table: str, *, rewrite: bool) -> None:
    if rewrite:
        try:
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
            return
        except sa.exc.OperationalError:  # somebody holds the table for longer than readers are made to wait
            pass
    connection.exec_driver_sql(f"VACUUM (ANALYZE) {table}")
