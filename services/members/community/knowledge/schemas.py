"""What is said about an item of the knowledge hub and its uses, and how they and what is found are shown."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.knowledge import models, words
from services.members.community.knowledge.models import KnowledgeKind, KnowledgeState, LabelKind
from services.members.community.knowledge.store import Found, Shown
from services.members.fields import Language, OrganisationId, Paragraph, PersonId, Slug
from shared.editing import Changes
from shared.fields import Body, Name, View, line, lines
from shared.ids import Id

KnowledgeId = Annotated[str, Id("knowledge")]
Text = Annotated[str, lines(40_000)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\x00-\x1f\x7f]+$", max_length=2000)]


def _once(given: list[str]) -> list[str]:
    return sorted(set(given))


Labels = Annotated[list[Slug], Field(max_length=30), AfterValidator(_once)]


class Link(Body):
    """A file or page that goes with an item; the file itself stays where it is."""

    title: Name
    url: Url = Field(examples=["https://example.org/toolkit.pdf"])


Links = Annotated[list[Link], Field(max_length=50)]


class NewItem(Body):
    """Something worth knowing, in plain language."""

    kind: KnowledgeKind
    title: Name = Field(examples=["How to start a walking group"])
    body: Text
    language: Language = "en"
    audience: Labels = Field(default_factory=list, description="Whom it is for.", examples=[["schools"]])
    tags: Labels = Field(default_factory=list, examples=[["walking"]])
    links: Links = Field(default_factory=list)


class ItemChanges(Changes):
    """What to change. Another title, body or links are a draft until they are published."""

    text_fields: ClassVar[tuple[str, ...]] = ("title", "body", "links")

    kind: KnowledgeKind | None = None
    title: Name | None = None
    body: Text | None = None
    language: Language | None = None
    audience: Labels | None = None
    tags: Labels | None = None
    links: Links | None = None

    @property
    def of_text(self) -> dict[str, str | list[dict[str, str]]]:
        """The fields of the text that were sent, as its row keeps them."""
        document: dict[str, str | list[dict[str, str]]] = self.model_dump(
            include=set(self.text_fields) & self.model_fields_set
        )
        return document

    @property
    def labels(self) -> Mapping[LabelKind, list[str] | None]:
        """The labels that were sent; None for a kind that stays as it is."""
        return {LabelKind.AUDIENCE: self.audience, LabelKind.TAG: self.tags}


class Redaction(Body):
    """Words that must no longer be there, such as somebody's name: in any case, in every text and every use."""

    passage: Annotated[str, line(500)] = Field(min_length=2)


class NewUse(Body):
    """That an item was used, and what was done with it; by a person, an organisation, or somebody unknown."""

    did: Paragraph = Field(examples=["We ran the first lab with it and left out step four."])
    used_on: date
    person: PersonId | None = None
    organisation: OrganisationId | None = None

    @model_validator(mode="after")
    def _by_one(self) -> Self:
        if self.person is not None and self.organisation is not None:
            raise PydanticCustomError("one_user", "is by a person or by an organisation, not both")
        return self


class ItemText(View):
    """A text of an item. ``published_at`` is null while it is a draft."""

    number: int
    title: str
    body: str
    links: list[Link]
    written_by: str
    written_at: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, text: models.KnowledgeText) -> Self:
        """A text as the API shows it."""
        return cls(
            number=text.number,
            title=text.title,
            body=text.body,
            links=[Link.model_construct(title=link["title"], url=link["url"]) for link in text.links],
            written_by=text.written_by,
            written_at=text.written_at,
            published_at=text.published_at,
        )


class Item(View):
    """An item as it is read: with its published text, before the first publication with its draft."""

    id: str
    version: int
    kind: KnowledgeKind
    state: KnowledgeState
    language: str
    audience: list[str]
    tags: list[str]
    text: ItemText
    draft: int | None = Field(description="the number of a newer text that waits to be published")
    uses: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """An item as the API shows it."""
        item = shown.item
        return cls(
            id=item.id,
            version=item.version,
            kind=KnowledgeKind(item.kind),
            state=KnowledgeState(item.state),
            language=item.language,
            audience=list(shown.labels.get(LabelKind.AUDIENCE, ())),
            tags=list(shown.labels.get(LabelKind.TAG, ())),
            text=ItemText.of(shown.text),
            draft=None if item.newest == item.shown else item.newest,
            uses=shown.uses,
            created_at=item.created_at,
            updated_at=item.updated_at,
            archived_at=item.archived_at,
        )


class Piece(View):
    """A piece of the text around what was found: plain text, with the places of the words in it, first and last + 1."""

    text: str
    found: list[tuple[int, int]]


class FoundItem(View):
    """An item that was found; the higher its score, the more it says about what was asked. Scores of two searches
    cannot be compared."""

    id: str
    kind: KnowledgeKind
    language: str
    title: str
    snippet: Piece
    score: int

    @classmethod
    def of(cls, found: Found, asked: Sequence[str]) -> Self:
        """What was found for these words, as the API shows it."""
        piece = words.snippet(found.body, asked)
        return cls(
            id=found.id,
            kind=KnowledgeKind(found.kind),
            language=found.language,
            title=found.title,
            snippet=Piece(text=piece.text, found=list(piece.found)),
            score=found.score,
        )


class Use(View):
    """That somebody used an item; ``text`` is the number of the text that was out when it was told."""

    id: str
    item: KnowledgeId
    text: int
    person: PersonId | None
    organisation: OrganisationId | None
    used_on: date
    did: str
    recorded_at: datetime

    @classmethod
    def of(cls, use: models.KnowledgeUse) -> Self:
        """A use as the API shows it."""
        return cls(
            id=use.id,
            item=use.item,
            text=use.text,
            person=use.person,
            organisation=use.organisation,
            used_on=use.used_on,
            did=use.did,
            recorded_at=use.recorded_at,
        )
