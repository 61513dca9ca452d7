"""Routes of the knowledge hub."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.community.knowledge import domain, store, words
from services.members.community.knowledge.models import KnowledgeKind, KnowledgeState
from services.members.community.knowledge.schemas import (
    FoundItem,
    Item,
    ItemChanges,
    ItemText,
    KnowledgeId,
    NewItem,
    NewUse,
    Redaction,
    Use,
)
from services.members.community.knowledge.store import Chosen, ChosenUses
from services.members.fields import Language, OrganisationId, PersonId, Slug
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/knowledge", tags=["Knowledge"])

MOST_WORDS = 10
Question = Annotated[str, Query(min_length=1, max_length=200, description="the beginning of each word")]
State = Annotated[KnowledgeState, Query(description="what is read by everybody, unless something else is asked for")]


@router.get("/search", response_model=Page[FoundItem], **needs("knowledge:read"))
async def search_knowledge(
    call: Call,
    paging: Paging,
    q: Question,
    state: State = KnowledgeState.PUBLISHED,
    kind: KnowledgeKind | None = None,
    language: Language | None = None,
    audience: Slug | None = None,
    tag: Slug | None = None,
) -> Page[FoundItem]:
    """Items in whose title or text every word of `q` is found, whatever its accents and case, the best first.

    A word is found by its beginning: `walk` finds walking, and finds walk itself sooner. Of more than ten words the
    first ten count. The snippet is plain text: escape it before you show it in a page.
    """
    asked = words.asked(q, MOST_WORDS)
    chosen = Chosen(state, kind, language, audience, tag)
    rows = await call.read(store.search, words=asked, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, lambda found: FoundItem.of(found, asked), lambda found: (found.score, found.id))


@router.get("/uses", response_model=Page[Use], **needs("knowledge:read", shows=ADMINISTRATION))
async def list_uses(
    call: Call,
    paging: Paging,
    item: KnowledgeId | None = None,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
) -> Page[Use]:
    """Who used what and what they did with it, in the order in which it was told."""
    chosen = ChosenUses(item, person, organisation)
    rows = await call.read(domain.list_uses, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Use.of, lambda use: (use.id,))


@router.post("", status_code=201, response_model=Item, **needs("knowledge:write"))
async def draft_item(body: NewItem, call: Call) -> Response:
    """Draft a toolkit, a guide, a training or a story. Files go with it by link."""
    return tagged(await call.write(domain.draft, body, answer=Item.of))


@router.get("", response_model=Page[Item], **needs("knowledge:read"))
async def list_items(
    call: Call,
    paging: Paging,
    state: KnowledgeState | None = None,
    kind: KnowledgeKind | None = None,
    language: Language | None = None,
    audience: Slug | None = None,
    tag: Slug | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Item]:
    """Items in the order in which they were begun, in every state unless one is asked for."""
    chosen = Chosen(state, kind, language, audience, tag, updated_since)
    rows = await call.read(store.list_items, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Item.of, lambda shown: (shown.item.id,))


@router.get("/{item}", response_model=Item, **needs("knowledge:read"))
async def read_item(item: KnowledgeId, call: Call, response: Response) -> Item:
    """An item with the text that is published; before its first publication, with its draft."""
    shown = Item.of(await call.read(domain.read, item))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{item}", response_model=Item, **needs("knowledge:write"))
async def change_item(item: KnowledgeId, body: ItemChanges, call: Call, expected: Expected) -> Response:
    """Change what is sent. Another title, body or links wait as a draft beside the published text.

    An item that is archived is published again before it is changed (409 `archived`).
    """
    return tagged(await call.write(domain.change, item, body, expected, answer=Item.of))


@router.post("/{item}/publish", response_model=Item, **needs("knowledge:write"))
async def publish_item(item: KnowledgeId, call: Call, expected: Expected) -> Response:
    """Publish the newest text: it is what is read and found from now on, and never changes again.

    409 `nothing_to_publish` where it is out already.
    """
    return tagged(await call.write(domain.publish, item, expected, answer=Item.of))


@router.post("/{item}/archive", response_model=Item, **needs("knowledge:write"))
async def archive_item(item: KnowledgeId, call: Call, expected: Expected) -> Response:
    """Let an item rest: it is no longer found unless asked for. Publishing it again brings it back."""
    return tagged(await call.write(domain.archive, item, expected, answer=Item.of))


@router.post("/{item}/redactions", response_model=Item, **needs("knowledge:write"))
async def redact_item(item: KnowledgeId, body: Redaction, call: Call) -> Response:
    """Take a passage out of every text that the item ever had, of what its users told, and of the search."""
    return tagged(await call.write(domain.redact, item, body.passage, answer=Item.of))


@router.get("/{item}/texts", response_model=list[ItemText], **needs("knowledge:read"))
async def read_texts(item: KnowledgeId, call: Call) -> list[ItemText]:
    """Every text that the item ever had, the newest first; a draft has no `published_at`."""
    return [ItemText.of(text) for text in await call.read(domain.read_texts, item)]


@router.post("/{item}/uses", status_code=201, response_model=Use, **needs("knowledge:write"))
async def record_use(item: KnowledgeId, body: NewUse, call: Call) -> Response:
    """Tell that somebody used an item, and what they did with it, so that others learn from it.

    409 `never_published` where nobody can have read it.
    """
    return await call.write(domain.record_use, item, body, answer=Use.of)
