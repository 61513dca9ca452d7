"""The asset map: assets, their interests and tags, when they happen, and the words that they are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _create_assets()
    _create_asset_terms()
    _create_asset_times()
    _create_asset_words()


def _create_assets() -> None:
    op.create_table(
        "assets",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("person", sa.Text),
        sa.Column("organisation", sa.Text),
        *_where_and_what(),
        *_who_and_when(),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
        sa.CheckConstraint("taken >= 0", name="assets_taken_is_a_count"),
        sa.CheckConstraint("spare IS NULL OR taken <= spare", name="assets_within_what_they_can_take"),
    )
    op.create_index("assets_by_freshness", "assets", ["movement", "state", "kind", "verified_at"])
    op.create_index("assets_by_update", "assets", ["movement", "updated_at"])
    op.create_index("assets_by_person", "assets", ["movement", "person"])
    op.create_index("assets_by_organisation", "assets", ["movement", "organisation"])


def _where_and_what() -> list[sa.Column[object]]:
    return [
        sa.Column("venue", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("town", sa.Text),
        sa.Column("county", sa.Text),
        sa.Column("postcode", sa.Text),
        sa.Column("district", sa.Text),
        sa.Column("area", sa.Text),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("address_withheld", sa.Boolean, nullable=False),
        sa.Column("cost_pence", sa.BigInteger),
        sa.Column("cost_currency", sa.Text),
        sa.Column("cost_note", sa.Text),
        sa.Column("access", sa.JSON, nullable=False),
        sa.Column("access_note", sa.Text),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("minimum_age", sa.BigInteger),
        sa.Column("maximum_age", sa.BigInteger),
        sa.Column("capacity", sa.BigInteger),
        sa.Column("spare", sa.BigInteger),
        sa.Column("taken", sa.BigInteger, nullable=False),
        sa.Column("declaration", sa.BigInteger, nullable=False),
    ]


def _who_and_when() -> list[sa.Column[object]]:
    return [
        sa.Column("contact_name", sa.Text),
        sa.Column("contact_email", sa.Text),
        sa.Column("contact_phone", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("agreed_at", sa.BigInteger),
        sa.Column("agreed_by", sa.Text),
        sa.Column("agreed_how", sa.Text),
        sa.Column("verified_at", sa.BigInteger),
        sa.Column("verified_by", sa.Text),
        sa.Column("verified_person", sa.Text),
        sa.Column("verified_how", sa.Text),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    ]


def _create_asset_terms() -> None:
    op.create_table(
        "asset_terms",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("scheme", sa.Text, primary_key=True),
        sa.Column("term", sa.Text, primary_key=True),
        sa.Column("asset", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "asset"], ["assets.movement", "assets.id"]),
    )
    op.create_index("asset_terms_by_asset", "asset_terms", ["movement", "asset"])


def _create_asset_times() -> None:
    op.create_table(
        "asset_times",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("asset", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("starts", sa.Text),
        sa.Column("ends", sa.Text),
        sa.Column("week", sa.BigInteger),
        sa.Column("note", sa.Text),
        sa.ForeignKeyConstraint(["movement", "asset"], ["assets.movement", "assets.id"]),
    )
    op.create_index("asset_times_by_day", "asset_times", ["movement", "day", "asset"])


def _create_asset_words() -> None:
    op.create_table(
        "asset_words",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("word", sa.LargeBinary, primary_key=True),
        sa.Column("asset", sa.Text, primary_key=True),
        sa.ForeignKeyConstraint(["movement", "asset"], ["assets.movement", "assets.id"]),
    )
    op.create_index("asset_words_by_asset", "asset_words", ["movement", "asset"])
