"""Stories, whom they tell of, and what they are tagged with."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_OF_A_STORY = ["movement", "story"], ["stories.movement", "stories.id"]


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("credit", sa.Text),
        sa.Column("told_on", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("programme", sa.Text),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("reach", sa.Text, nullable=False),
        sa.Column("agreed_on", sa.Text, nullable=False),
        sa.Column("agreed_how", sa.Text, nullable=False),
        sa.Column("review_on", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("movement", "origin", "reference"),
    )
    op.create_index("stories_by_state", "stories", ["movement", "state", "id"])
    op.create_table(
        "story_people",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("story", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(*_OF_A_STORY),
    )
    op.create_index("story_people_by_person", "story_people", ["movement", "person"])
    op.create_table(
        "story_tags",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("story", sa.Text, primary_key=True),
        sa.Column("framework", sa.Text, primary_key=True),
        sa.Column("element", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(*_OF_A_STORY),
    )
    op.create_index("story_tags_by_element", "story_tags", ["movement", "framework", "element"])
    op.create_table(
        "story_measures",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("story", sa.Text, primary_key=True),
        sa.Column("measure", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(*_OF_A_STORY),
        sa.ForeignKeyConstraint(["movement", "measure"], ["measures.movement", "measures.id"]),
    )
    op.create_index("story_measures_by_measure", "story_measures", ["movement", "measure"])
