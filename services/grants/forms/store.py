"""Every SQL statement about forms and their versions."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.forms.models import Form, FormVersion, Read


def find_version(session: Session, movement: str, version_id: str) -> FormVersion | None:
    """A version of a form."""
    return session.get(FormVersion, (movement, version_id))


def use(session: Session, movement: str, version_id: str, at: datetime) -> None:
    """Freeze a version from this moment on, unless it is frozen already. An edit of it at the same time comes first, or
    finds it frozen."""
    here = (FormVersion.movement == movement, FormVersion.id == version_id, FormVersion.used_at.is_(None))
    session.execute(sa.update(FormVersion).where(*here).values(used_at=at))


def form_for_change(session: Session, movement: str, form_id: str) -> Form | None:
    """The form, locked until the transaction ends: of two new versions one has the next number."""
    return locked(session, sa.select(Form).where(Form.movement == movement, Form.id == form_id))


def version_for_change(session: Session, movement: str, form_id: str, version_id: str) -> FormVersion | None:
    """A version of a form as it is now, locked until the transaction ends."""
    return locked(session, _of_form(movement, form_id, version_id))


def find_of_form(session: Session, movement: str, form_id: str, version_id: str) -> FormVersion | None:
    """A version, if it is of this form."""
    return session.scalar(_of_form(movement, form_id, version_id))


def newest_number(session: Session, movement: str, form_id: str) -> int:
    """The number of a form's newest version."""
    query = sa.select(sa.func.max(FormVersion.number)).where(
        FormVersion.movement == movement, FormVersion.form_id == form_id
    )
    return session.scalar(query) or 0


def find_form(session: Session, movement: str, form_id: str) -> Read | None:
    """A form with its newest version."""
    row = session.execute(_with_newest(movement).where(Form.id == form_id)).one_or_none()
    return None if row is None else Read(*row)


def list_forms(session: Session, movement: str, *, after: str, limit: int) -> Sequence[Read]:
    """Forms in the order of their making, each with its newest version."""
    query = _with_newest(movement).where(Form.id > after).order_by(Form.id).limit(limit)
    return [Read(*row) for row in session.execute(query)]


def list_versions(session: Session, movement: str, form_id: str, *, after: int, limit: int) -> Sequence[FormVersion]:
    """The versions of a form behind a number."""
    query = sa.select(FormVersion).where(
        FormVersion.movement == movement, FormVersion.form_id == form_id, FormVersion.number > after
    )
    return session.scalars(query.order_by(FormVersion.number).limit(limit)).all()


def _of_form(movement: str, form_id: str, version_id: str) -> sa.Select[FormVersion]:
    return sa.select(FormVersion).where(
        FormVersion.movement == movement, FormVersion.form_id == form_id, FormVersion.id == version_id
    )


def _with_newest(movement: str) -> sa.Select[Form, FormVersion]:
    other = sa.orm.aliased(FormVersion)
    newest = (
        sa.select(sa.func.max(other.number))
        .where(other.movement == Form.movement, other.form_id == Form.id)
        .scalar_subquery()
    )
    joined = sa.and_(
        FormVersion.movement == Form.movement, FormVersion.form_id == Form.id, FormVersion.number == newest
    )
    return sa.select(Form, FormVersion).join(FormVersion, joined).where(Form.movement == movement)
