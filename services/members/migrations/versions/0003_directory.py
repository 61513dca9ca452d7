"""What else is known of people and how the movement came to it; organisations; ids that were merged."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _widen_people()
    _create_person_labels()
    _create_person_provenance()
    _create_organisations()
    _create_merged()


def _widen_people() -> None:
    op.add_column("people", sa.Column("date_of_birth", sa.Date))
    op.add_column("people", sa.Column("contact_preference", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("people", sa.Column("access_needs", sa.Text))
    op.add_column("people", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("people", sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE people SET updated_at = created_at")


def _create_person_labels() -> None:
    op.create_table(
        "person_labels",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("label", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("person_labels_by_person", "person_labels", ["movement", "person"])


def _create_person_provenance() -> None:
    op.create_table(
        "person_provenance",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("notice", sa.Text),
        sa.Column("notice_version", sa.Text),
        sa.Column("notice_language", sa.Text),
        sa.Column("notice_given_on", sa.Date),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("person_provenance_by_person", "person_provenance", ["movement", "person"])


def _create_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text),
        sa.Column("description", sa.Text),
        sa.Column("parent", sa.Text),
        sa.Column("postcode", sa.Text),
        sa.Column("website", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("ended_on", sa.Date),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "parent"], ["organisations.movement", "organisations.id"]),
    )
    op.create_index("organisations_by_parent", "organisations", ["movement", "parent"])


def _create_merged() -> None:
    for merged, of, column in (
        ("merged_people", "people", "person"),
        ("merged_organisations", "organisations", "organisation"),
    ):
        op.create_table(
            merged,
            sa.Column("movement", sa.Text, primary_key=True),
            sa.Column("merged", sa.Text, primary_key=True),
            sa.Column(column, sa.Text, nullable=False),
            sa.ForeignKeyConstraint(["movement", column], [f"{of}.movement", f"{of}.id"]),
        )
        op.create_index(f"{merged}_by_{column}", merged, ["movement", column])
