"""Long answers as JSON: what they have thousands of, and how it is written in a fraction of pydantic's time."""

from dataclasses import make_dataclass
from functools import cache, partial
from typing import Any, get_type_hints

import msgspec
from pydantic import BaseModel, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class AnswerStruct(msgspec.Struct, gc=False):
    """What an answer has thousands of: a struct takes half of a dataclass's time, to make and to write.

    It may be a field of pydantic's models, which describe it in the OpenAPI document as they would a dataclass of the
    same fields.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins)
        made = core_schema.is_instance_schema(cls)
        read = core_schema.no_info_plain_validator_function(partial(_read, cls))
        once_a_document = f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
        return core_schema.union_schema(
            [made, read], mode="left_to_right", serialization=written, ref=once_a_document
        )  # fmt: skip

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(_described(cls))


def as_json(answer: BaseModel) -> bytes:
    """An answer, as pydantic would write it. Neither it nor any part of it has aliases, or serializers of its own."""
    return _encode(dict(answer))


def _read(struct: type[AnswerStruct], said: object) -> AnswerStruct:
    try:
        return msgspec.convert(said, struct)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


@cache
def _described(struct: type[AnswerStruct]) -> CoreSchema:
    """A dataclass's schema of the same name, words and fields."""
    hints = get_type_hints(struct, include_extras=True)
    twin: type[Any] = make_dataclass(struct.__name__, [(name, hints[name]) for name in struct.__struct_fields__])
    twin.__doc__, twin.__module__ = struct.__doc__, struct.__module__
    return TypeAdapter(twin).core_schema


def _fields(part: object) -> object:
    if isinstance(part, BaseModel):
        return dict(part)
    raise TypeError(f"{type(part).__name__} is no part of an answer")


_encode = msgspec.json.Encoder(enc_hook=_fields).encode
