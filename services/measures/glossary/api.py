"""Routes of the glossary."""

from typing import Annotated

from fastapi import Query, Response

from services.measures.fields import WordId
from services.measures.glossary import domain
from services.measures.glossary.schemas import NewWord, Word, WordChanges
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["commons"])


@router.post("/v1/glossary", status_code=201, response_model=Word, **needs("measures:write"))
async def enter_word(body: NewWord, call: Call) -> Response:
    """Say what partners mean by a word of the definitions, and who means something else. 409 `word_taken`."""
    return tagged(await call.write(domain.enter, body, answer=Word.of))


@router.get("/v1/glossary", response_model=Page[Word], **needs("measures:read"))
async def list_words(
    call: Call,
    paging: Paging,
    q: Annotated[str | None, Query(min_length=1, max_length=80, description="a part of the word")] = None,
) -> Page[Word]:
    """The words, in the order of the alphabet."""
    found = await call.read(domain.list_words, q, paging.after_id, paging.fetch)
    return paging.page(found, Word.of, lambda word: (word.folded,))


@router.get("/v1/glossary/{word}", response_model=Word, **needs("measures:read"))
async def read_word(word: WordId, call: Call, response: Response) -> Word:
    """One word."""
    shown = Word.of(await call.read_by_key(domain.read, word))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/glossary/{word}", response_model=Word, **needs("measures:write"))
async def change_word(word: WordId, body: WordChanges, call: Call, expected: Expected) -> Response:
    """Say otherwise what the word means, or who means something else by it."""
    return tagged(await call.write(domain.change, word, body, expected, answer=Word.of))


@router.delete("/v1/glossary/{word}", status_code=204, response_model=None, **needs("measures:write"))
async def drop_word(word: WordId, call: Call, expected: Expected) -> Response:
    """Take the word out."""
    return await call.write(domain.drop, word, expected, answer=None)
