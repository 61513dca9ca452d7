"""The tables' common base: one metadata for the service, and how Python's types are stored."""

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy import orm

from shared.db.types import Instant


class Base(orm.DeclarativeBase):
    """Text for ``str``, 64-bit integers for ``int``, microseconds for instants."""

    type_annotation_map: ClassVar = {str: sa.Text, int: sa.BigInteger, datetime: Instant}
