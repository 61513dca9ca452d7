"""Settings of care, and the aliases under which the movement knows the people there."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    _create_settings()
    _create_aliases()


def _create_settings() -> None:
    op.create_table(
        "care_settings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("postcode", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
    )
    op.create_index("care_settings_by_organisation", "care_settings", ["movement", "organisation"])
    op.create_index("care_settings_by_update", "care_settings", ["movement", "updated_at"])


def _create_aliases() -> None:
    op.create_table(
        "care_aliases",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("setting", sa.Text, nullable=False),
        sa.Column("alias", sa.Text, nullable=False),
        sa.Column("interests", sa.JSON, nullable=False),
        sa.Column("times", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("authority", sa.Text),
        sa.Column("consulted", sa.JSON, nullable=False),
        sa.Column("review_on", sa.Date),
        sa.Column("joined_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "setting"], ["care_settings.movement", "care_settings.id"]),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("care_aliases_by_setting", "care_aliases", ["movement", "setting", "id"])
    op.create_index("care_aliases_by_person", "care_aliases", ["movement", "person"])
    still_open = sa.text("state = 'open'")
    op.create_index(
        "care_aliases_open",
        "care_aliases",
        ["movement", "setting", "alias"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
