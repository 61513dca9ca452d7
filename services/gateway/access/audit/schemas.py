"""What is answered about the audit."""

from datetime import datetime
from typing import Annotated, Self

import msgspec
from pydantic import Field

from services.gateway.access.audit import models
from shared.fields import View


class Entry(View):
    """What somebody did about access. `digest` is the SHA-256 of the digest before and of all else that it says."""

    number: Annotated[int, Field(description="counts a movement's entries from 1, without a gap")]
    at: datetime
    actor: Annotated[str, Field(description="the key, user or service that did it")]
    action: Annotated[str, Field(examples=["key.created"])]
    subject: Annotated[str, Field(description="the id of the key, user, session or endpoint")]
    request: Annotated[str | None, Field(description="the request, or the event, that it was done for")]
    facts: Annotated[dict[str, str], Field(examples=[{"role": "admin"}])]
    digest: str

    @classmethod
    def of(cls, entry: models.AuditEntry) -> Self:
        """As it is answered."""
        return cls(
            number=entry.number,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            request=entry.request,
            facts=msgspec.json.decode(entry.facts, type=dict[str, str]),
            digest=entry.digest,
        )
