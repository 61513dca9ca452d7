"""Holding answers to the form that they answer: every fault by its place, none of them repeating what was written."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from services.grants.forms.profile import Schema
from shared.errors import Fault

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

LARGEST_BYTES, DEEPEST = 65_536, 12

_MONEY = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{2})?")
_REASONS = {
    "type": "should be of the type {limit}",
    "enum": "is none of the answers to choose from",
    "const": "is none of the answers to choose from",
    "minLength": "should have {limit} characters at least",
    "maxLength": "should have {limit} characters at most",
    "minItems": "should have {limit} entries at least",
    "maxItems": "should have {limit} entries at most",
    "uniqueItems": "should have no entry twice",
    "minimum": "should be {limit} at least",
    "maximum": "should be {limit} at most",
    "exclusiveMinimum": "should be more than {limit}",
    "exclusiveMaximum": "should be less than {limit}",
    "multipleOf": "should be a multiple of {limit}",
    "format": "should have the form of: {limit}",
}


def answer_faults(schema: Schema, answers: Mapping[str, object]) -> list[Fault]:
    """What is wrong with answers, by JSON pointers that begin with `/answers`."""
    if len(msgspec.json.encode(answers)) > LARGEST_BYTES:
        return [Fault("/answers", f"are larger than {LARGEST_BYTES} bytes", "too_large")]
    if _too_deep(answers, DEEPEST):
        return [Fault("/answers", f"are nested more than {DEEPEST} deep", "too_deep")]
    checker = _checker(msgspec.json.encode(schema))
    faults = dict.fromkeys(fault for error in checker.iter_errors(answers) for fault in _faults_of(error))
    return sorted(faults, key=lambda fault: fault.pointer or "")


def budget_total(lines: object) -> int | None:
    """The pence that the lines of a budget, `{"item", "amount"}` each, add up to; None where they are no such lines."""
    if not isinstance(lines, list):
        return None
    amounts = [line.get("amount") if isinstance(line, dict) else None for line in lines]
    if not all(isinstance(amount, str) and _MONEY.fullmatch(amount) for amount in amounts):
        return None
    return sum(_pence(str(amount)) for amount in amounts)


def texts(answers: object, at: str) -> Iterator[tuple[str, str]]:
    """Every text among answers, with its JSON pointer."""
    match answers:
        case str():
            yield at, answers
        case dict():
            for name, answer in answers.items():
                yield from texts(answer, f"{at}/{_escaped(name)}")
        case list():
            for number, answer in enumerate(answers):
                yield from texts(answer, f"{at}/{number}")


@lru_cache(maxsize=64)
def _checker(schema: bytes) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator, FormatChecker  # needed by few calls, and slow to import

    formats = FormatChecker(("date", "email"))
    formats.checks("money")(lambda said: not isinstance(said, str) or _MONEY.fullmatch(said) is not None)
    return Draft202012Validator(msgspec.json.decode(schema), format_checker=formats)


def _faults_of(error: "ValidationError") -> Iterator[Fault]:
    at = "/answers" + "".join(f"/{_escaped(str(step))}" for step in error.absolute_path)
    told = error.instance
    match error.validator:
        case "required" if isinstance(told, dict) and isinstance(needed := error.validator_value, list):
            for name in needed:
                if name not in told:
                    yield Fault(f"{at}/{_escaped(name)}", "needs an answer", "missing")
        case "dependentRequired":
            yield Fault(at, "lacks an answer that goes with another", "missing")
        case "additionalProperties" if isinstance(told, dict):
            known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
            for name in told:
                if name not in known:
                    yield Fault(f"{at}/{_escaped(name)}", "is no question of the form", "extra_forbidden")
        case str() as kind if kind in _REASONS:
            yield Fault(at, _REASONS[kind].format(limit=error.validator_value), _code(kind))
        case _:
            yield Fault(at, "is not what the form asks for", "not_as_asked")


def _code(keyword: str) -> str:
    return "wrong_" + re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", keyword)


def _pence(amount: str) -> int:
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int(part or 0)


def _too_deep(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_too_deep(inner, left - 1) for inner in value.values())
    if isinstance(value, list):
        return left == 0 or any(_too_deep(inner, left - 1) for inner in value)
    return False


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
