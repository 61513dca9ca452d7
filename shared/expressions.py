"""Expressions that partners write, in JMESPath (jmespath.org): which events they want, and how a record is shaped.

JMESPath has no loops, no clock and no way out of the document, so that an expression can do no more than cost. What it
may cost is judged before it is kept: `[@,@] | [@,@] | …` doubles at each step, and thirty of them fill a machine.
"""

from functools import lru_cache
from math import prod

import jmespath
import msgspec
from jmespath.exceptions import JMESPathError, LexerError, ParseError
from jmespath.functions import Functions
from jmespath.parser import ParsedResult
from pydantic import JsonValue

from shared.errors import Fault

LONGEST = 2_000
"""Characters of an expression."""
MOST_GROWTH = 200
"""How many times what it is given an expression may make of it, at most."""

_CODE = "invalid_expression"
_STEPS = frozenset(
    ("subexpression", "pipe", "index_expression", "projection", "value_projection", "filter_projection", "flatten")
)
"""What applies one part to the outcome of another: their growths multiply. All else stands side by side: they add."""


class CannotEvaluate(ValueError):
    """The expression does not fit the document: `length(…)` of a number, say. The text names types and no value."""


class _Node(msgspec.Struct):
    """A part of a parsed expression, as the library gives it."""

    type: str
    children: "list[_Node | int | None]" = msgspec.field(default_factory=list)
    value: msgspec.Raw | str | int | float | bool | list[object] | dict[str, object] | None = None


def fault_in(expression: str, pointer: str) -> Fault | None:
    """What is wrong with an expression that somebody sent; None where it can be kept."""
    if len(expression) > LONGEST:
        return Fault(pointer, f"is longer than {LONGEST} characters", _CODE)
    try:
        tree = _tree(_compiled(expression))
        unknown = _unknown_functions(tree)
        growth = _growth(tree)
        msgspec.json.encode(tree)
    except (ParseError, LexerError) as error:
        return Fault(pointer, f"is not JMESPath: it breaks off at character {error.lex_position + 1}", _CODE)
    except JMESPathError:
        return Fault(pointer, "is not JMESPath", _CODE)
    except (UnicodeEncodeError, OverflowError):
        return Fault(pointer, "has a character or a number that no JSON can hold", _CODE)
    except RecursionError:
        return Fault(pointer, "is nested too deeply", _CODE)
    if unknown:
        return Fault(pointer, f"calls functions that JMESPath does not have: {', '.join(sorted(unknown))}", _CODE)
    if growth > MOST_GROWTH:
        return Fault(pointer, f"could make more than {MOST_GROWTH} times of what it is given", _CODE)
    return None


def evaluate(expression: str, document: JsonValue) -> JsonValue:
    """What an expression makes of a document. Raises CannotEvaluate."""
    try:
        found: JsonValue = _compiled(expression).search(document)
    except Exception as error:  # the library lets Python's own through: a slice of step 0, numbers beside texts
        raise CannotEvaluate(str(error).partition(" for value:")[0]) from None
    return found


def holds(expression: str, document: JsonValue) -> bool:
    """Whether an expression is true of a document, by JMESPath's own notion: false, null and what is empty are not.

    One that cannot be evaluated does not hold: events differ, and `contains(data.kinds, 'x')` fits not each of them.
    """
    try:
        found = evaluate(expression, document)
    except CannotEvaluate:
        return False
    return found is not None and found is not False and found not in ("", [], {})


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _tree(parsed: ParsedResult) -> _Node:
    return msgspec.convert(parsed.parsed, _Node)


def _nodes(node: _Node) -> list[_Node]:
    return [child for child in node.children if isinstance(child, _Node)]


def _unknown_functions(node: _Node) -> set[str]:
    calls = {str(node.value)} if node.type == "function_expression" else set()
    known: set[str] = set(Functions.FUNCTION_TABLE)
    return (calls - known).union(*[_unknown_functions(child) for child in _nodes(node)])


def _growth(node: _Node) -> int:
    """How many times the document may stand in the outcome."""
    parts = [_growth(child) for child in _nodes(node)]
    applies = node.type in _STEPS or any(child.type == "expref" for child in _nodes(node))
    return max(1, prod(parts) if applies else sum(parts))
