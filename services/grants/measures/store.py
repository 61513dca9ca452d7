"""Every SQL statement about published versions of measures."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.measures.models import PublishedVersion


def keep(session: Session, movement: str, version: str) -> None:
    """Know of a version."""
    session.merge(PublishedVersion(movement=movement, version=version))


def known(session: Session, movement: str, versions: Collection[str]) -> set[str]:
    """Those of these versions that were published."""
    query = sa.select(PublishedVersion.version).where(
        PublishedVersion.movement == movement, PublishedVersion.version.in_(versions)
    )
    return set(session.scalars(query))
