"""What a form's JSON Schema may say: a plain part of draft 2020-12, small enough to be answered on a telephone.

Nothing outside the form is referred to, nothing refers to itself, and there are no patterns: a pattern can be written
so that looking for it never ends.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from shared.errors import Fault

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEEPEST, LARGEST_BYTES, MOST_QUESTIONS = 10, 32_768, 60
"""What a page, a reader and a telephone call can take: a form for £500 is not longer."""

_PLAIN = frozenset({
    "title", "description", "examples", "default", "type", "enum", "const", "required", "minItems", "maxItems",
    "uniqueItems", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "format", "dependentRequired",
})  # fmt: skip
_OF_ONE = frozenset({"items", "if", "then", "else", "not"})
_OF_MANY = frozenset({"allOf", "anyOf", "oneOf"})
_DEFINITION = re.compile("#/[$]defs/[^/]+")
_FORMATS = frozenset({"date", "email", "money"})

Schema = Mapping[str, object]


def schema_faults(
    schema: Schema, order: Sequence[str], summary_from: str | None, budget_from: str | None
) -> list[Fault]:
    """What keeps a schema, and what is said beside it, from being a form."""
    if len(msgspec.json.encode(schema)) > LARGEST_BYTES:
        return [Fault("/schema", f"is larger than {LARGEST_BYTES} bytes", "too_large")]
    faults = list(_walk(schema, "/schema", 1, defining=False))
    if not faults:
        faults = list(_against_the_standard(schema))
    return faults or [*_root_faults(schema), *_beside_faults(schema, order, summary_from, budget_from)]


def _walk(schema: object, at: str, depth: int, *, defining: bool) -> Iterator[Fault]:
    """``defining``: it is within a definition, which refers to no other, so that nothing can go round in a circle."""
    if depth > DEEPEST:
        yield Fault(at, f"is nested more than {DEEPEST} deep", "too_deep")
    elif isinstance(schema, dict):
        for keyword, said in schema.items():
            inner = _inner(keyword, said, depth)
            place = f"{at}/{_escaped(keyword)}"
            for step, within in inner or ():
                yield from _walk(within, place + step, depth + 1, defining=defining or keyword == "$defs")
            if inner is None and not _is_plain(keyword, said, depth, defining=defining):
                yield Fault(place, "is not among what forms here may say", "keyword_refused")
    elif not isinstance(schema, bool):
        yield Fault(at, "should be a schema: an object", "not_a_schema")


def _inner(keyword: str, said: object, depth: int) -> list[tuple[str, object]] | None:
    """The schemas that stand within a keyword, each with its step from there; None for one that has none."""
    if isinstance(said, dict) and (keyword == "properties" or (keyword == "$defs" and depth == 1)):
        return [(f"/{_escaped(name)}", each) for name, each in said.items()]
    if isinstance(said, list) and keyword in _OF_MANY:
        return [(f"/{number}", each) for number, each in enumerate(said)]
    return [("", said)] if keyword in _OF_ONE else None


def _is_plain(keyword: str, said: object, depth: int, *, defining: bool) -> bool:
    match keyword:
        case "format":
            return said in _FORMATS
        case "additionalProperties":
            return isinstance(said, bool)
        case "$schema":
            return depth == 1 and said == DIALECT
        case "$ref":
            return not defining and isinstance(said, str) and _DEFINITION.fullmatch(said) is not None
        case _:
            return keyword in _PLAIN


def _against_the_standard(schema: Schema) -> Iterator[Fault]:
    from jsonschema import Draft202012Validator  # needed by few calls, and slow to import

    checker = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    for error in checker.iter_errors(schema):
        yield Fault(_pointer("/schema", error.absolute_path), "is not as JSON Schema has it", "not_a_schema")
    definitions = schema.get("$defs", {})
    known = definitions if isinstance(definitions, dict) else {}
    for at, name in _references(schema, "/schema"):
        if name not in known:
            yield Fault(at, "there is no such definition in the form", "unknown_definition")


def _references(schema: object, at: str) -> Iterator[tuple[str, str]]:
    match schema:
        case dict():
            for keyword, said in schema.items():
                if keyword == "$ref" and isinstance(said, str):
                    yield f"{at}/$ref", said.removeprefix("#/$defs/")
                else:
                    yield from _references(said, f"{at}/{_escaped(keyword)}")
        case list():
            for number, said in enumerate(schema):
                yield from _references(said, f"{at}/{number}")


def _root_faults(schema: Schema) -> Iterator[Fault]:
    questions = schema.get("properties")
    if schema.get("type") != "object" or not isinstance(questions, dict) or not questions:
        yield Fault("/schema", "should be of the type object, with a property for each question", "no_questions")
    elif len(questions) > MOST_QUESTIONS:
        yield Fault("/schema/properties", f"are more than {MOST_QUESTIONS} questions", "too_many_questions")


def _beside_faults(
    schema: Schema, order: Sequence[str], summary_from: str | None, budget_from: str | None
) -> Iterator[Fault]:
    properties = schema.get("properties")
    questions = properties if isinstance(properties, dict) else {}
    needed = schema.get("required", [])
    for number, name in enumerate(order):
        if name not in questions:
            yield Fault(f"/order/{number}", "is no question of the form", "unknown_question")
    if len(set(order)) != len(order):
        yield Fault("/order", "names a question twice", "not_unique")
    for field, answer, kind in (("summary_from", summary_from, "string"), ("budget_from", budget_from, "array")):
        if answer is None:
            continue
        question = questions.get(answer)
        asked = isinstance(question, dict) and question.get("type") == kind
        if not asked or not isinstance(needed, list) or answer not in needed:
            reason = f"should name a question that is required and of the type {kind}"
            yield Fault(f"/{field}", reason, "no_such_answer")


def _pointer(root: str, path: Sequence[str | int]) -> str:
    return root + "".join(f"/{_escaped(str(step))}" for step in path)


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
