"""What is answered about the caller."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.gateway.access.callers import Kind
from services.gateway.access.movements.schemas import Movement
from services.gateway.access.users.schemas import OrganisationId, User
from shared.coverage import Because, DataClass
from shared.fields import View


class WithheldClass(View):
    """A class of personal data that is withheld; `day` is when its agreement expired or begins."""

    data_class: DataClass
    because: Because
    agreement: str | None
    day: date | None


class Me(View):
    """Who is calling, for which movement, and what they may do."""

    id: Annotated[str, Field(description="id of the key or of the session")]
    kind: Kind
    scopes: list[str]
    movement: Annotated[Movement | None, Field(description="null for a platform key that named none of several")]
    organisation: OrganisationId | None
    user: Annotated[User | None, Field(description="the person who signed in; null for a key")]
    expires_at: datetime | None
    withheld: Annotated[
        list[WithheldClass], Field(description="personal data that no agreement lets your organisation have today")
    ]
