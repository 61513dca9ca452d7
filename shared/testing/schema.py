"""Whether a migrated database is the one that a service's models describe."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shared.db import infrastructure

_ALEMBICS_OWN = {"alembic_version"}


def assert_migrated_as_described(engine: sa.Engine, *models: sa.MetaData) -> None:
    """The database has the tables, columns, indexes and CHECKs of these models and of the house's, and no others."""
    described = sa.MetaData()
    for metadata in (*models, infrastructure.metadata):
        for table in metadata.sorted_tables:
            table.to_metadata(described)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        assert compare_metadata(context, described) == []
        inspector = sa.inspect(connection)
        for table in described.sorted_tables:
            checks = {check.name for check in table.constraints if isinstance(check, sa.CheckConstraint)}
            assert {check["name"] for check in inspector.get_check_constraints(table.name)} == checks, table.name


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    return name not in _ALEMBICS_OWN
