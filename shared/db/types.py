"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import sqlalchemy as sa


class Instant(sa.types.TypeDecorator[datetime]):
    """A moment: an aware UTC datetime in Python, microseconds since 1970 in the database (so that it sorts on both)."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else from_microseconds(value)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment; a naive one is refused, for it names no instant."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(value: int) -> datetime:
    """The UTC moment of so many microseconds since 1970."""
    seconds, rest = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
