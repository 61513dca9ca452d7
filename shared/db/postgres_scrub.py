"""What becomes of the dead rows of a PostgreSQL database: vacuumed, and the smaller tables written anew.

A plain VACUUM frees the space of dead rows and may leave their bytes in it until something else is stored there; a full
one writes the table into a new file. Write-ahead log and backups are the server's: they lapse as it is set.
"""

import sqlalchemy as sa

REWRITTEN_UP_TO = 64 * 1024 * 1024
"""Bytes of a table with its indexes up to which it is written anew: a second at most, in which its readers wait."""
_LOCK_WAIT = "2s"

_tables = sa.text(
    "SELECT relid::regclass::text, pg_total_relation_size(relid) FROM pg_catalog.pg_stat_user_tables ORDER BY 2"
)


def vacuum(engine: sa.Engine) -> None:
    """Vacuum every table of the database, on a connection of its own."""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_WAIT}'")
        for table, size in connection.execute(_tables).all():
            _vacuum(connection, table, rewrite=size <= REWRITTEN_UP_TO)


def _vacuum(connection: sa.Connection, table: str, *, rewrite: bool) -> None:
    if rewrite:
        try:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")
            return
        except sa.exc.OperationalError:  # somebody holds the table for longer than readers are made to wait
            pass
    connection.exec_driver_sql(f"VACUUM {table}")
