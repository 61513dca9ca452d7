"""Routes of suggested rounds that wait for a fund."""

from datetime import datetime

from services.grants.suggestions import store
from services.grants.suggestions.models import Suggestion
from shared.calls import Call
from shared.fields import View
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["rounds"])


class WaitingSuggestion(View):
    """So many wishes suggest a round, and none is drafted yet."""

    id: str
    wishes: int
    suggested_at: datetime

    @classmethod
    def of(cls, suggestion: Suggestion) -> "WaitingSuggestion":
        """The answer for a suggestion."""
        return cls(id=suggestion.id, wishes=suggestion.wishes, suggested_at=suggestion.suggested_at)


@router.get("/v1/rounds/suggestions", **needs("rounds:read"))
async def list_waiting_suggestions(call: Call, paging: Paging) -> Page[WaitingSuggestion]:
    """What people's unmet wishes suggest and is not drafted yet: of several funds none takes suggestions.

    With `POST /v1/funds/{fund}/take-suggestions` one does, and they are drafted there. A movement's only fund does.
    """
    rows = await call.read(store.waiting, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, WaitingSuggestion.of, lambda row: (row.id,))
