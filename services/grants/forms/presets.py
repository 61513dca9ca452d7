"""Forms that are ready to be used. The default of this service is one question and the budget."""

from collections.abc import Sequence
from typing import NamedTuple

from services.grants.forms.profile import DIALECT, Schema
from services.grants.forms.schemas import Asked, Preset


class Questions(NamedTuple):
    """What a version of a form asks."""

    schema: Schema
    order: Sequence[str]
    summary_from: str | None
    budget_from: str | None


_ONE_QUESTION = Questions(
    schema={
        "$schema": DIALECT,
        "title": "One question and the budget",
        "type": "object",
        "required": ["plan", "budget"],
        "additionalProperties": False,
        "properties": {
            "plan": {
                "title": "What would you like to do, and who is it for?",
                "type": "string",
                "minLength": 1,
                "maxLength": 5000,
            },
            "budget": {
                "title": "What would you spend the money on?",
                "type": "array",
                "minItems": 1,
                "maxItems": 30,
                "items": {
                    "type": "object",
                    "required": ["item", "amount"],
                    "additionalProperties": False,
                    "properties": {
                        "item": {"title": "What", "type": "string", "minLength": 1, "maxLength": 200},
                        "amount": {"title": "How much", "type": "string", "format": "money"},
                    },
                },
            },
        },
    },
    order=("plan", "budget"),
    summary_from="plan",
    budget_from="budget",
)
_PRESETS = {Preset.ONE_QUESTION: _ONE_QUESTION}


def questions_of(said: Asked) -> Questions:
    """What is asked: by the preset that is named, or by the schema that was sent."""
    if said.preset is not None:
        return _PRESETS[said.preset]
    return Questions(said.schema_ or {}, said.order, said.summary_from, said.budget_from)
