"""An example of anything that a schema describes: the same whenever it is made, and valid by that schema.

A field's own example wins; then what it may only be; then something short of its kind within its bounds.
"""

import re
from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_DEEPEST = 6
_BY_FORMAT = {
    "date": "2026-11-22",
    "date-time": "2026-11-22T09:30:00Z",
    "date-time-local": "2026-11-22T09:30:00",
    "time": "09:30:00",
    "email": "anna@example.org",
    "uri": "https://example.org/",
    "uuid": "0190a3c4-6f9e-7c3e-8f1a-2b3c4d5e6f70",
    "binary": "",
}

_SAMPLES = (
    "text", "E07000080", "01452 555 010", "en", "09:30", "2026-11-22", "123456", "https://example.org/",
    "person_01j5x3m0e8f7v9q2k4t6w8y0ab", "GB-CHC-1000000", "1.00",
    "anna@example.org",
)  # fmt: skip
"""What is tried where a pattern says what a text may be."""


class NoExample(LookupError):
    """No sample fits a pattern, and the field has no example of its own: what requires it is better not shown."""


def example(schema: Mapping[str, Any], schemas: Mapping[str, Document], depth: int = 0) -> Any:
    """An example of a schema; ``schemas`` are those that it may refer to, by name. Raises NoExample."""
    if "$ref" in schema:
        return example(schemas[str(schema["$ref"]).removeprefix(_SCHEMAS)], schemas, depth)
    for told in ("example", "const"):
        if told in schema:
            return schema[told]
    for listed in ("examples", "enum"):
        if schema.get(listed):
            return schema[listed][0]
    if schema.get("default"):  # an empty one shows nothing, and where it may not be sent it is not valid either
        return schema["default"]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return _of_the_first(schema[choice], schemas, depth)
    if "allOf" in schema:
        return example(schema["allOf"][0], schemas, depth)
    return _of_type(schema, schemas, depth)


def _of_the_first(choices: list[Document], schemas: Mapping[str, Document], depth: int) -> Any:
    """Of the first choice that is something; deep down null will do."""
    nullable = any(choice.get("type") == "null" for choice in choices)
    if nullable and depth >= _DEEPEST:
        return None
    return example(next(choice for choice in choices if choice.get("type") != "null"), schemas, depth)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Document], depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, depth)
        case "array":
            return _array(schema, schemas, depth)
        case "string":
            return _string(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
        case _:
            return None


def _object(schema: Mapping[str, Any], schemas: Mapping[str, Document], depth: int) -> Document:
    """What it requires, and near the top the rest too, so that a reader sees all that there is."""
    if "patternProperties" in schema:
        names = example({"type": "string", **schema.get("propertyNames", {})}, schemas, depth)
        return {names: example(next(iter(schema["patternProperties"].values())), schemas, depth + 1)}
    required = schema.get("required", ())
    shown: Document = {}
    for name, part in schema.get("properties", {}).items():
        if name in required or depth < 2:
            try:
                shown[name] = example(part, schemas, depth + 1)
            except NoExample:
                if name in required:
                    raise
    return shown


def _array(schema: Mapping[str, Any], schemas: Mapping[str, Document], depth: int) -> list[Any]:
    fewest = schema.get("minItems", 0)
    items = schema.get("items", {})
    if "prefixItems" in schema:
        return [example(part, schemas, depth + 1) for part in schema["prefixItems"]]
    if depth >= _DEEPEST and not fewest:
        return []
    return [example(items, schemas, depth + 1) for _ in range(max(1, fewest))]


def _string(schema: Mapping[str, Any]) -> str:
    if "pattern" in schema:
        for text in _SAMPLES:
            if re.search(schema["pattern"], text):
                return text
        raise NoExample(schema["pattern"])
    text = _BY_FORMAT.get(schema.get("format", ""), "text")
    return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", len(text) + 1000)]


def _number(schema: Mapping[str, Any]) -> int | float:
    lowest: float = schema.get("minimum", schema.get("exclusiveMinimum", 0) + ("exclusiveMinimum" in schema))
    highest: float = schema.get("maximum", max(1, lowest))
    number = min(max(1, lowest), highest)
    return int(number) if schema.get("type") == "integer" else number
