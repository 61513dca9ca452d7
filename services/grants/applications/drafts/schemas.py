"""What requests and answers about drafts of applications look like."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.applications.drafts import models
from services.grants.applications.schemas import Contact, Content
from services.grants.fields import RoundId
from shared.errors import Fault
from shared.fields import View


class NewDraft(Content):
    """The beginning of an application, to be gone on with."""

    round_id: Annotated[RoundId, Field(alias="round")]


class Warned(View):
    """Something that is missing or wrong as long as the draft is to be submitted."""

    pointer: str | None
    reason: str
    code: str | None


class Draft(View):
    """A draft as far as it has come. Nothing of it is in anybody's way: its `warnings` matter once it is submitted."""

    id: Annotated[str, Field(description="that of the application which it becomes")]
    round: str
    content: dict[str, object]
    contact: Contact | None
    warnings: list[Warned]
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, draft: models.Draft, contact: Contact | None, faults: Sequence[Fault]) -> "Draft":
        """The answer for a draft with what it is warned of."""
        return cls(
            id=draft.id,
            round=draft.round_id,
            content=draft.content,
            contact=contact,
            warnings=[Warned(pointer=fault.pointer, reason=fault.reason, code=fault.code) for fault in faults],
            created_at=draft.created_at,
            updated_at=draft.updated_at,
            version=draft.version,
        )


class DraftListed(View):
    """A draft in a list: which, of which round, and when it was last worked on."""

    id: str
    round: str
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, draft: models.Draft) -> "DraftListed":
        """The answer for a draft in a list."""
        return cls(
            id=draft.id,
            round=draft.round_id,
            created_at=draft.created_at,
            updated_at=draft.updated_at,
            version=draft.version,
        )
