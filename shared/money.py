"""Amounts of money: decimal strings with a currency at the edge, whole minor units everywhere inside. Never floats."""

import re
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

# ISO 4217 minor units that are not two (table A.1).
_NO_DECIMALS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
})  # fmt: skip
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
# Twelve digits stay exact in a 64-bit column even in a currency of three decimals.
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(?:\.([0-9]+))?")


class Money(BaseModel):
    """An amount such as `{"amount": "500.00", "currency": "GBP"}`: a decimal string, no sign, no exponent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # The currency stands first because the amount's decimals are checked against it.
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code", examples=["GBP"])]
    amount: Annotated[
        str,
        Field(description="decimal string in the major unit, without a sign", examples=["500.00"], max_length=20),
    ]

    @field_validator("amount")
    @classmethod
    def _in_the_currency(cls, amount: str, info: ValidationInfo) -> str:
        matched = _AMOUNT.fullmatch(amount)
        if matched is None:
            raise PydanticCustomError("invalid_amount", "must be a decimal string such as 500.00, without a sign")
        decimals = _decimals(info.data.get("currency", ""))
        whole, part = matched[1], matched[2] or ""
        if len(part) > decimals:
            raise PydanticCustomError(
                "too_many_decimals", "has more than {decimals} decimals for its currency", {"decimals": decimals}
            )
        return f"{whole}.{part.ljust(decimals, '0')}" if decimals else whole

    @property
    def pence(self) -> int:
        """The amount in the currency's minor unit: pence for GBP, yen for JPY."""
        return int(self.amount.replace(".", ""))

    @classmethod
    def of(cls, pence: int, currency: str) -> "Money":
        """The money for so many minor units. A negative amount is refused with ValueError."""
        return _money(pence, currency)


@lru_cache(maxsize=10_000)
def _money(pence: int, currency: str) -> Money:
    """The same amounts come again and again, nothing at all above all; money does not change, and may be shared."""
    if pence < 0:
        raise ValueError("money at the edge has no sign")
    decimals = _decimals(currency)
    digits = str(pence).rjust(decimals + 1, "0")
    return Money(currency=currency, amount=f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def _decimals(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2
