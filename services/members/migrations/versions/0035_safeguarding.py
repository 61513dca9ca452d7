"""Safeguarding's own tables. Who was kept apart until now moves into them, sealed with the keys of their own."""

import json

import sqlalchemy as sa
from alembic import op

from shared.db.types import from_microseconds
from shared.secrets import Secrets
from shared.settings import Settings

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    for table in ("protected_people", "apart_pairs"):
        op.create_table(
            table,
            sa.Column("movement", sa.Text, primary_key=True),
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("version", sa.BigInteger, nullable=False),
            sa.Column("sealed", sa.LargeBinary, nullable=False),
        )
    op.create_table(
        "safeguarding_terms",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("term", sa.LargeBinary, primary_key=True),
        sa.Column("record", sa.Text, primary_key=True),
    )
    op.create_index("safeguarding_terms_by_record", "safeguarding_terms", ["movement", "record"])
    _seal_who_is_kept_apart()
    op.drop_table("kept_apart")


def _seal_who_is_kept_apart() -> None:
    """The form is that of services/members/trust/safeguarding at this revision."""
    plain = sa.text(
        "SELECT movement, id, person, other, review_on, recorded_by, recorded_at, ended_by, ended_at FROM kept_apart"
    )
    rows = op.get_bind().execute(plain).mappings().all()
    if not rows:
        return  # and the keys, which a migration has no other use for, need not be there
    keys = Secrets.load(Settings(), "members").rings["safeguarding"]
    into_pairs = sa.text("INSERT INTO apart_pairs (movement, id, version, sealed) VALUES (:movement, :id, 1, :sealed)")
    into_terms = sa.text("INSERT INTO safeguarding_terms (movement, term, record) VALUES (:movement, :term, :id)")
    for row in rows:
        key = {"movement": row["movement"], "id": row["id"]}
        held = {name: value for name, value in row.items() if name != "movement"}
        at = {name: row[name] for name in ("recorded_at", "ended_at")}
        held |= {name: None if told is None else from_microseconds(told).isoformat() for name, told in at.items()}
        held["review_on"] = None if row["review_on"] is None else str(row["review_on"])
        place = "\n".join(("apart_pairs", *key.values()))
        sealed = keys.seal(json.dumps(held | {"version": 1}).encode(), bound_to=place.encode())
        op.get_bind().execute(into_pairs, key | {"sealed": sealed})
        for person in {row["person"], row["other"]}:
            term = keys.blind("\n".join(("apart_pairs", row["movement"], person)))
            op.get_bind().execute(into_terms, key | {"term": term})
