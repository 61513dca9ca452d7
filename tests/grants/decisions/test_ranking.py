"""How candidates are ranked: by what they were given, then by place, then by lot; and never by when they came."""

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.grants.decisions import recount
from services.grants.decisions.ranking import By, Candidate, Ranked, digest_of, lot_of, ranked, within
from tests.plugins.parts import scale

PLACES = [None, "E07000080", "E07000081", "E07000082"]
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 40).map("app_{}".format),
        st.integers(0, 3).map(Fraction),
        st.sampled_from(PLACES),
    ),
    unique_by=lambda each: each.application,
    max_size=12,
)
FIRST = st.permutations(["E07000080", "E07000081"])


def test_votes_come_before_places_and_places_before_lots() -> None:
    seed = "0f"
    lots = sorted(["app_3", "app_4"], key=lambda each: lot_of(seed, each))
    candidates = [
        Candidate("app_1", Fraction(5), None),
        Candidate("app_2", Fraction(5), "E07000080"),
        Candidate("app_3", Fraction(1), None),
        Candidate("app_4", Fraction(1), "E06000001"),
    ]
    assert ranked(candidates, ["E07000080"], seed) == [
        Ranked("app_2", 1, By.PLACE),
        Ranked("app_1", 2, By.SCORE),
        Ranked(lots[0], 3, By.DRAW),
        Ranked(lots[1], 4, None),
    ]


@settings(max_examples=scale(30))
@given(CANDIDATES, FIRST, st.randoms(use_true_random=False))
def test_the_order_in_which_applications_came_changes_nothing(
    candidates: list[Candidate], first: list[str], chance: random.Random
) -> None:
    shuffled = chance.sample(candidates, len(candidates))
    assert ranked(candidates, first, "seed") == ranked(shuffled, first, "seed")


@settings(max_examples=scale(30))
@given(CANDIDATES, FIRST)
def test_the_script_that_ships_draws_and_breaks_ties_alike(candidates: list[Candidate], first: list[str]) -> None:
    rules = recount.Rules(
        options=[recount.Option(application=each.application, place=each.place) for each in candidates],
        dots=3, most_on_one=3, first_places=first, seed_digest=digest_of("seed"),
    )  # fmt: skip
    record = recount.Record(rules=rules, paper=[], voted_online=0, ballots=[], digest="", seed="seed", result=[])
    votes = {each.application: int(each.score) for each in candidates}
    assert recount.order(record, votes) == [each.application for each in ranked(candidates, first, "seed")]


def test_another_seed_draws_another_order() -> None:
    candidates = [Candidate(f"app_{number}", Fraction(0), None) for number in range(20)]
    drawn = {tuple(each.application for each in ranked(candidates, [], f"{seed:x}")) for seed in range(5)}
    assert len(drawn) == 5


def test_each_comes_first_about_as_often_as_any_other() -> None:
    candidates = [Candidate(f"app_{number}", Fraction(0), None) for number in range(4)]
    firsts = [ranked(candidates, [], f"{seed:x}")[0].application for seed in range(2_000)]
    assert all(400 < firsts.count(each.application) < 600 for each in candidates)


def test_an_amount_that_does_not_fit_lets_the_next_have_the_money() -> None:
    assert within([600_00, 500_00, 400_00, 1_00], 1_000_00) == [True, False, True, False]
    assert within([], 0) == []
