"""Movements can be edited, and the other services hear of them: those that are there already are announced once."""

import msgspec
import sqlalchemy as sa
from alembic import op

from shared import clock
from shared.db.infrastructure import outbox, outbox_sequence
from shared.ids import new_id

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("movement", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    op.add_column("movement", sa.Column("updated_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE movement SET updated_at = created_at")
    _announce()


def _announce() -> None:
    movement = sa.table("movement", sa.column("id"), sa.column("time_zone"))
    for id_, zone in op.get_bind().execute(sa.select(movement.c.id, movement.c.time_zone)).all():
        event = {"event_id": new_id("evt"), "type": "movement.created", "key": id_, "sequence": 1, "movement": id_}
        payload = msgspec.json.encode({"movement": id_, "time_zone": zone})
        event |= {"actor": "system", "occurred_at": clock.milliseconds(), "payload": payload}
        op.execute(sa.insert(outbox).values(event))
        op.execute(sa.insert(outbox_sequence).values(key=id_, last=1))
