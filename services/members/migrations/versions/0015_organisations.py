"""What registers and other systems call organisations, who succeeded whom, and who belongs to which."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_index("organisations_by_update", "organisations", ["movement", "updated_at"])
    _create_called("organisation_identifiers", "scheme", "identifier")
    _create_called("organisation_external_ids", "system", "external_id")
    _create_found_by("organisation_tags", sa.Column("tag", sa.Text, primary_key=True))
    _create_found_by("organisation_name_words", sa.Column("word", sa.LargeBinary, primary_key=True))
    _create_successions()
    _create_affiliations()


def _create_called(table: str, system: str, called: str) -> None:
    op.create_table(
        table,
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column(system, sa.Text, primary_key=True),
        sa.Column(called, sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, nullable=False),
        _of_organisation(),
    )
    op.create_index(f"{table}_by_organisation", table, ["movement", "organisation"])


def _create_found_by(table: str, word: sa.Column[str] | sa.Column[bytes]) -> None:
    op.create_table(
        table,
        sa.Column("movement", sa.Text, primary_key=True),
        word,
        sa.Column("organisation", sa.Text, primary_key=True),
        _of_organisation(),
    )
    op.create_index(f"{table}_by_organisation", table, ["movement", "organisation"])


def _create_successions() -> None:
    op.create_table(
        "organisation_successions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("successor", sa.Text, primary_key=True),
        sa.Column("succeeded_on", sa.Date, nullable=False),
        _of_organisation(),
        _of_organisation("successor"),
    )
    op.create_index("organisation_successions_by_successor", "organisation_successions", ["movement", "successor"])


def _create_affiliations() -> None:
    op.create_table(
        "affiliations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("started_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        _of_organisation(),
        sa.CheckConstraint("ended_on >= started_on", name="affiliations_in_order"),
    )
    op.create_index("affiliations_by_person", "affiliations", ["movement", "person"])
    op.create_index("affiliations_by_organisation", "affiliations", ["movement", "organisation"])


def _of_organisation(column: str = "organisation") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], ["organisations.movement", "organisations.id"])
