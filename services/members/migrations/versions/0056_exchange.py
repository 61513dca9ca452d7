"""Asks and offers, and the matches between them."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"

_LIVE = sa.text("state = 'made'")


def upgrade() -> None:
    op.create_table(
        "listings",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")),
        sa.Column("version", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("side", "kind")),
        *(sa.Column(name, sa.Text) for name in ("person", "organisation")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("interests", "times")),
        *(sa.Column(name, sa.Text) for name in ("area", "postcode")),
        sa.Column("until", sa.Date),
        sa.Column("state", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("created_at", "updated_at")),
        sa.ForeignKeyConstraint(["movement", "person"], ["people.movement", "people.id"]),
        sa.ForeignKeyConstraint(["movement", "organisation"], ["organisations.movement", "organisations.id"]),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="listings_of_one"),
    )
    op.create_index("listings_by_state", "listings", ["movement", "side", "state", "kind"])
    op.create_index("listings_by_person", "listings", ["movement", "person"])
    op.create_index("listings_by_organisation", "listings", ["movement", "organisation"])
    op.create_table(
        "exchange_matches",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("movement", "id")),
        sa.Column("version", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("ask", "offer")),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("note", "thanks", "transfer")),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("done_on", sa.Date),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        *(
            sa.ForeignKeyConstraint(["movement", side], ["listings.movement", "listings.id"])
            for side in ("ask", "offer")
        ),
    )
    for side in ("ask", "offer"):
        op.create_index(
            f"exchange_matches_one_live_{side}", "exchange_matches", ["movement", side],
            unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
        )  # fmt: skip
        op.create_index(f"exchange_matches_by_{side}", "exchange_matches", ["movement", side])
