"""What is sent and answered when somebody signs in."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.gateway.access import passwords
from services.gateway.access.movements.schemas import Movement, Slug
from services.gateway.access.users.schemas import Code, User
from shared.fields import Body, View
from shared.ids import Id

SessionId = Annotated[str, Id("session")]


class NewSession(Body):
    """Email and password, and the code of a second factor where there is one."""

    email: Annotated[str, Field(min_length=1, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=passwords.LONGEST)]
    code: Code | None = None
    movement: Annotated[Slug | None, Field(description="needed where one address signs in to several movements")] = None


class SignedIn(View):
    """The session's token, shown this once: send it as `Authorization: Bearer …`."""

    id: SessionId
    token: str
    expires_at: datetime
    user: User
    movement: Movement
