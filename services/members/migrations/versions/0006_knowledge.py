"""The knowledge hub: items, their texts, labels, words and uses."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _create_items()
    _create_texts()
    _create_labels()
    _create_words()
    _create_uses()


def _of_item() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", "item"], ["knowledge_items.movement", "knowledge_items.id"])


def _create_items() -> None:
    op.create_table(
        "knowledge_items",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("newest", sa.BigInteger, nullable=False),
        sa.Column("published", sa.BigInteger),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("archived_at", sa.BigInteger),
    )
    op.create_index("knowledge_items_by_state", "knowledge_items", ["movement", "state", "id"])


def _create_texts() -> None:
    op.create_table(
        "knowledge_texts",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("links", sa.JSON, nullable=False),
        sa.Column("written_by", sa.Text, nullable=False),
        sa.Column("written_at", sa.BigInteger, nullable=False),
        sa.Column("published_at", sa.BigInteger),
        _of_item(),
    )


def _create_labels() -> None:
    op.create_table(
        "knowledge_labels",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        _of_item(),
    )
    op.create_index("knowledge_labels_by_item", "knowledge_labels", ["movement", "item"])


def _create_words() -> None:
    op.create_table(
        "knowledge_words",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("word", sa.LargeBinary, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("weight", sa.BigInteger, nullable=False),
        _of_item(),
    )
    op.create_index("knowledge_words_by_item", "knowledge_words", ["movement", "item"])


def _create_uses() -> None:
    op.create_table(
        "knowledge_uses",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("text", sa.BigInteger, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("organisation", sa.Text),
        sa.Column("used_on", sa.Date, nullable=False),
        sa.Column("did", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        _of_item(),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
    )
    op.create_index("knowledge_uses_by_item", "knowledge_uses", ["movement", "item", "id"])
    op.create_index("knowledge_uses_by_person", "knowledge_uses", ["movement", "person"])
