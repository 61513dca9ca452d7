"""TypeIDs: a kind, an underscore and a UUIDv7 in Crockford's base 32 (`person_01j5…`), by the TypeID specification 0.3.

They sort by the millisecond in which they were made, so an index on them is appended to and never shuffled.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import uuid_utils
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_TEN, _FORTY = 2**10 - 1, 2**40 - 1
_DIGITS_OF_TIME = 10
"""Of five bits: two that are zero, and the 48 of the millisecond."""
# 26 digits hold 130 bits and a UUID has 128, so the first digit is at most 7.
_SUFFIX = "[0-7][0-9a-hjkmnp-tv-z]{25}"


def new_id(prefix: str) -> str:
    """A fresh id of this kind, such as `person_01j5x3…`: 26 characters after the underscore."""
    # Two digits at a time, out of small integers, without a loop: this runs several times in every write.
    number, pair = uuid_utils.uuid7().int, _PAIRS
    high, middle, low = number >> 80, number >> 40 & _FORTY, number & _FORTY
    return (
        f"{prefix}_{pair[high >> 40]}"
        f"{pair[high >> 30 & _TEN]}{pair[high >> 20 & _TEN]}{pair[high >> 10 & _TEN]}{pair[high & _TEN]}"
        f"{pair[middle >> 30]}{pair[middle >> 20 & _TEN]}{pair[middle >> 10 & _TEN]}{pair[middle & _TEN]}"
        f"{pair[low >> 30]}{pair[low >> 20 & _TEN]}{pair[low >> 10 & _TEN]}{pair[low & _TEN]}"
    )


def moment_of(identifier: str) -> int | None:
    """When an id was made, in milliseconds since 1970; None for what is no id of ours."""
    digits = identifier.rpartition("_")[2]
    if re.fullmatch(_SUFFIX, digits) is None:
        return None
    number = 0
    for digit in digits[:_DIGITS_OF_TIME]:
        number = number << 5 | _ALPHABET.index(digit)
    return number


def first_of(prefix: str, moment: int) -> str:
    """What every id of this kind sorts behind that was made at this moment (milliseconds since 1970) or later."""
    digits = (_ALPHABET[moment >> 5 * place & 31] for place in reversed(range(_DIGITS_OF_TIME)))
    return f"{prefix}_{''.join(digits)}"


def is_id(text: str, prefix: str) -> bool:
    """Whether the text is a well-formed id of this kind. It says nothing about whether such a thing exists."""
    return _pattern(prefix).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(f"{prefix}_{_SUFFIX}")


@dataclass(frozen=True, slots=True)
class Id:
    """Marks a pydantic string as an id of one kind: `PersonId = Annotated[str, Id("person")]`.

    A malformed one is the fault `invalid_id`, which names the kind wanted and never repeats what was sent.
    """

    prefix: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            core_schema.str_schema(pattern=f"^{self.prefix}_{_SUFFIX}$"),
            custom_error_type="invalid_id",
            custom_error_message="is not an id of the kind {prefix}_…",
            custom_error_context={"prefix": self.prefix},
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": f"^{self.prefix}_{_SUFFIX}$",
            "examples": [f"{self.prefix}_01j5x3m0e8f7v9q2k4t6w8y0ab"],
        }
