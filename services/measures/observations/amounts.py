"""What a row says of its figure: read by the kind of its measure, and refused when it cannot be. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import Amount, FigureStatus

# As many digits as a JSON number carries without loss.
_DECIMAL = re.compile(r"-?(?=[0-9.]{1,16}\Z)[0-9]{1,15}(\.[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,15}")
_NEGATIVE_COUNT = re.compile(r"-[0-9]{1,15}")
_COUNTS = ("numerator", "denominator", "n")


class AmountFault(ValueError):
    """A cell of the amount is wrong: `meaning` says which, `code` how, the message in words that repeat nothing."""

    def __init__(self, meaning: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.meaning = meaning
        self.code = code


def read_amount(cells: Mapping[str, str], kind: Kind, unit: str) -> Amount:
    """Read `value`, `numerator`, `denominator`, `n` and `status` of one row.

    A ratio has a value, or numerator and denominator, or both where they agree; every other kind has a value. A row
    without a figure says in `status` why. Raises :class:`AmountFault` for the first thing that is wrong.
    """
    status = _status(cells.get("status", ""))
    value = _value(cells.get("value", ""))
    numerator, denominator, n = (_count(meaning, cells.get(meaning, "")) for meaning in _COUNTS)
    amount = Amount(status, value, numerator, denominator, n)
    if status is not FigureStatus.REPORTED:
        if any(part is not None for part in (value, numerator, denominator)):
            raise AmountFault("status", "figure_and_reason", "says that there is no figure, and there is one")
        return amount
    if kind is Kind.RATIO:
        _check_ratio(amount, RATIO_UNITS[unit])
    else:
        _check_plain(amount, kind)
    return amount


def _check_ratio(amount: Amount, scale: int) -> None:
    if (amount.numerator is None) != (amount.denominator is None):
        missing = "numerator" if amount.numerator is None else "denominator"
        raise AmountFault(missing, "missing_count", "is empty: a numerator and its denominator come together")
    if amount.value is None and amount.numerator is None:
        raise _no_figure()
    if amount.value is not None and not 0 <= Decimal(amount.value) <= scale:
        raise AmountFault("value", "out_of_range", f"is not between 0 and {scale}")
    if amount.numerator is None or amount.denominator is None:
        return
    if amount.numerator > amount.denominator:
        raise AmountFault("numerator", "out_of_range", "is more than the denominator")
    if amount.value is not None and not _agree(Decimal(amount.value), amount.numerator, amount.denominator, scale):
        raise AmountFault("value", "inconsistent", "is not numerator divided by denominator; leave one of them out")


def _check_plain(amount: Amount, kind: Kind) -> None:
    for meaning, count in (("numerator", amount.numerator), ("denominator", amount.denominator)):
        if count is not None:
            raise AmountFault(meaning, "not_a_ratio", "belongs to a ratio, and this measure is none")
    if amount.value is None:
        raise _no_figure()
    if kind in (Kind.STOCK, Kind.FLOW) and Decimal(amount.value) < 0:
        raise AmountFault("value", "out_of_range", "is below 0")


def _agree(value: Decimal, numerator: int, denominator: int, scale: int) -> bool:
    """Whether the value is the counts' own, to the decimals that it was published with."""
    if denominator == 0:
        return False
    exponent = value.as_tuple().exponent
    half_of_the_last_place = Decimal(5).scaleb(int(exponent) - 1)
    return abs(Decimal(numerator) / Decimal(denominator) * scale - value) <= half_of_the_last_place


def _status(text: str) -> FigureStatus:
    try:
        return FigureStatus(text or FigureStatus.REPORTED)
    except ValueError:
        raise AmountFault("status", "invalid_status", f"is none of {', '.join(FigureStatus)}") from None


def _value(text: str) -> str | None:
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise AmountFault("value", "not_a_number", "is not a number of at most 15 digits, such as 21.2")
    return plain(Decimal(text))


def plain(number: Decimal) -> str:
    """The number in its shortest decimal form: 21.20 is 21.2, so that a figure sent again is seen to be the same."""
    shortest = number.normalize()
    return "0" if shortest.is_zero() else format(shortest, "f")


def _count(meaning: str, text: str) -> int | None:
    if not text:
        return None
    if _NEGATIVE_COUNT.fullmatch(text):
        raise AmountFault(meaning, "out_of_range", "is below 0")
    if not _COUNT.fullmatch(text):
        raise AmountFault(meaning, "not_a_count", "is not a whole number")
    return int(text)


def _no_figure() -> AmountFault:
    return AmountFault(
        "value", "no_figure", f"is empty; say why in a column for status ({', '.join(list(FigureStatus)[1:])})"
    )
