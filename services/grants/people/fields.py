"""The field types of requests that name people."""

from typing import Annotated

from shared.ids import Id

PersonId = Annotated[str, Id("person")]
