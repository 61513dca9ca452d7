import re
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.ids import Id, is_id, new_id

KNOWN = "person_01j5x3m0e8f7v9q2k4t6w8y0ab"


class Asked(BaseModel):
    person: Annotated[str, Id("person")]


def test_a_new_id_is_its_kind_and_26_characters_of_base_32() -> None:
    assert re.fullmatch("person_[0-7][0-9a-hjkmnp-tv-z]{25}", new_id("person"))


def test_an_id_holds_a_uuid_of_version_7() -> None:
    digits = new_id("person").removeprefix("person_")
    number = 0
    for digit in digits:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(digit)
    assert number >> 76 & 0xF == 7
    assert number >> 62 & 0b11 == 0b10


def test_ids_sort_by_when_they_were_made() -> None:
    made = [new_id("evt") for _ in range(2000)]
    assert made == sorted(set(made))


@pytest.mark.parametrize(
    "text",
    ["", "person_", "person", KNOWN.replace("person", "fund"), "person_81j5x3m0e8f7v9q2k4t6w8y0ab", KNOWN + "\n",
     KNOWN.upper(), KNOWN[:-1], KNOWN + "0", "person_01j5x3m0e8f7v9q2k4t6w8y0il"],
)  # fmt: skip
def test_what_is_no_id_of_the_kind_is_refused(text: str) -> None:
    assert not is_id(text, "person")
    with pytest.raises(ValidationError):
        Asked(person=text)


def test_a_malformed_id_is_a_fault_that_names_the_kind_and_repeats_nothing() -> None:
    with pytest.raises(ValidationError) as caught:
        Asked(person="alice@example.org")
    fault = caught.value.errors(include_input=False)[0]
    assert fault["type"] == "invalid_id"
    assert fault["msg"] == "is not an id of the kind person_…"


def test_an_id_is_documented_with_its_form() -> None:
    shown = Asked.model_json_schema()["properties"]["person"]
    assert re.fullmatch(shown["pattern"], new_id("person"))
    assert re.fullmatch(shown["pattern"], shown["examples"][0])


@given(st.text(max_size=40))
def test_no_text_at_all_makes_the_check_fail(text: str) -> None:
    assert is_id(text, "person") is False
