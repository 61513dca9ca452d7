"""The tables of imports, and of the grants of other funders. Amounts in pence, the currency's minor unit."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base


class GrantsImport(Base):
    """Where a file came from; the job of the same id says how far it is. Its grants are seen once it is revealed."""

    __tablename__ = "grants_imports"

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    licence: Mapped[str | None]
    dry_run: Mapped[bool]
    created_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]


class ExternalGrant(Base):
    """A grant that another funder published, as an import took it: ``grant`` is the whole of it.

    ``faults`` are what is wrong with it by the standard. Of one ``grant_id`` the newest that was revealed is seen.
    """

    __tablename__ = "external_grants"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "import_id"], ["grants_imports.movement", "grants_imports.id"]),
        sa.Index("external_grants_by_identifier", "movement", "grant_id", "import_id", unique=True),
        sa.Index("external_grants_by_import", "movement", "import_id", "id"),
        sa.Index("external_grants_by_funder", "movement", "funder", "id"),
        sa.Index("external_grants_by_recipient", "movement", "recipient", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    import_id: Mapped[str]
    grant_id: Mapped[str]
    digest: Mapped[str]
    funder: Mapped[str | None]
    recipient: Mapped[str | None]
    amount: Mapped[int | None]
    currency: Mapped[str | None]
    awarded_on: Mapped[date | None]
    place: Mapped[str | None]
    valid: Mapped[bool]
    grant: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    faults: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
