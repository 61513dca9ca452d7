"""Finding bank details where nobody asked for them: in what groups write.

They are refused there, for answers are read by reviewers and may be published; payees are entered in a place of their
own, encrypted. Telephone numbers, dates, years, postcodes and registered numbers are no bank details.
"""

import re
import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_SORT_CODE = r"(?<![\d.,£-])(?P<a>\d{2})(?P<by>[-. ])(?P<b>\d{2})(?P=by)(?P<c>\d{2})(?![\d-])"
_ACCOUNT = r"(?<![\d+-])\d{8}(?![\d-])"
_SORT_THEN_ACCOUNT = re.compile(rf"{_SORT_CODE}(?P<gap>\D{{1,25}}){_ACCOUNT}")
_ACCOUNT_THEN_SORT = re.compile(rf"{_ACCOUNT}(?P<gap>\D{{1,25}}){_SORT_CODE}")
_TOGETHER = re.compile(r"(?<![\d+-])\d{6}[ /,;-]{1,3}\d{8}(?![\d-])")
_LABELLED = re.compile(
    r"\bsort ?-?code\b\D{0,12}\d{2}[-. ]?\d{2}[-. ]?\d{2}(?!\d)"
    r"|\b(?:account|acct?)\.? ?(?:number|num|no)\b\D{0,12}\d(?:[ -]?\d){5,9}(?!\d)"
    r"|\ba/c(?: ?(?:number|num|no))?\b\D{0,12}\d(?:[ -]?\d){5,9}(?!\d)"
)
_IBAN = re.compile(r"\b([a-z]{2})(\d{2})((?:[ -]?[a-z0-9]){11,30})")
_LETTERS = re.compile(r"[^\W\d_]")
_ITS_NAME = re.compile(r"\bacc(?:oun)?t?\b|\ba/c\b")


def has_bank_details(text: str) -> bool:
    """Whether the text holds a sort code with an account number, either of them by its name, or an IBAN that adds up.

    Where the six digits may as well be a date, as in `12-05-26`, an account number stands beside them with no word
    between but "account".
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    return (
        _LABELLED.search(plain) is not None
        or _TOGETHER.search(plain) is not None
        or any(_is_account(found) for pattern in _PAIRS for found in pattern.finditer(plain))
        or any(_adds_up(*found.groups()) for found in _IBAN.finditer(plain))
    )


_PAIRS = (_SORT_THEN_ACCOUNT, _ACCOUNT_THEN_SORT)


def _is_account(found: re.Match[str]) -> bool:
    first, second, third = int(found["a"]), int(found["b"]), int(found["c"])
    day_first, year_first = 1 <= first <= 31, 1 <= third <= 31
    may_be_a_date = 1 <= second <= 12 and (day_first or year_first)
    gap = found["gap"]
    return not may_be_a_date or _LETTERS.search(gap) is None or _ITS_NAME.search(gap) is not None


def _adds_up(country: str, check: str, rest: str) -> bool:
    """Whether it is an IBAN: of its country's length and form, and 1 modulo 97 (ISO 13616, ISO 7064)."""
    form = _FORMS.get(country)
    if form is None:
        return False
    # What follows may run on into the next word, so that only the country says where the number ends.
    number = form.match(re.sub("[ -]", "", rest))
    if number is None:
        return False
    digits = "".join(str(int(sign, 36)) for sign in f"{number[0]}{country}{check}")
    return int(digits) % 97 == 1


def _form(said: str) -> re.Pattern[str]:
    """The registry's notation, `4a14n`: so many letters, digits (n) or either (c)."""
    kinds = {"a": "[a-z]", "n": r"\d", "c": "[a-z0-9]"}
    return re.compile("".join(f"{kinds[kind]}{{{length}}}" for length, kind in re.findall(r"(\d+)([anc])", said)))


_REGISTRY = {
    "ad": "8n12c", "at": "16n", "be": "12n", "bg": "4a6n8c", "ch": "5n12c", "cy": "8n16c", "cz": "20n", "de": "18n",
    "dk": "14n", "ee": "16n", "es": "20n", "fi": "14n", "fr": "10n11c2n", "gb": "4a14n", "gi": "4a15c", "gr": "7n16c",
    "hr": "17n", "hu": "24n", "ie": "4a14n", "is": "22n", "it": "1a10n12c", "li": "5n12c", "lt": "16n", "lu": "3n13c",
    "lv": "4a13c", "mc": "10n11c2n", "mt": "4a5n18c", "nl": "4a10n", "no": "11n", "pl": "24n", "pt": "21n",
    "ro": "4a16c", "se": "20n", "si": "15n", "sk": "20n", "sm": "1a10n12c",
}  # fmt: skip
_FORMS = {country: _form(said) for country, said in _REGISTRY.items()}
"""What follows the check digits in the countries of the single euro payments area (SWIFT's registry of IBANs)."""
