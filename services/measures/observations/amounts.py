"""What a row says of its figure: read by the kind of its measure, and refused when it cannot be. Pure."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import BOUND_WORDS, Amount, Bound, FigureStatus

# As many digits as a JSON number carries without loss; sums are kept exactly, and may have twice as many.
_DECIMAL = re.compile(r"-?(?=[0-9.]{1,16}\Z)[0-9]{1,15}(\.[0-9]+)?")
_SUM = re.compile(r"-?(?=[0-9.]{1,31}\Z)[0-9]{1,30}(\.[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,15}")
_NEGATIVE_COUNT = re.compile(r"-[0-9]{1,15}")
_NOTHING_SAID = Amount(FigureStatus.REPORTED, None, None, None, None)
_STATUSES = {status.value: status for status in FigureStatus}
_BOUNDS = {
    "≥": Bound.AT_LEAST, "≤": Bound.AT_MOST,
    **{bound.value: bound for bound in Bound}, **{word: bound for bound, word in BOUND_WORDS.items()},
}  # fmt: skip
_BY_CATEGORY = (Kind.DISTRIBUTION, Kind.ORDINAL)


class AmountFault(ValueError):
    """A cell of the amount is wrong: `meaning` says which, `code` how, the message in words that repeat nothing."""

    def __init__(self, meaning: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.meaning = meaning
        self.code = code


def read_amount(cells: Mapping[str, str], kind: Kind, unit: str) -> Amount:
    """Read `value`, `numerator`, `denominator`, `n`, `sum_x`, `sum_x2`, `bound` and `status` of one row.

    A ratio has a value, or numerator and denominator, or both where they agree; a mean has a value, or `n` with its
    sums; a distribution counts one category of it; every other kind has a value. A row without a figure says in
    `status` why. Raises :class:`AmountFault` for the first thing that is wrong.
    """
    # Only what a row says is read: this is done for each row of a file of a million, and most say two things of eight.
    said = {part: read(part, text) for part, read in _PARTS.items() if (text := cells.get(part))}
    amount = msgspec.structs.replace(_NOTHING_SAID, **said)
    if amount.status is not FigureStatus.REPORTED:
        _check_absent(amount)
    elif kind is Kind.RATIO:
        _check_ratio(amount, RATIO_UNITS[unit])
    elif kind is Kind.MEAN:
        _check_mean(amount)
    elif kind in _BY_CATEGORY:
        _check_category(amount)
    else:
        _check_plain(amount, kind)
    return amount


def _check_absent(amount: Amount) -> None:
    figures = (amount.value, amount.numerator, amount.denominator, amount.sum_x, amount.sum_x2)
    if any(part is not None for part in figures):
        raise AmountFault("status", "figure_and_reason", "says that there is no figure, and there is one")
    if amount.bound is not Bound.EXACTLY:
        raise AmountFault("bound", "figure_and_reason", "is the bound of a figure, and there is none")


def _check_ratio(amount: Amount, scale: int) -> None:
    _check_no_sums(amount)
    _check_pair(amount)
    if amount.value is None and amount.numerator is None:
        raise _no_figure()
    if amount.value is not None and not 0 <= Decimal(amount.value) <= scale:
        raise AmountFault("value", "out_of_range", f"is not between 0 and {scale}")
    if amount.numerator is None or amount.denominator is None or amount.value is None:
        return
    if not _agree(Decimal(amount.value), Fraction(amount.numerator * scale), amount.denominator):
        raise AmountFault("value", "inconsistent", "is not numerator divided by denominator; leave one of them out")


def _check_pair(amount: Amount) -> None:
    if (amount.numerator is None) != (amount.denominator is None):
        missing = "numerator" if amount.numerator is None else "denominator"
        raise AmountFault(missing, "missing_count", "is empty: a numerator and its denominator come together")
    if amount.numerator is not None and amount.denominator is not None and amount.numerator > amount.denominator:
        raise AmountFault("numerator", "out_of_range", "is more than the denominator")


def _check_category(amount: Amount) -> None:
    """A distribution is reported category by category, each in a cell of its own: how many of how many."""
    _check_no_sums(amount)
    _check_pair(amount)
    if amount.value is not None:
        raise AmountFault("value", "not_counts", "is one number; a category is a numerator of a denominator")
    if amount.numerator is None:
        raise AmountFault("numerator", "no_figure", "is empty: a category is counted")


def _check_mean(amount: Amount) -> None:
    """Means are added up from n, Σx and Σx², and no x gives n·Σx² below (Σx)² (Cauchy and Schwarz)."""
    _check_no_pair(amount)
    if amount.sum_x is None and amount.sum_x2 is None:
        if amount.value is None:
            raise _no_figure()
        return
    for meaning, part in (("n", amount.n), ("sum_x", amount.sum_x), ("sum_x2", amount.sum_x2)):
        if part is None:
            raise AmountFault(meaning, "missing_count", "is empty: n, Σx and Σx² come together")
    n, sum_x, sum_x2 = amount.n or 0, Fraction(amount.sum_x or 0), Fraction(amount.sum_x2 or 0)
    if n == 0:
        raise AmountFault("n", "no_figure", "is 0, and nobody has a mean; say so in status (not_collected)")
    if n * sum_x2 < sum_x * sum_x:
        raise AmountFault("sum_x2", "out_of_range", "is smaller than n values with this sum can make it")
    if amount.value is not None and not _agree(Decimal(amount.value), sum_x, n):
        raise AmountFault("value", "inconsistent", "is not Σx divided by n; leave one of them out")


def _check_plain(amount: Amount, kind: Kind) -> None:
    _check_no_pair(amount)
    _check_no_sums(amount)
    if amount.value is None:
        raise _no_figure()
    if kind in (Kind.STOCK, Kind.FLOW) and Decimal(amount.value) < 0:
        raise AmountFault("value", "out_of_range", "is below 0")


def _check_no_pair(amount: Amount) -> None:
    if amount.numerator is not None or amount.denominator is not None:
        meaning = "denominator" if amount.numerator is None else "numerator"
        raise AmountFault(meaning, "not_a_ratio", "belongs to a ratio, and this measure is none")


def _check_no_sums(amount: Amount) -> None:
    if amount.sum_x is not None or amount.sum_x2 is not None:
        meaning = "sum_x2" if amount.sum_x is None else "sum_x"
        raise AmountFault(meaning, "not_a_mean", "belongs to a mean, and this measure is none")


def _agree(value: Decimal, total: Fraction, of: int) -> bool:
    """Whether the value is total divided by `of`, to the decimals that it was published with."""
    if of == 0:
        return False
    exponent = value.as_tuple().exponent
    half_of_the_last_place = Decimal(5).scaleb(int(exponent) - 1)
    return abs(total / of - Fraction(value)) <= Fraction(half_of_the_last_place)


def _status(_: str, text: str) -> FigureStatus:
    status = _STATUSES.get(text)
    if status is None:
        raise AmountFault("status", "invalid_status", f"is none of {', '.join(FigureStatus)}")
    return status


def _bound(_: str, text: str) -> Bound:
    bound = _BOUNDS.get(text)
    if bound is None:
        raise AmountFault("bound", "invalid_bound", "is none of = (exactly), >= (at_least) and <= (at_most)")
    return bound


def _value(meaning: str, text: str) -> str:
    return _decimal(meaning, text, _DECIMAL, 15)


def _sum(meaning: str, text: str) -> str:
    return _decimal(meaning, text, _SUM, 30)


def _decimal(meaning: str, text: str, shape: re.Pattern[str], digits: int) -> str:
    if not shape.fullmatch(text):
        raise AmountFault(meaning, "not_a_number", f"is not a number of at most {digits} digits, such as 21.2")
    return plain(text)


def plain(number: str) -> str:
    """The number in its shortest decimal form: 21.20 is 21.2, so that a figure sent again is seen to be the same."""
    minus, digits = number[0] == "-", number.lstrip("-").lstrip("0")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    if not digits:
        return "0"
    shortest = f"0{digits}" if digits[0] == "." else digits
    return f"-{shortest}" if minus else shortest


def _count(meaning: str, text: str) -> int:
    if _COUNT.fullmatch(text):
        return int(text)
    if _NEGATIVE_COUNT.fullmatch(text):
        raise AmountFault(meaning, "out_of_range", "is below 0")
    raise AmountFault(meaning, "not_a_count", "is not a whole number")


def _no_figure() -> AmountFault:
    return AmountFault(
        "value", "no_figure", f"is empty; say why in a column for status ({', '.join(list(FigureStatus)[1:])})"
    )


_PARTS: Mapping[str, Callable[[str, str], object]] = {
    "status": _status, "value": _value, "numerator": _count, "denominator": _count, "n": _count, "sum_x": _sum,
    "sum_x2": _sum, "bound": _bound,
}  # fmt: skip
