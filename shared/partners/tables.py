"""The tables of organisations and time zones: projections of what members and the gateway announce.

``into`` answers for an organisation where the two turned out to be one; ``over`` where it ended. Nothing of it is
repointed when it is merged: whatever names it is read by the id that answers now, and so a merger that is undone is
undone here too. ``time_zone`` is the IANA name of the zone that a movement reckons its days in.
"""

import sqlalchemy as sa

from shared.db.infrastructure import Migrating

metadata = sa.MetaData()

partners = sa.Table(
    "partners",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("organisation", sa.Text, primary_key=True),
    sa.Column("into", sa.Text),
    sa.Column("over", sa.Boolean, nullable=False),
)

movement_zones = sa.Table(
    "movement_zones",
    metadata,
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("time_zone", sa.Text, nullable=False),
)


def create(op: Migrating) -> None:
    """Create them: a service's migration calls this. A later change is a migration of its own."""
    metadata.create_all(op.get_bind(), checkfirst=False)
