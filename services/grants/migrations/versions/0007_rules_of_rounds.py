"""Rounds go through their whole life, with the rules by which they are decided; and the forms that they ask by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_STATES = "'draft', 'published', 'open', 'closed', 'assessing', 'decided', 'complete', 'cancelled'"


def upgrade() -> None:
    _create_forms()
    with op.batch_alter_table("rounds") as rounds:
        rounds.add_column(sa.Column("form_version", sa.Text))
        rounds.add_column(sa.Column("decision_mode", sa.Text, nullable=False, server_default="officer"))
        rounds.add_column(sa.Column("tie_rule", sa.Text, nullable=False, server_default="place_then_draw"))
        rounds.add_column(sa.Column("priority_places", sa.JSON, nullable=False, server_default="[]"))
        rounds.add_column(sa.Column("rubric", sa.JSON, nullable=False, server_default="[]"))
        rounds.add_column(sa.Column("quorum", sa.BigInteger, nullable=False, server_default="0"))
        anybody = '{"places": [], "kinds": [], "themes": []}'
        rounds.add_column(sa.Column("eligibility", sa.JSON, nullable=False, server_default=anybody))
        for step in ("published_at", "closed_at", "assessing_at", "decided_at"):
            rounds.add_column(sa.Column(step, sa.BigInteger))
        rounds.add_column(sa.Column("held_up", sa.Text))
        rounds.drop_constraint("rounds_known_state", type_="check")
        rounds.create_foreign_key(
            "rounds_form_version", "form_versions", ["movement", "form_version"], ["movement", "id"]
        )
        rounds.create_check_constraint("rounds_known_state", f"state IN ({_STATES})")
        rounds.create_check_constraint("rounds_known_mode", "decision_mode IN ('officer', 'panel', 'vote', 'draw')")
        rounds.create_check_constraint("rounds_known_tie_rule", "tie_rule IN ('place_then_draw', 'draw')")
        rounds.create_check_constraint("rounds_quorum_is_a_number", "0 <= quorum")
    op.create_index("rounds_opening", "rounds", ["state", "opens_at"])
    op.create_index("rounds_closing", "rounds", ["state", "closes_at"])
    # A closed round had given back what it had not awarded: that is what completing one does now.
    op.execute("UPDATE rounds SET state = 'complete', closed_at = ended_at WHERE state = 'closed'")
    op.execute("UPDATE rounds SET published_at = opened_at")


def _create_forms() -> None:
    op.create_table(
        "forms",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "form_versions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("form_id", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("schema", sa.JSON, nullable=False),
        sa.Column("questions", sa.JSON, nullable=False),
        sa.Column("summary_from", sa.Text),
        sa.Column("used_at", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "form_id"], ["forms.movement", "forms.id"]),
        sa.UniqueConstraint("movement", "form_id", "number"),
    )
