"""Applications go through their whole life: drafts, receipts, hosts, screening, questions, the reserve list."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_STATES = (
    "'submitted', 'screened', 'assessing', 'information_requested', 'reserve', 'awarded', 'declined',"
    " 'ineligible', 'withdrawn'"
)


def upgrade() -> None:
    op.add_column("form_versions", sa.Column("budget_from", sa.Text))
    _widen_applications()
    _fill_in()
    op.create_index("applications_by_name", "applications", ["movement", "round_id", "name_key"])
    op.create_index("applications_by_number", "applications", ["movement", "number"])
    _create_around_them()


def _widen_applications() -> None:
    with op.batch_alter_table("applications") as applications:
        for name in ("theme", "group_kind", "organisation", "form_version", "host_organisation", "host_name"):
            applications.add_column(sa.Column(name, sa.Text))
        for name in ("host_state", "host_answered_by", "taken_by", "digest", "stood_as", "screened_by"):
            applications.add_column(sa.Column(name, sa.Text))
        for name in ("screened_despite", "ineligible_rule", "ineligible_reason", "help_offered"):
            applications.add_column(sa.Column(name, sa.Text))
        for name in ("host_answered_at", "taken_at"):
            applications.add_column(sa.Column(name, sa.BigInteger))
        applications.add_column(sa.Column("has_account", sa.Boolean))
        applications.add_column(sa.Column("name_key", sa.Text, nullable=False, server_default=""))
        applications.add_column(sa.Column("number", sa.Text, nullable=False, server_default=""))
        applications.add_column(sa.Column("answers", sa.JSON, nullable=False, server_default="{}"))
        applications.add_column(sa.Column("to_screen", sa.Boolean, nullable=False, server_default=sa.false()))
        applications.add_column(sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
        applications.create_foreign_key(
            "applications_form_version", "form_versions", ["movement", "form_version"], ["movement", "id"]
        )
        applications.drop_constraint("applications_known_state", type_="check")
        applications.create_check_constraint("applications_known_state", f"state IN ({_STATES})")
        applications.create_check_constraint(
            "applications_ineligible_by_a_rule", "(state = 'ineligible') = (ineligible_rule IS NOT NULL)"
        )
        applications.create_check_constraint("applications_host_is_asked", "(host_name IS NULL) = (host_state IS NULL)")
        applications.create_check_constraint("applications_taken_down_then", "(taken_by IS NULL) = (taken_at IS NULL)")


def _fill_in() -> None:
    """What can be said of applications from before: when they last changed is not known, but that they did by then."""
    op.execute(
        "UPDATE applications SET updated_at = submitted_at,"
        " number = upper(substr(id, length(id) - 7, 4)) || '-' || upper(substr(id, length(id) - 3, 4))"
    )
    applications = sa.table("applications", *map(sa.column, ("movement", "id", "group_name", "name_key")))
    connection = op.get_bind()
    for movement, id_, name in connection.execute(
        sa.select(applications.c.movement, applications.c.id, applications.c.group_name)
    ).all():
        key = "".join(sign for sign in name.casefold() if sign.isalnum())
        here = (applications.c.movement == movement, applications.c.id == id_)
        connection.execute(sa.update(applications).where(*here).values(name_key=key))


def _create_around_them() -> None:
    op.create_table(
        "application_contacts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("application", sa.Text, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "application_drafts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
    )
    op.create_index("application_drafts_by_round", "application_drafts", ["movement", "round_id", "id"])
    op.create_table(
        "application_questions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="application_questions_answered_then"),
    )
    op.create_index(
        "application_questions_by_application", "application_questions", ["movement", "application_id", "id"]
    )
