import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "pence", "shown"),
    [
        ("500.00", "GBP", 50000, "500.00"),
        ("500", "GBP", 50000, "500.00"),
        ("0.5", "GBP", 50, "0.50"),
        ("0", "GBP", 0, "0.00"),
        ("500", "JPY", 500, "500"),
        ("1.234", "KWD", 1234, "1.234"),
        ("999999999999.99", "GBP", 99999999999999, "999999999999.99"),
    ],
)
def test_an_amount_becomes_whole_minor_units_of_its_currency(
    amount: str, currency: str, pence: int, shown: str
) -> None:
    money = Money(amount=amount, currency=currency)
    assert (money.pence, money.amount) == (pence, shown)


@pytest.mark.parametrize(
    "amount",
    ["-1.00", "+1.00", "1.000", "1e3", "NaN", "Infinity", "1,000.00", " 1", "1.", ".5", "007", "", "£5", "1_000",
     "1000000000000", "٣.٠٠", "1.٠٠"],
)  # fmt: skip
def test_what_is_no_plain_decimal_is_refused_at_the_amount(amount: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Money(amount=amount, currency="GBP")
    assert caught.value.errors()[0]["loc"] == ("amount",)


@pytest.mark.parametrize("amount", [500.0, 500, True, None])
def test_an_amount_is_a_string_and_never_a_number(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "GBP"})


@pytest.mark.parametrize("currency", ["gbp", "GB", "GBPP", "", "£"])
def test_a_currency_is_three_capitals(currency: str) -> None:
    with pytest.raises(ValidationError):
        Money(amount="1", currency=currency)


@given(st.integers(min_value=0, max_value=10**12 - 1), st.sampled_from(["GBP", "JPY", "KWD"]))
def test_minor_units_survive_the_way_out_and_in(pence: int, currency: str) -> None:
    money = Money.of(pence, currency)
    assert Money.model_validate_json(money.model_dump_json()).pence == pence


def test_a_negative_sum_has_no_form_at_the_edge() -> None:
    with pytest.raises(ValueError, match="no sign"):
        Money.of(-1, "GBP")
