"""Activities can be voided; locks, floors and confirmations are decisions; everybody is reckoned anew in runs."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _void_activities()
    for column in (sa.Column("rung", sa.Text), sa.Column("why", sa.Text), sa.Column("until", sa.Date)):
        op.add_column("ladder_decisions", column)
    _create_rung_confirmations()
    _create_ladder_runs()
    _drop_the_old_review()
    op.drop_index("rung_changes_by_person", "rung_changes")
    op.create_index("rung_changes_by_person", "rung_changes", ["movement", "person", "changed_at", "id"])
    _decide_what_was_confirmed()


def _void_activities() -> None:
    op.add_column("activities", sa.Column("voided_at", sa.BigInteger))
    op.drop_index("activities_tally", "activities")
    tally = ["movement", "person", "kind", "happened_on", "counterpart", "voided_at"]
    op.create_index("activities_tally", "activities", tally)
    op.create_table(
        "activity_voids",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("activity", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _create_rung_confirmations() -> None:
    op.create_table(
        "rung_confirmations",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("rung", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=False),
        sa.Column("answered_how", sa.Text),
        sa.Column("answered_on", sa.Date),
        sa.Column("answered_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
    )
    op.create_index("rung_confirmations_by_person", "rung_confirmations", ["movement", "person", "id"])


def _create_ladder_runs() -> None:
    op.create_table(
        "ladder_runs",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("on_day", sa.Date, nullable=False),
        sa.Column("up_to", sa.Text, nullable=False),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("moved_up", sa.BigInteger, nullable=False),
        sa.Column("moved_down", sa.BigInteger, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
    )
    for name, columns, unique, where in (
        ("ladder_runs_one_review_a_day", ["movement", "on_day"], True, "kind = 'review'"),
        ("ladder_runs_running", ["movement"], False, "state = 'running'"),
    ):
        chosen = sa.text(where)
        op.create_index(name, "ladder_runs", columns, unique=unique, sqlite_where=chosen, postgresql_where=chosen)


def _drop_the_old_review() -> None:
    """Rules are kept with their pace; how far a review has come is the run's to know."""
    op.execute("UPDATE ladder_policies SET rules = '{\"rules\":' || rules || '}'")
    op.drop_index("ladder_policies_under_review", "ladder_policies")
    with op.batch_alter_table("ladder_policies") as policies:
        policies.drop_column("reviewed_up_to")


def _decide_what_was_confirmed() -> None:
    """Each step that somebody confirmed is a decision in force, from the instant of the step."""
    op.execute(
        "INSERT INTO ladder_decisions (movement, id, person, decided, rung, by, at)"
        " SELECT movement, 'decision_' || substr(id, 8), person, 'confirmed', to_rung, confirmed_by, changed_at"
        " FROM rung_changes WHERE cause = 'confirmation' AND confirmed_by IS NOT NULL"
    )
