"""The places that rules and applications name, and in what they lie: measures is asked about each that there is."""

import json
import time

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

_NAMED = {
    "funds": "restrictions",
    "contributions": "fits",
    "rounds": "eligibility",
}


def upgrade() -> None:
    op.create_table(
        "named_places",
        sa.Column("movement", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("within", sa.JSON, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
    )
    op.create_index("named_places_due", "named_places", ["due_at"])
    bind, named = op.get_bind(), set[tuple[str, str]]()
    for row in bind.execute(sa.text("SELECT DISTINCT movement, place FROM applications WHERE place IS NOT NULL")):
        named.add((row.movement, row.place))
    for table, column in _NAMED.items():
        for row in bind.execute(sa.text(f"SELECT movement, {column} AS said FROM {table}")):
            said = json.loads(row.said) if isinstance(row.said, str) else row.said
            named |= {(row.movement, code) for code in said["places"]}
    now = time.time_ns() // 1000
    insert = sa.text("INSERT INTO named_places (movement, code, within, due_at) VALUES (:movement, :code, '[]', :now)")
    for movement, code in sorted(named):
        bind.execute(insert, {"movement": movement, "code": code, "now": now})
