"""Long answers as JSON: of thousands of dataclasses pydantic makes it in several times msgspec's time."""

import msgspec
from pydantic import BaseModel


def as_json(answer: BaseModel) -> bytes:
    """An answer, as pydantic would write it. Neither it nor any part of it has aliases, or serializers of its own."""
    return _encode(dict(answer))


def _fields(part: object) -> object:
    if isinstance(part, BaseModel):
        return dict(part)
    raise TypeError(f"{type(part).__name__} is no part of an answer")


_encode = msgspec.json.Encoder(enc_hook=_fields).encode
