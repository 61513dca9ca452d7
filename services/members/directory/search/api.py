"""The route of the search."""

from typing import Annotated

from fastapi import Query

from services.members.directory.search import domain
from services.members.directory.search.domain import Noun
from services.members.directory.search.schemas import Findings
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["Search"])

Name = Annotated[str, Query(max_length=100, pattern=r"\w", description="a name, or what is known of it")]
Kinds = Annotated[list[Noun] | None, Query(alias="kind", description="people or organisations alone")]
Limit = Annotated[int, Query(ge=1, le=50)]


@router.get("/directory", response_model=Findings, **needs("people:read", shows=ADMINISTRATION))
async def search(call: Call, q: Name, kind: Kinds = None, limit: Limit = 20) -> Findings:
    """Find people and organisations by name, whatever the accents and the case, and however it was misspelt.

    `sian oneil` finds Siân O’Neill. Each word of `q` stands for one word of the name, in any order: first whoever is
    called exactly that, then by the beginnings of words, then by what may have been meant (one slip in three to five
    letters, two in longer words).
    """
    return Findings.of(await call.read(domain.search, q, kind or list(Noun), limit))
