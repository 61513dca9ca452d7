"""What is done with the files of an application: added until it has its answer, and read."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.applications import store as application_store
from services.grants.applications.documents import store
from services.grants.applications.documents.kinds import media_type_of
from services.grants.applications.documents.models import MOST, Document, Purpose, TooManyFiles, UnknownFile
from services.grants.applications.drafts import store as drafts
from services.grants.applications.models import UNDECIDED
from shared import clock
from shared.errors import NotFound
from shared.ids import new_id
from shared.lifecycle import IllegalTransition
from shared.secrets import Secrets


class Sent(NamedTuple):
    """A file as it was sent."""

    name: str
    purpose: Purpose
    content: bytes


def add(session: Session, movement: str, application: str, sent: Sent, secrets: Secrets, by: str) -> Document:
    """Keep a file of an application that waits for its answer, or of a draft. Raises UnknownFile and TooManyFiles."""
    _check_takes(session, movement, application)
    media_type = media_type_of(sent.content)
    if media_type is None:
        raise UnknownFile("send a PDF, a JPEG, PNG or WebP picture, or a text of Word or OpenDocument")
    if store.count(session, movement, application) >= MOST:
        raise TooManyFiles(f"an application has {MOST} files at most")
    document = Document(
        movement=movement,
        id=new_id("document"),
        application=application,
        purpose=sent.purpose,
        name=sent.name,
        media_type=media_type,
        size=len(sent.content),
        digest=hashlib.sha256(sent.content).hexdigest(),
        added_by=by,
        added_at=clock.now(),
    )
    document.content = secrets.seal(sent.content, bound_to=_place(document))
    session.add(document)
    return document


def read(session: Session, movement: str, application: str, document: str, secrets: Secrets) -> tuple[Document, bytes]:
    """A file of an application, and what is in it. Raises NotFound."""
    found = store.find(session, movement, application, document)
    if found is None:
        raise NotFound("there is no such file of this application")
    return found, secrets.open(found.content, bound_to=_place(found))


def content_of(session: Session, document: Document, secrets: Secrets) -> bytes | None:
    """What is in a file; None where it is gone by now."""
    found = store.find(session, document.movement, document.application, document.id)
    return None if found is None else secrets.open(found.content, bound_to=_place(found))


def list_documents(session: Session, movement: str, application: str) -> Sequence[Document]:
    """The files of an application or a draft. Raises NotFound."""
    if drafts.find(session, movement, application) is None:
        applications.get_application(session, movement, application)
    return store.list_documents(session, movement, application)


def _check_takes(session: Session, movement: str, application: str) -> None:
    """Of two files that come at once the second counts the first: the application, or its draft, is held."""
    if drafts.for_change(session, movement, application) is not None:
        return
    held = applications.present(application_store.for_change(session, movement, application))
    if held.state not in UNDECIDED:
        raise IllegalTransition(f"an application that is {held.state} takes no more files", state=held.state)


def _place(document: Document) -> bytes:
    return f"application_documents {document.movement} {document.id}".encode()
