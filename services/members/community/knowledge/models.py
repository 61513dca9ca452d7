"""Tables of the knowledge hub: the items, every text they ever had, their labels, their words, and who used them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class KnowledgeKind(StrEnum):
    """What an item is for."""

    TOOLKIT = "toolkit"
    GUIDE = "guide"
    TRAINING = "training"
    STORY = "story"


class KnowledgeState(StrEnum):
    """Draft until it is first published; archived once it should no longer be found by those who look for help."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class LabelKind(StrEnum):
    """Whom an item is for, and what it is about."""

    AUDIENCE = "audience"
    TAG = "tag"


LIFECYCLE = Lifecycle(
    "an item of the knowledge hub",
    {
        KnowledgeState.DRAFT: {KnowledgeState.PUBLISHED, KnowledgeState.ARCHIVED},
        KnowledgeState.PUBLISHED: {KnowledgeState.PUBLISHED, KnowledgeState.ARCHIVED},
        KnowledgeState.ARCHIVED: {KnowledgeState.PUBLISHED},
    },
)


class NothingToPublish(Conflict):
    """The text that is out is the newest one."""

    code = "nothing_to_publish"
    title = "There is no newer text to publish"


class Archived(Conflict):
    """What is archived rests until it is published again."""

    code = "archived"
    title = "The item is archived"


class NeverPublished(Conflict):
    """Nobody outside its makers has read it yet."""

    code = "never_published"
    title = "The item was never published"


def of_item() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to an item of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "item"], ["knowledge_items.movement", "knowledge_items.id"])


class KnowledgeItem(Base):
    """Something worth knowing. ``newest`` and ``published`` number its texts; they differ while a draft waits."""

    __tablename__ = "knowledge_items"
    __table_args__ = (sa.Index("knowledge_items_by_state", "movement", "state", "id"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    language: Mapped[str]
    newest: Mapped[int]
    published: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    @property
    def shown(self) -> int:
        """The number of the text that is read: the published one, before the first publication the draft."""
        return self.published or self.newest

    def edit(self, at: datetime) -> None:
        """Note that something about it changed. Raises Archived."""
        if self.state == KnowledgeState.ARCHIVED:
            raise Archived("publish it again to change it")
        self._changed(at)

    def publish(self, at: datetime) -> int:
        """Draft or archived → published, or a newer text in place of the one that is out: that text's number."""
        if self.state == KnowledgeState.PUBLISHED and self.published == self.newest:
            raise NothingToPublish
        self.state = LIFECYCLE.step(self.state, KnowledgeState.PUBLISHED)
        self.published, self.archived_at = self.newest, None
        self._changed(at)
        return self.newest

    def archive(self, at: datetime) -> None:
        """Draft or published → archived."""
        self.state = LIFECYCLE.step(self.state, KnowledgeState.ARCHIVED)
        self.archived_at = at
        self._changed(at)

    def redacted(self, at: datetime) -> None:
        """Note that words were taken out: that may be done in any state."""
        self._changed(at)

    def used(self) -> int:
        """The number of the text that somebody used. Raises NeverPublished where nobody can have."""
        if self.published is None:
            raise NeverPublished
        return self.published

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


class KnowledgeText(Base):
    """What an item said from one publication to the next. Once published it changes only where words are taken out.

    ``links`` are the files that go with it: each a JSON object of ``title`` and ``url``. ``written_by`` is the caller's
    id, a user's or a key's.
    """

    __tablename__ = "knowledge_texts"
    __table_args__ = (of_item(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    links: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class KnowledgeLabel(Base):
    """A word of the movement's own by which items are chosen: an audience, or a tag."""

    __tablename__ = "knowledge_labels"
    __table_args__ = (of_item(), sa.Index("knowledge_labels_by_item", "movement", "item"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)


class KnowledgeWord(Base):
    """A folded word of the text that is read, in UTF-8, and how much it says about the item.

    An ordinary table in place of a database's own full text: the same search on both, and what is taken out of it is
    gone. Bytes sort alike on both databases, so a prefix is a range.
    """

    __tablename__ = "knowledge_words"
    __table_args__ = (of_item(), sa.Index("knowledge_words_by_item", "movement", "item"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[bytes] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[int]


class KnowledgeUse(Base):
    """Somebody, or an organisation, used an item, and what they did with it. Nobody is named where it is not known."""

    __tablename__ = "knowledge_uses"
    __table_args__ = (
        of_item(),
        of_person(erased=GOES),
        of_organisation(),
        sa.Index("knowledge_uses_by_item", "movement", "item", "id"),
        sa.Index("knowledge_uses_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str]
    text: Mapped[int]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    used_on: Mapped[date]
    did: Mapped[str]
    recorded_at: Mapped[datetime]
