"""What is asked about a person before their data is used, and the forms in which a bar answers."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.models import Rule
from shared import clock
from shared.db.types import Instant

Moment = datetime | sa.BindParameter[datetime]

NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=Instant(), callable_=clock.now)
"""The moment at which a statement runs: a condition with it is made once, and may be used again."""


class Asked(NamedTuple):
    """A use of people's data: for what purpose, over which channel, at what moment, and the movement's day then."""

    purpose: Rule
    channel: Channel
    at: Moment
    day: date


Barred = sa.Select[str] | frozenset[str]
"""Whom a bar keeps out: a query whose first column is a person's id, or the ids."""
