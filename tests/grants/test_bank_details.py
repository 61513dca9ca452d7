"""Bank details are found in what groups write, however they are written, and nothing else is taken for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.applications.bank_details import has_bank_details
from tests.plugins.parts import scale

SORT_CODE = st.tuples(st.integers(32, 99), st.integers(0, 99), st.integers(0, 99)).map(
    lambda pairs: "-".join(f"{pair:02}" for pair in pairs)
)
ACCOUNT = st.integers(0, 10**8 - 1).map(lambda number: f"{number:08}")
LETTERS = st.text("abcdefghijklmnopqrstuvwxyz ,.", max_size=30)


@pytest.mark.parametrize(
    "text",
    [
        "Sort code 20-30-40 account 12345678",
        "pay to 20-30-40 12345678 please",
        "12345678 / 20-30-40",
        "sort code: 203040",
        "acc no: 12345678",
        "Account number is 1234 5678",
        "a/c 12345678",
        "12–05–26 12345678",
        "12-05-26 account 12345678",
        "２０-30-40 12345678",
        "203040 12345678",
        "GB29 NWBK 6016 1331 9268 19 and thanks",
        "gb29nwbk60161331926819",
        "IBAN: IE29 AIBK 9311 5212 3456 78",
        "DE89370400440532013000",
    ],
)
def test_bank_details_are_found(text: str) -> None:
    assert has_bank_details(text)


@pytest.mark.parametrize(
    "text",
    [
        "Call 01452 556677 or 07700 900123",
        "+44 1452 556677, 020 7946 0018",
        "From 2019 to 2024, on 12.05.26",
        "On 12-05-26 the company 01234567 opened",
        "Charity 1123456, company 01234567",
        "It costs £12,345,678",
        "GL52 3AB 01452123456",
        "from 10-12-26 to 11-12-26",
        "we have an account with the bank",
        "12 weeks, 30 people, 40 sessions",
        "ISBN 978-0-306-40615-7",
        "GB29 NWBK 6016 1331 9268 18",
    ],
)
def test_telephones_dates_and_registered_numbers_are_no_bank_details(text: str) -> None:
    assert not has_bank_details(text)


@settings(max_examples=scale(30))
@given(before=LETTERS, sort_code=SORT_CODE, between=st.sampled_from([" ", ", ", " account ", "\n"]), account=ACCOUNT)
def test_a_sort_code_beside_an_account_is_found_in_any_sentence(
    before: str, sort_code: str, between: str, account: str
) -> None:
    assert has_bank_details(f"{before} {sort_code}{between}{account} {before}")


@settings(max_examples=scale(30))
@given(text=st.text("abcdefghij 0123456789", max_size=60), digits=st.integers(1000, 99999))
def test_text_without_a_run_of_six_digits_or_a_name_for_them_is_never_refused(text: str, digits: int) -> None:
    short = " and ".join(word[:3] for word in text.split())
    assert not has_bank_details(f"{short} in {digits}")
