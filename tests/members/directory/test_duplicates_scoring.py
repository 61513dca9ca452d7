"""What speaks for two records being of one, and what against it."""

import pytest

from services.members.directory.duplicates import scoring
from services.members.directory.duplicates.profiles import e164
from services.members.directory.duplicates.scoring import Profile, Weights

INBOX, LANDLINE = frozenset({"hall@example.org"}), frozenset({"+441594555010"})


def likeness(one: Profile, other: Profile, holders: int = 2) -> scoring.Likeness:
    shared = dict.fromkeys(scoring.keys(one) & scoring.keys(other), holders)
    return scoring.compared(one, other, Weights(), shared)


@pytest.mark.parametrize(
    ("one", "other", "candidates"),
    [
        (Profile("a", ("joan hall",), INBOX), Profile("b", ("joan hall",), INBOX), True),
        (Profile("a", ("joan hall",), INBOX), Profile("b", ("jo hall",), INBOX), True),
        (Profile("a", ("margaret hall", "peggy hall"), INBOX), Profile("b", ("peggy hall",), INBOX), True),
        (Profile("a", ("hall joan",), phones=LANDLINE), Profile("b", ("joan hall",), phones=LANDLINE), True),
        (Profile("a", ("joan hall",), postcode="GL16 8DN"), Profile("b", ("joan hall",), postcode="GL16 8DN"), True),
        (Profile("a", ("joan hall",), INBOX, LANDLINE), Profile("b", ("brian hall",), INBOX, LANDLINE), False),
        (Profile("a", ("joan hall",), INBOX), Profile("b", ("wasim akhtar",), INBOX), False),
        (Profile("a", ("joan hall",)), Profile("b", ("joan hall",)), False),
        (
            Profile("a", ("joan hall",), INBOX, born="1950-01-02"),
            Profile("b", ("joan hall",), INBOX, born="1980-01-02"),
            False,
        ),
        (
            Profile("a", ("joan hall",), external_ids=frozenset({("esr", "1")})),
            Profile("b", ("joan hall",), external_ids=frozenset({("crm", "1")})),
            True,
        ),
    ],
)
def test_what_makes_two_records_candidates(one: Profile, other: Profile, candidates: bool) -> None:
    found = likeness(one, other)
    assert (found.score >= Weights().threshold) is candidates, found
    assert found == likeness(other, one)


def test_the_reasons_are_words_that_repeat_nothing_of_the_records() -> None:
    one = Profile("a", ("joan hall",), INBOX, postcode="GL16 8DN")
    found = likeness(one, Profile("b", ("jo hall",), INBOX, postcode="GL16 8DN"))
    assert found.reasons == ["The same e-mail address.", "Names that are 88 % alike.", "The same postcode."]


def test_an_address_that_many_share_counts_for_little() -> None:
    one, other = Profile("a", ("joan hall",), INBOX), Profile("b", ("joan hal",), INBOX)
    assert likeness(one, other).score >= Weights().threshold
    shared = likeness(one, other, holders=12)
    assert shared.score < Weights().threshold
    assert shared.reasons[0] == "The same e-mail address, which 12 records share."


def test_one_number_is_known_in_whatever_form_it_is_written() -> None:
    assert e164(["01594 555010", "+44 (0)1594 555 010", "0044 1594 555010"]) == LANDLINE
    assert e164(["12", "nothing"]) == frozenset()


def test_whoever_shares_no_key_is_never_compared() -> None:
    people = {str(number): Profile(str(number), ("joan hall",)) for number in range(3)}
    assert [scoring.keys(profile) for profile in people.values()] == [set()] * 3
    assert scoring.pairs(people, people.keys(), {}, Weights()) == {}
