"""Learning: needs, courses, places on them, and to whom what was learnt was passed on."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.create_table(
        "learning_needs",
        *_versioned(),
        *(sa.Column(name, sa.Text) for name in ("person", "organisation")),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("words", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        *_instants("created_at", "updated_at"),
        _refers("person", "people"),
        _refers("organisation", "organisations"),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="learning_needs_of_one"),
    )
    op.create_index("learning_needs_by_topic", "learning_needs", ["movement", "topic", "state"])
    _index("learning_needs", "person", "organisation")
    op.create_table(
        "learning_courses",
        *_versioned(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "topic")),
        *(sa.Column(name, sa.Text) for name in ("about", "provider")),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("starts_on", "ends_on")),
        *(sa.Column(name, sa.BigInteger) for name in ("places", "cancelled_at")),
        *_instants("created_at", "updated_at"),
        _refers("provider", "organisations"),
        sa.CheckConstraint("ends_on >= starts_on", name="learning_courses_in_order"),
        sa.CheckConstraint("places IS NULL OR places > 0", name="learning_courses_have_places"),
    )
    _index("learning_courses", "topic", "provider")
    _create_places()


def _create_places() -> None:
    op.create_table(
        "learning_places",
        *_versioned(),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("course", "person")),
        sa.Column("need", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("completed_on", sa.Date),
        *_instants("created_at", "updated_at"),
        _refers("course", "learning_courses"),
        _refers("person", "people"),
    )
    op.create_index("learning_places_by_course", "learning_places", ["movement", "course", "state"])
    _index("learning_places", "person")
    op.create_table(
        "learning_passed_on",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")),
        sa.Column("place", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("to_person", "to_organisation", "to_words")),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("what", sa.Text),
        sa.Column("on", sa.Date, nullable=False),
        *_instants("recorded_at"),
        _refers("place", "learning_places"),
        _refers("to_person", "people"),
        _refers("to_organisation", "organisations"),
        sa.CheckConstraint("people > 0", name="learning_passed_on_to_somebody"),
    )
    _index("learning_passed_on", "place")
    for whom in ("person", "organisation"):
        op.create_index(f"learning_passed_on_to_{whom}", "learning_passed_on", ["movement", f"to_{whom}"])


def _versioned() -> "list[sa.Column[str] | sa.Column[int]]":
    key = [sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")]
    return [*key, sa.Column("version", sa.BigInteger, nullable=False)]


def _instants(*names: str) -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"{table}_by_{column}", table, ["movement", column])


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", column], [f"{table}.movement", f"{table}.id"])
