"""What people say, who takes it up and answers it, themes and votes, and the rounds that unmet wishes suggest."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"

_LIVE = sa.text("ended_on IS NULL")
_TAKERS = ("circle", "partner", "programme", "round", "ask")


def upgrade() -> None:
    _create_themes()
    _create_voices()
    _create_what_became_of_them()
    _create_round_suggestions()


def _key() -> tuple["sa.Column[str]", "sa.Column[str]"]:
    return sa.Column("movement", sa.Text, primary_key=True), sa.Column("id", sa.Text, primary_key=True)


def _texts(*names: str, nullable: bool = False) -> list["sa.Column[str]"]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _numbers(*names: str) -> list["sa.Column[int]"]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _of(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])


def _create_themes() -> None:
    op.create_table(
        "voice_themes",
        *_key(),
        *_texts("slug", "name"),
        *_numbers("version", "created_at", "updated_at"),
        sa.UniqueConstraint("movement", "slug"),
    )
    op.create_table(
        "voice_votes",
        *_key(),
        *_texts("theme", "person"),
        *_numbers("voted_at"),
        _of("theme", "voice_themes"),
        _of("person", "people"),
        sa.UniqueConstraint("movement", "theme", "person"),
    )
    op.create_index("voice_votes_by_person", "voice_votes", ["movement", "person"])


def _create_voices() -> None:
    op.create_table(
        "voices",
        *_key(),
        *_texts("kind", "recorded_by", "state"),
        *_texts("place", "gathering", "theme", "speaker", "reply", "traceparent", nullable=True),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("said_on", sa.Date, nullable=False),
        *_numbers("version", "people", "state_since", "created_at", "updated_at"),
        _of("gathering", "gatherings"),
        _of("theme", "voice_themes"),
        sa.CheckConstraint("people > 0", name="voices_are_somebodys"),
    )
    op.create_index("voices_by_state", "voices", ["movement", "state", "said_on", "id"])
    op.create_index("voices_by_theme", "voices", ["movement", "theme", "id"])
    op.create_index("voices_by_gathering", "voices", ["movement", "gathering"])
    op.create_index("voices_by_speaker", "voices", ["movement", "speaker"])


def _create_what_became_of_them() -> None:
    one = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in _TAKERS) + " = 1"
    op.create_table(
        "voice_uptakes",
        *_key(),
        *_texts("voice"),
        *_texts(*_TAKERS, nullable=True),
        sa.Column("since", sa.Date, nullable=False),
        _of("voice", "voices"),
        _of("circle", "circles"),
        _of("partner", "organisations"),
        _of("programme", "programmes"),
        _of("ask", "campaign_asks"),
        sa.CheckConstraint(one, name="voice_uptakes_by_one"),
    )
    op.create_index("voice_uptakes_by_voice", "voice_uptakes", ["movement", "voice"])
    op.create_index("voice_uptakes_by_partner", "voice_uptakes", ["movement", "partner"])
    op.create_table(
        "voice_answers",
        *_key(),
        *_texts("voice", "reply", "answered_by"),
        *_texts("why", "told_how", nullable=True),
        *_numbers("answered_at"),
        sa.Column("told_at", sa.BigInteger),
        _of("voice", "voices"),
        sa.CheckConstraint("reply <> 'no' OR why IS NOT NULL", name="voice_answers_say_why_not"),
    )
    op.create_index("voice_answers_by_voice", "voice_answers", ["movement", "voice"])
    op.create_table(
        "voice_listeners",
        *_key(),
        *_texts("voice", "person", "channel"),
        *_numbers("asked_at"),
        sa.Column("told_at", sa.BigInteger),
        _of("voice", "voices"),
        _of("person", "people"),
        sa.UniqueConstraint("movement", "voice", "person"),
    )
    op.create_index("voice_listeners_by_person", "voice_listeners", ["movement", "person"])


def _create_round_suggestions() -> None:
    op.create_table(
        "round_suggestions",
        *_key(),
        *_texts("theme", "place"),
        *_texts("round", nullable=True),
        *_numbers("wishes", "suggested_at"),
        sa.Column("ended_on", sa.Date),
    )
    op.create_index(
        "round_suggestions_one_at_a_time", "round_suggestions", ["movement", "theme", "place"],
        unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
    op.create_index("round_suggestions_by_round", "round_suggestions", ["movement", "round"])
    op.create_table(
        "known_rounds",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("round", sa.Text, primary_key=True),
    )
