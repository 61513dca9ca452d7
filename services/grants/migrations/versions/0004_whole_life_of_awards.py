"""Awards live on after the yes: active, closed, refused, on hold, in part paid; and are edited by version."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_LIVE = sa.text("state IN ('offered', 'accepted', 'active', 'closed')")
_OFFERED = sa.text("state = 'offered'")


def upgrade() -> None:
    op.drop_index("awards_one_live_an_application", "awards")
    with op.batch_alter_table("awards") as awards:
        awards.add_column(sa.Column("purpose", sa.Text))
        awards.add_column(sa.Column("starts_on", sa.Date))
        awards.add_column(sa.Column("ends_on", sa.Date))
        for pence in ("committed", "paying", "paid"):
            awards.add_column(sa.Column(pence, sa.BigInteger, nullable=False, server_default="0"))
        awards.add_column(sa.Column("answer_by", sa.BigInteger))
        awards.add_column(sa.Column("started_at", sa.BigInteger))
        awards.add_column(sa.Column("held_since", sa.BigInteger))
        awards.add_column(sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
        awards.add_column(sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
        awards.drop_constraint("awards_known_state", type_="check")
        awards.create_check_constraint(
            "awards_known_state",
            "state IN ('offered', 'accepted', 'active', 'closed', 'lapsed', 'refused', 'cancelled')",
        )
        awards.create_check_constraint("awards_hold_what_they_are", "0 <= committed AND committed <= amount")
        awards.create_check_constraint("awards_never_overpaid", "0 <= paid AND paid <= paying AND paying <= amount")
        awards.create_check_constraint(
            "awards_start_first", "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on"
        )
    op.execute("UPDATE awards SET committed = amount WHERE state IN ('offered', 'accepted')")
    op.execute("UPDATE awards SET updated_at = COALESCE(ended_at, accepted_at, offered_at)")
    op.create_index("awards_by_change", "awards", ["movement", "updated_at", "id"])
    op.create_index("awards_awaiting_answer", "awards", ["answer_by"], sqlite_where=_OFFERED, postgresql_where=_OFFERED)
    op.create_index(
        "awards_one_live_an_application", "awards", ["movement", "application_id"],
        unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
    )  # fmt: skip
