"""Every SQL statement about documents."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer

from services.grants.applications.documents.models import Document


def count(session: Session, movement: str, application: str) -> int:
    """How many files an application has."""
    query = sa.select(sa.func.count()).where(Document.movement == movement, Document.application == application)
    return session.scalar(query) or 0


def list_documents(session: Session, movement: str, application: str) -> Sequence[Document]:
    """The files of an application, without what is in them, in the order in which they came."""
    query = sa.select(Document).where(Document.movement == movement, Document.application == application)
    return session.scalars(query.order_by(Document.id)).all()


def find(session: Session, movement: str, application: str, document: str) -> Document | None:
    """A file of an application, with what is in it."""
    query = sa.select(Document).where(
        Document.movement == movement, Document.application == application, Document.id == document
    )
    return session.scalar(query.options(undefer(Document.content)))


def after(session: Session, movement: str, document: str, limit: int) -> Sequence[Document]:
    """Files of the movement, without what is in them, in the order in which they came, those after one first."""
    query = sa.select(Document).where(Document.movement == movement, Document.id > document)
    return session.scalars(query.order_by(Document.id).limit(limit)).all()


def drop(session: Session, movement: str, document: str) -> int:
    """Delete a file; 0 where it is gone already."""
    here = Document.movement == movement, Document.id == document
    return len(session.execute(sa.delete(Document).where(*here).returning(Document.id)).all())


def drop_all(session: Session, movement: str, application: str) -> None:
    """Delete the files of a draft."""
    session.execute(sa.delete(Document).where(Document.movement == movement, Document.application == application))
