"""Editing what others edit too: a version travels as an ETag, and whoever edits names the one that they read.

    @router.patch("/v1/circles/{circle}", response_model=Circle, **needs("circles:write"))
    async def change_circle(circle: CircleId, body: CircleChanges, call: Call, expected: Expected) -> Response:
        return tagged(await call.write(domain.change, circle, body, expected, answer=Circle.of))

The answer has a `version`, and the verb begins with `hold_to`. Without If-Match it is 428, at another version 412.
"""

import re
from typing import Annotated, ClassVar

import msgspec
from fastapi import Depends, Header, Response
from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.errors import PreconditionFailed, PreconditionRequired
from shared.fields import Body

_TAG = re.compile(r'"(\d{1,18})"')


async def _expected(
    if_match: Annotated[str | None, Header(description="the `ETag` of what is to be edited, or `*`")] = None,
) -> int | None:
    if if_match is None:
        raise PreconditionRequired("send the ETag of what you read")
    if if_match.strip() == "*":
        return None
    tag = _TAG.fullmatch(if_match.strip())
    if tag is None:
        raise PreconditionFailed("it is not an ETag of this")
    return int(tag[1])


Expected = Annotated[int | None, Depends(_expected)]
"""The version that If-Match names; None for any."""


class Changes(Body):
    """What an edit changes: the fields that were sent, and no other. Every field of it has the default None.

    Sending null empties a field that ``may_be_empty`` names, and is a fault of any other.
    """

    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _not_emptied(cls, value: object, about: ValidationInfo) -> object:
        if value is None and about.field_name not in cls.may_be_empty:
            raise PydanticCustomError("null", "cannot be empty; leave it out to keep what it is")
        return value

    def apply(self, target: object, *fields: str) -> bool:
        """Set each of these fields that was sent (none named: all) on what is edited; whether there was any."""
        sent = [field for field in fields or type(self).model_fields if field in self.model_fields_set]
        for field in sent:
            setattr(target, field, getattr(self, field))
        return bool(sent)


def hold_to(version: int, expected: int | None) -> None:
    """Raise PreconditionFailed where what is stored is not at the version that the caller read."""
    if expected is not None and version != expected:
        raise PreconditionFailed


class _Versioned(msgspec.Struct):
    version: int


def tagged(response: Response) -> Response:
    """Give a response whose body has a `version` its ETag; it is the same when the answer is a repeated one."""
    response.headers["etag"] = tag_of(msgspec.json.decode(response.body, type=_Versioned).version)
    return response


def tag_of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'
