"""Adding up and comparing: exact sums, paired tests adjusted for their number, and too few said plainly. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.measures.instruments.questions import Sent
from services.measures.surveys.asking.questionnaire import Questionnaire, StoredAsk
from services.measures.surveys.results import change as results
from services.measures.surveys.results.change import Verdict, change
from services.measures.surveys.results.tally import Read, Tally, read
from shared.statistics.change import holm, mcnemar, paired_t
from shared.statistics.means import Sums

ASKS: list[StoredAsk] = [
    {"instrument": "ons4", "version": 1},
    {"instrument": "ons_loneliness", "version": 1},
    {"key": "groups", "kind": "several", "choices": ["choir", "walks"], "low": 0, "high": 0, "needed": False},
    {"key": "miles", "kind": "number", "choices": [], "low": 0, "high": 100, "needed": False},
    {"key": "words", "kind": "text", "choices": [], "low": 0, "high": 0, "needed": False},
]
ASKED = Questionnaire(ASKS)
Answered = Mapping[str, Sent]


def happy(points: int, **more: Sent) -> Answered:
    """Answers of somebody who was so happy."""
    return {"ons4_happiness": points, **more}


def wave(*answers: tuple[str | None, Answered]) -> list[tuple[str | None, Read]]:
    """A wave in which these people answered, each with a code."""
    return [(code, read(ASKED, sent)) for code, sent in answers]


def of(tests: Sequence[results.Test], subject: str, category: str | None = None) -> results.Test:
    """The test of one subject."""
    return next(each for each in tests if (each.subject, each.category) == (subject, category))


def test_what_people_answered_is_added_up_exactly_and_a_missing_answer_is_not_nought() -> None:
    tally = Tally(ASKED)
    answers: list[Answered] = [
        {"ons4_happiness": 7, "groups": ["choir", "walks"], "miles": 0.1, "words": "x"},
        {"ons4_happiness": 4, "ons_loneliness_how_often": "never", "groups": [], "miles": 0.2},
        {"ons_loneliness_how_often": "often_or_always", "miles": 0},
    ]
    for each in answers:
        tally.take(read(ASKED, each))
    happiness, miles, groups = (tally.of[key] for key in ("ons4_happiness", "miles", "groups"))
    assert (happiness.n, happiness.missing, happiness.sum_x, happiness.sum_x2) == (2, 1, Decimal(11), Decimal(65))
    assert happiness.counts == {"high": 1, "low": 1}
    assert (miles.n, miles.sum_x, miles.sum_x2) == (3, Decimal("0.3"), Decimal("0.05"))
    assert (groups.n, groups.counts) == (2, {"choir": 1, "walks": 1})
    assert tally.of["ons_loneliness_how_often"].counts == {"never": 1, "often_or_always": 1}
    assert (tally.people, "words" in tally.of) == (3, False)


def test_change_is_tested_on_the_people_who_answered_both_times() -> None:
    lonely = ["often_or_always"] * 20 + ["never"] * 12
    before = wave(*((f"p{n}", happy(n % 5, ons_loneliness_how_often=how)) for n, how in enumerate(lonely)))
    after = wave(
        *((f"p{n}", happy(n % 5 + n % 3, ons_loneliness_how_often="never")) for n in range(31)),
        ("somebody_new", {"ons4_happiness": 0}),
    )
    found = change(ASKED, before, after, base=30)
    assert (found.pairs, found.ambiguous, found.unpaired) == (31, 0, 2)
    differences = [n % 3 for n in range(31)]
    expected = paired_t(Sums.of(31, sum(differences), sum(d * d for d in differences)))
    happiness = of(found.tests, "ons4_happiness")
    assert (happiness.pairs, happiness.difference, happiness.p) == (31, expected.difference, expected.p)
    assert (happiness.interval, happiness.method) == (expected.interval, "Student's paired t-test")
    often = of(found.tests, "ons_loneliness_how_often", "often_or_always")
    assert often.p == mcnemar(0, 20, 31).exact_p
    assert often.difference == -20 / 31
    assert {happiness.verdict, often.verdict} == {Verdict.CHANGED}
    assert of(found.tests, "ons_loneliness_how_often", "hardly_ever").verdict is Verdict.NOT_SHOWN


def test_p_values_are_adjusted_for_the_number_of_tests() -> None:
    before = wave(*((f"p{n}", {"ons4_happiness": 5, "miles": n}) for n in range(40)))
    after = wave(*((f"p{n}", {"ons4_happiness": 5 + (n < 6), "miles": n + (n % 4 == 0)}) for n in range(40)))
    tested = [each for each in change(ASKED, before, after, base=30).tests if each.p is not None]
    alone = [each.p for each in tested if each.p is not None]
    assert [each.holm_p for each in tested] == holm(alone)
    assert any(each.holm_p != each.p for each in tested)
    assert {each.verdict for each in tested if (each.holm_p or 0) >= 0.05} <= {Verdict.NOT_SHOWN}


def test_below_the_base_nothing_is_said_but_that_there_are_too_few() -> None:
    many = [(f"p{n}", {"ons4_happiness": 1 if n else 0, "miles": 1}) for n in range(30)]
    later = [(code, {"ons4_happiness": 9} | ({"miles": 50} if code != "p0" else {})) for code, _ in many]
    tests = change(ASKED, wave(*many), wave(*later), base=30).tests
    assert of(tests, "ons4_happiness").verdict is Verdict.CHANGED
    assert of(tests, "miles") == results.Test("miles", None, 29, Verdict.TOO_FEW)
    assert of(tests, "groups", "choir") == results.Test("groups", "choir", 0, Verdict.TOO_FEW)


def test_an_instrument_may_ask_for_more_people_than_the_movement_does() -> None:
    asked = Questionnaire([{"instrument": "swemwbs", "version": 1}])
    for people, verdict in ((29, Verdict.TOO_FEW), (30, Verdict.CHANGED)):
        before, after = (
            [(f"p{n}", read(asked, {f"swemwbs_item_{item}": points for item in range(1, 8)})) for n in range(people)]
            for points in (2, 4)
        )
        assert of(change(asked, before, after, base=5).tests, "swemwbs_metric").verdict is verdict


def test_a_code_that_two_people_made_joins_nobody() -> None:
    before = wave(("a", {"miles": 1}), ("a", {"miles": 2}), ("b", {"miles": 3}), (None, {"miles": 4}))
    after = wave(("a", {"miles": 5}), ("b", {"miles": 6}), (None, {"miles": 7}))
    found = change(ASKED, before, after, base=1)
    assert (found.pairs, found.ambiguous, found.unpaired) == (1, 1, 2)
