"""JMESPath that partners write: what is refused before it is kept, and what an expression says of a document."""

import pytest
from pydantic import JsonValue

from shared.expressions import LONGEST, MOST_GROWTH, CannotEvaluate, evaluate, fault_in, holds

EVENT: JsonValue = {
    "type": "award.offered",
    "data": {"amount_pence": 50_000, "kinds": ["music", "walking"], "people": [{"id": "a", "age": 40}, {"id": "b"}]},
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("data.amount_pence > `20000`", True),
        ("data.amount_pence > `20000` && type == 'award.offered'", True),
        ("data.kinds[?@ == 'music'] | [0]", True),
        ("data.people[?age > `50`]", False),
        ("data.nothing", False),
        ("data.nothing == `null`", True),
        ("!(data.nothing)", True),
        ("contains(data.kinds, 'music')", True),
        ("contains(data.nothing, 'music')", False),
        ("`0`", True),
        ("''", False),
        ("`{}`", False),
        ("`false`", False),
    ],
)
def test_an_expression_is_true_by_the_notion_of_jmespath(expression: str, expected: bool) -> None:
    assert fault_in(expression, "/filter") is None
    assert holds(expression, EVENT) is expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "data.",
        "data.amount_pence >",
        "a ~ b",
        "[",
        "`{",
        "system('x')",
        "(" * 900 + "a" + ")" * 900,
        "a" * (LONGEST + 1),
        '`"\\ud800"`',
        " | ".join(["[@,@]"] * 30),
        " | ".join(["{a: @, b: @}"] * 30),
        " | ".join(["to_string([@,@])"] * 30),
        " | ".join(["join('', [@,@])"] * 30),
        "map(&[@,@,@,@,@,@,@,@,@,@,@,@,@,@,@], [@,@,@,@,@,@,@,@,@,@,@,@,@,@,@])",
    ],
)
def test_what_is_no_expression_or_could_fill_the_memory_is_refused_with_its_pointer(expression: str) -> None:
    fault = fault_in(expression, "/filter")
    assert fault is not None
    assert (fault.pointer, fault.code) == ("/filter", "invalid_expression")
    assert len(fault.reason) < 200


def test_a_record_is_shaped_and_what_does_not_fit_says_so_without_a_value() -> None:
    shape = "{amount: data.amount_pence, who: data.people[].id, same: type}"
    assert fault_in(shape, "/mapping") is None
    assert evaluate(shape, EVENT) == {"amount": 50_000, "who": ["a", "b"], "same": "award.offered"}
    with pytest.raises(CannotEvaluate) as refused:
        evaluate("length(data.amount_pence)", EVENT)
    assert "50000" not in str(refused.value)


@pytest.mark.parametrize(
    "expression",
    [
        "data.kinds[::0]",
        "max_by([{y: `1`}, {y: 'x'}], &y)",
        "sort_by([{y: `1`}, {y: 'x'}], &y)",
        "merge(@, `1`)",
        "ceil(to_number('1e999'))",
        "floor(to_number('nan'))",
        "not_null()",
        "keys(type)",
    ],
)
def test_whatever_an_expression_does_with_an_event_it_breaks_nothing(expression: str) -> None:
    assert fault_in(expression, "/filter") is None
    assert holds(expression, EVENT) is False
    with pytest.raises(CannotEvaluate):
        evaluate(expression, EVENT)


def test_an_ordinary_mapping_of_many_fields_is_no_growth() -> None:
    assert MOST_GROWTH > 100
    assert fault_in("{" + ", ".join(f"f{number}: data.f{number}" for number in range(100)) + "}", "/mapping") is None
