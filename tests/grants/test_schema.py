"""The migrated database is the one that the models describe, on both databases: tables, indexes and CHECKs."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi import FastAPI

from services.grants.base import Base
from shared.db import infrastructure


async def test_the_migrated_schema_is_that_of_the_models(app: FastAPI) -> None:
    engine: sa.Engine = app.state.parts.db.engine
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        merged = sa.MetaData()
        for metadata in (Base.metadata, infrastructure.metadata):
            for table in metadata.tables.values():
                table.to_metadata(merged)
        differences = compare_metadata(context, merged)
    assert [found for found in differences if "alembic_version" not in str(found)] == []


async def test_every_check_of_the_models_is_in_the_database(app: FastAPI) -> None:
    inspector = sa.inspect(app.state.parts.db.engine)
    for table in Base.metadata.tables.values():
        described = {check.name for check in table.constraints if isinstance(check, sa.CheckConstraint)}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == described, table.name
