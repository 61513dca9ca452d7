"""What is answered to a client that asks for a token (RFC 6749, 5.1)."""

from typing import Annotated, Literal

from pydantic import Field

from shared.fields import View


class Token(View):
    """A token: send it as `Authorization: Bearer …` until it expires, and then ask for another."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(description="seconds")]
    scope: Annotated[str, Field(description="what it lets you do, with spaces between")]
