"""The knowledge hub's verbs: items are drafted, published, archived, found, used, and rid of words that must go."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.knowledge import store, words
from services.members.community.knowledge.models import (
    KnowledgeItem,
    KnowledgeState,
    KnowledgeText,
    KnowledgeUse,
    LabelKind,
)
from services.members.community.knowledge.schemas import ItemChanges, NewItem, NewUse
from services.members.community.knowledge.store import ChosenUses, Shown
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.knowledge import KnowledgeArchived, KnowledgePublished, KnowledgeUsed
from shared.ids import new_id

REMOVED = "[…]"
"""What stands in a text where words were taken out."""


def draft(session: Session, movement: str, said: NewItem) -> Shown:
    """Write down an item that is not published yet."""
    at = clock.now()
    item = KnowledgeItem(
        movement=movement,
        id=new_id("knowledge"),
        version=1,
        kind=said.kind,
        state=KnowledgeState.DRAFT,
        language=said.language,
        newest=1,
        published=None,
        created_at=at,
        updated_at=at,
        archived_at=None,
    )
    session.add(item)
    session.flush()  # its texts and labels refer to it
    links = [link.model_dump() for link in said.links]
    session.add(_text(session, item, said.title, said.body, links, at))
    store.relabel(session, movement, item.id, LabelKind.AUDIENCE, said.audience)
    store.relabel(session, movement, item.id, LabelKind.TAG, said.tags)
    store.index(session, movement, item.id, words.weights(said.title, said.body))
    return read(session, movement, item.id)


def change(session: Session, movement: str, id: str, changes: ItemChanges, expected: int | None) -> Shown:
    """Change an item. Its published text stays as it is: another one is a draft beside it. Raises Archived."""
    item = _held(session, movement, id, expected)
    at = clock.now()
    item.edit(at)
    changes.apply(item, "kind", "language")
    for kind, labels in changes.labels.items():
        if labels is not None:
            store.relabel(session, movement, id, kind, labels)
    if changes.of_text:
        _rewrite(session, movement, item, changes, at)
    return read(session, movement, id)


def _rewrite(session: Session, movement: str, item: KnowledgeItem, changes: ItemChanges, at: datetime) -> None:
    """Change the draft; where the newest text is published, a new draft takes over what is not changed."""
    newest = _newest(session, movement, item)
    if newest.published_at is not None:
        item.newest += 1
        newest = _text(session, item, newest.title, newest.body, newest.links, at)
        session.add(newest)
    for field, value in changes.of_text.items():
        setattr(newest, field, value)
    newest.written_at, newest.written_by = at, of(session).context.actor
    if item.published is None:
        store.index(session, movement, item.id, words.weights(newest.title, newest.body))


def publish(session: Session, movement: str, id: str, expected: int | None) -> Shown:
    """Let everybody read the newest text, and find the item by its words. Raises NothingToPublish."""
    item = _held(session, movement, id, expected)
    at = clock.now()
    number = item.publish(at)
    newest = _newest(session, movement, item)
    newest.published_at = newest.published_at or at
    store.index(session, movement, id, words.weights(newest.title, newest.body))
    outbox.record(session, KnowledgePublished(item=id, text=number, kind=item.kind, language=item.language))
    return read(session, movement, id)


def archive(session: Session, movement: str, id: str, expected: int | None) -> Shown:
    """Take an item out of what is found, without losing it."""
    item = _held(session, movement, id, expected)
    item.archive(clock.now())
    outbox.record(session, KnowledgeArchived(item=id))
    return read(session, movement, id)


def redact(session: Session, movement: str, id: str, passage: str) -> Shown:
    """Take words out of every text of an item, of what its users told, and of what it is found by. Raises NotFound."""
    item = _held(session, movement, id, None)
    wanted = re.compile(re.escape(passage), re.IGNORECASE)
    for text in store.texts(session, movement, id):
        text.title, text.body = wanted.sub(REMOVED, text.title), wanted.sub(REMOVED, text.body)
        text.links = [{**link, "title": wanted.sub(REMOVED, link["title"])} for link in text.links]
        if text.number == item.shown:
            store.index(session, movement, id, words.weights(text.title, text.body))
    for use in store.uses_of(session, movement, id):
        use.did = wanted.sub(REMOVED, use.did)
    item.redacted(clock.now())
    return read(session, movement, id)


def reindex(session: Session, movement: str, id: str) -> None:
    """Let an item be found by the words that its text has now, after they were changed by no verb of this module."""
    item = store.for_change(session, movement, id)
    text = None if item is None else store.text(session, movement, id, item.shown)
    if text is not None:
        session.refresh(text)
        store.index(session, movement, id, words.weights(text.title, text.body))


def record_use(session: Session, movement: str, id: str, said: NewUse) -> KnowledgeUse:
    """Note who used an item and what they did with it. Raises NotFound, Invalid, NeverPublished."""
    item = _held(session, movement, id, None)
    used_by = named(
        session, movement, people={"/person": said.person}, organisations={"/organisation": said.organisation}
    )
    faults = used_by.faults
    if said.used_on > days.today(session, movement):
        faults.append(Fault("/used_on", "is in the future", "in_the_future"))
    if faults:
        raise Invalid(faults=faults)
    use = KnowledgeUse(
        movement=movement,
        id=new_id("use"),
        item=id,
        text=item.used(),
        person=used_by.at("/person"),
        organisation=used_by.at("/organisation"),
        used_on=said.used_on,
        did=said.did,
        recorded_at=clock.now(),
    )
    session.add(use)
    outbox.record(session, KnowledgeUsed(item=id, use=use.id, person=use.person, organisation=use.organisation))
    return use


def list_uses(
    session: Session, movement: str, *, chosen: ChosenUses, after: After, limit: int
) -> Sequence[KnowledgeUse]:
    """Uses in the order in which they were told; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return store.list_uses(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> Shown:
    """An item as it is shown. Raises NotFound."""
    session.flush()
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return found


def read_texts(session: Session, movement: str, id: str) -> list[KnowledgeText]:
    """Every text that an item ever had, the newest first. Raises NotFound."""
    found = store.texts(session, movement, id)
    if not found:
        raise NotFound
    return list(found)


def _held(session: Session, movement: str, id: str, expected: int | None) -> KnowledgeItem:
    """The item, locked, at the version that the caller read."""
    item = store.for_change(session, movement, id)
    if item is None:
        raise NotFound
    hold_to(item.version, expected)
    return item


def _newest(session: Session, movement: str, item: KnowledgeItem) -> KnowledgeText:
    newest = store.text(session, movement, item.id, item.newest)
    if newest is None:
        raise RuntimeError(f"{item.id} has lost its newest text")
    return newest


def _text(
    session: Session, item: KnowledgeItem, title: str, body: str, links: list[dict[str, str]], at: datetime
) -> KnowledgeText:
    """The next text of an item, a draft."""
    return KnowledgeText(
        movement=item.movement,
        item=item.id,
        number=item.newest,
        title=title,
        body=body,
        links=links,
        written_by=of(session).context.actor,
        written_at=at,
        published_at=None,
    )
