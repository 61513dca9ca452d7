"""Reviews and their scores, the seeds of rounds, decisions, votes, and ids of people for which others answer."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_LIVE = sa.text("state IN ('begun', 'voting', 'ranked')")
_IN_RESERVE = sa.text("outcome = 'reserve' AND held_up IS NULL")


def upgrade() -> None:
    op.create_table(
        "merged_people",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("into", sa.Text, nullable=False),
    )
    _create_reviews()
    op.create_table(
        "draw_seeds",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("seed", sa.Text),
        sa.Column("committed_at", sa.BigInteger, nullable=False),
        sa.Column("revealed_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
    )
    _create_decisions()
    _create_candidates()
    _create_meetings()
    _create_votes()


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Text, nullable=False),
        sa.Column("application_id", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("suggested", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("interest", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("assigned_at", sa.BigInteger, nullable=False),
        sa.Column("declared_at", sa.BigInteger),
        sa.Column("scored_at", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.UniqueConstraint("movement", "application_id", "reviewer", name="reviews_one_a_person"),
        sa.CheckConstraint(
            "state IN ('assigned', 'clear', 'conflicted', 'scored', 'released')", name="reviews_known_state"
        ),
        sa.CheckConstraint(
            "state IN ('assigned', 'released') OR declared_at IS NOT NULL", name="reviews_declared_before_all_else"
        ),
    )
    op.create_index("reviews_by_round", "reviews", ["movement", "round_id", "id"])
    op.create_index("reviews_by_reviewer", "reviews", ["movement", "reviewer", "id"])
    op.create_table(
        "review_scores",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("review_id", sa.Text, primary_key=True),
        sa.Column("criterion", sa.Text, primary_key=True),
        sa.Column("score", sa.BigInteger, nullable=False),
        sa.Column("justification", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "review_id"], ["reviews.movement", "reviews.id"]),
        sa.CheckConstraint("0 <= score", name="review_scores_from_nothing_up"),
    )


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("round_id", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("dots", sa.BigInteger),
        sa.Column("most_on_one", sa.BigInteger),
        sa.Column("voted_online", sa.BigInteger),
        sa.Column("digest", sa.Text),
        sa.Column("delegation", sa.Text),
        sa.Column("answer_days", sa.BigInteger),
        sa.Column("because", sa.Text),
        sa.Column("begun_by", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("voting_at", sa.BigInteger),
        sa.Column("ranked_at", sa.BigInteger),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.CheckConstraint("state IN ('begun', 'voting', 'ranked', 'made', 'abandoned')", name="decisions_known_state"),
        sa.CheckConstraint(
            "(mode = 'vote') = (dots IS NOT NULL AND most_on_one IS NOT NULL)", name="decisions_dots_for_votes"
        ),
    )
    op.create_index(
        "decisions_one_live_a_round", "decisions", ["movement", "round_id"],
        unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
    op.create_index("decisions_by_round", "decisions", ["movement", "round_id", "id"])


def _create_candidates() -> None:
    op.create_table(
        "decision_candidates",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("application_id", sa.Text, primary_key=True),
        sa.Column("place", sa.Text),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("votes", sa.BigInteger),
        sa.Column("rank", sa.BigInteger),
        sa.Column("ranked_by", sa.Text),
        sa.Column("outcome", sa.Text),
        sa.Column("amount", sa.BigInteger),
        sa.Column("award_id", sa.Text),
        sa.Column("held_up", sa.Text),
        sa.ForeignKeyConstraint(["movement", "decision_id"], ["decisions.movement", "decisions.id"]),
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.CheckConstraint("outcome IN ('award', 'reserve', 'decline')", name="decision_candidates_known_outcome"),
        sa.CheckConstraint("amount > 0", name="decision_candidates_are_given_something"),
    )
    op.create_index(
        "decision_candidates_in_reserve", "decision_candidates", ["movement", "decision_id", "rank"],
        sqlite_where=_IN_RESERVE, postgresql_where=_IN_RESERVE,
    )  # fmt: skip


def _create_meetings() -> None:
    of_decision = ["decisions.movement", "decisions.id"]
    of_meeting = ["decision_meetings.movement", "decision_meetings.decision_id"]
    op.create_table(
        "decision_meetings",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("minute", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["movement", "decision_id"], of_decision),
    )
    op.create_table(
        "decision_panellists",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "decision_id"], of_meeting),
    )
    op.create_table(
        "decision_departures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("application_id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "decision_id"], of_meeting),
    )


def _create_votes() -> None:
    of_decision = ["decisions.movement", "decisions.id"]
    op.create_table(
        "decision_voters",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("voted", sa.Text),
        sa.ForeignKeyConstraint(["movement", "decision_id"], of_decision),
        sa.CheckConstraint("voted IN ('online', 'paper')", name="decision_voters_known_way"),
    )
    op.create_table(
        "decision_ballots",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("receipt", sa.Text, primary_key=True),
        sa.Column("dots", sa.JSON, nullable=False),
        sa.Column("digest", sa.Text),
        sa.ForeignKeyConstraint(["movement", "decision_id"], of_decision),
    )
    op.create_table(
        "decision_tallies",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("decision_id", sa.Text, primary_key=True),
        sa.Column("box", sa.BigInteger, primary_key=True),
        sa.Column("teller", sa.Text, primary_key=True),
        sa.Column("ballots", sa.BigInteger, nullable=False),
        sa.Column("dots", sa.JSON, nullable=False),
        sa.Column("counted_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["movement", "decision_id"], of_decision),
        sa.CheckConstraint("0 <= ballots", name="decision_tallies_count_up"),
    )
