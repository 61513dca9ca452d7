"""Whether a sort code and an account number can belong together: the modulus check of the banks in the United Kingdom.

The rules are those of Vocalink's *Validating account numbers*, with all its exceptions, 1 to 14; the weights come from
the operator's copy of the table that is published with it (`valacdos.txt`), and for exception 5 of the table of sort
codes that stand in for others (`scsubtab.txt`). What passes may exist; nothing here shows that it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LETTERS = "uvwxyzabcdefgh"
"""What the specification calls the fourteen digits: six of the sort code, eight of the account number."""

_ONE_IS_ENOUGH = {2, 9, 10, 11, 12, 13, 14}
"""Exceptions under which an account that fails the first check may still pass the second."""
_IN_PLACE_OF_2 = ((0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1), (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1))
"""Exception 2: the weights where a is not 0, and those where besides g is 9."""
_STANDS_IN_FOR_9, _STANDS_IN_FOR_8 = "309634", "090126"
"""The sort codes that the specification reckons with under exceptions 9 and 8, whatever the account's own is."""


class BadTable(ValueError):
    """A file is not the table that it should be; the message says which line."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table: a range of sort codes, a method, fourteen weights, perhaps an exception (0: none)."""

    first: str
    last: str
    method: str
    weights: tuple[int, ...]
    exception: int

    @classmethod
    def parse(cls, line: str) -> "Check":
        """A line such as `089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1`. Raises ValueError."""
        first, last, method, *numbers = line.split()
        weights = [int(number) for number in numbers]
        if (
            method not in ("MOD10", "MOD11", "DBLAL")
            or len(weights) not in (14, 15)
            or not len(first) == len(last) == 6
        ):
            raise ValueError
        exception = weights[14] if len(weights) == 15 else 0
        return cls(first, last, method, tuple(weights[:14]), exception)


@dataclass(frozen=True, slots=True)
class Table:
    """The checks in the order of the file, and the sort codes that stand in for others under exception 5."""

    checks: Sequence[Check]
    stand_ins: Mapping[str, str]

    def disproves(self, sort_code: str, account: str) -> bool | None:
        """Whether they cannot belong together; None where the table has nothing on the sort code."""
        checks = [check for check in self.checks if check.first <= sort_code <= check.last]
        if not checks:
            return None
        if any(check.exception == 6 for check in checks) and _in_a_foreign_currency(account):
            return False
        passed = self._passes(checks[0], sort_code, account)
        if len(checks) == 1:
            return not passed
        if checks[0].exception in _ONE_IS_ENOUGH:
            return not (passed or self._passes(checks[1], sort_code, account))
        return not (passed and self._passes(checks[1], sort_code, account))

    def _passes(self, check: Check, sort_code: str, account: str) -> bool:
        if check.exception == 3 and account[2] in "69":
            return True
        if check.exception == 14:
            return _passes_shifted(check, sort_code, account)
        if check.exception == 5:
            sort_code = self.stand_ins.get(sort_code, sort_code)
        elif check.exception == 8:
            sort_code = _STANDS_IN_FOR_8
        elif check.exception == 9:
            sort_code = _STANDS_IN_FOR_9
        return _comes_out(check, sort_code, account)


def _in_a_foreign_currency(account: str) -> bool:
    """Exception 6: from 4 to 8 at a, and g the same as h. Such an account cannot be checked."""
    return account[0] in "45678" and account[6] == account[7]


def _passes_shifted(check: Check, sort_code: str, account: str) -> bool:
    """Exception 14: where it fails and h is 0, 1 or 9, h is left out, and what is before it moves to the right."""
    if _comes_out(check, sort_code, account):
        return True
    return account[7] in "019" and _comes_out(check, sort_code, f"0{account[:7]}")


def _comes_out(check: Check, sort_code: str, account: str) -> bool:
    digits = [int(digit) for digit in sort_code + account]
    at = dict(zip(LETTERS, digits, strict=True))
    products = [digit * weight for digit, weight in zip(digits, _weights(check, at), strict=True)]
    if check.method == "DBLAL":
        total = sum(sum(divmod(product, 10)) for product in products) + (27 if check.exception == 1 else 0)
    else:
        total = sum(products)
    rest = total % (11 if check.method == "MOD11" else 10)
    if check.exception == 4:
        return rest == 10 * at["g"] + at["h"]
    if check.exception == 5:
        return _is_check_digit(check, rest, at)
    return rest == 0


def _is_check_digit(check: Check, rest: int, at: Mapping[str, int]) -> bool:
    """Exception 5: the first check's digit is g, the second's is h; a remainder of 1 has none in the first."""
    if check.method == "MOD11":
        return rest != 1 and at["g"] == (11 - rest) % 11
    return at["h"] == (10 - rest) % 10


def _weights(check: Check, at: Mapping[str, int]) -> Sequence[int]:
    """The weights of a line, as exceptions 2, 7 and 10 change them."""
    if check.exception == 2 and at["a"] != 0:
        return _IN_PLACE_OF_2[at["g"] == 9]
    of_the_bank = check.exception == 7 or (check.exception == 10 and (at["a"], at["b"]) in ((0, 9), (9, 9)))
    if of_the_bank and at["g"] == 9:
        return (0,) * 8 + check.weights[8:]
    return check.weights


@lru_cache(maxsize=4)
def load(weights: Path, stand_ins: Path | None, _changed: tuple[int, ...]) -> Table:
    """The tables of the operator's files; `_changed` is when they were, so that a new issue is read when it comes.

    Raises BadTable, and OSError where a file cannot be read.
    """
    checks = [_read(weights, number, line) for number, line in _lines(weights)]
    pairs = (line.split() for _, line in _lines(stand_ins)) if stand_ins is not None else ()
    return Table(checks, {pair[0]: pair[1] for pair in pairs})


def _lines(path: Path) -> Sequence[tuple[int, str]]:
    text = path.read_text(encoding="ascii")
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _read(path: Path, number: int, line: str) -> Check:
    try:
        return Check.parse(line)
    except ValueError:
        raise BadTable(f"{path.name}, line {number}: is no line of weights") from None
