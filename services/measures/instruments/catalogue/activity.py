"""Short Active Lives: how many minutes a week somebody is active, told as minutes or question by question."""

from collections.abc import Mapping
from decimal import Decimal

from services.measures.instruments.definition import Instrument, Outcome, banded
from services.measures.instruments.questions import Answers, Question, QuestionKind, Wording

BOUT_MINUTES = 10
"""What is shorter is not counted (Sport England, Active Lives Adult Survey technical report)."""

WEIGHTS = {"light": 0, "moderate": 1, "vigorous": 2}
"""How often a minute counts: light is not counted, a vigorous minute is two moderate ones (the same report)."""

_LEVELS = banded(("inactive", 0), ("fairly_active", 30), ("active", 150))
_WEEK = 7 * 24 * 60
_SOURCE = (
    "Sport England, Short Active Lives survey, and Active Lives Adult Survey technical report: inactive below 30 "
    "moderate-equivalent minutes a week, fairly active 30 to 149, active from 150; a vigorous minute counts as two"
)


def _outcome(*needs: str) -> tuple[Outcome, ...]:
    return (Outcome("minutes", needs, Decimal(0), None, _LEVELS),)


def _of_minutes(answers: Answers) -> Mapping[str, Decimal | None]:
    moderate, vigorous = (answers.numbers.get(f"{effort}_minutes") for effort in ("moderate", "vigorous"))
    if moderate is None or vigorous is None:
        return {"minutes": None}
    return {"minutes": moderate * WEIGHTS["moderate"] + vigorous * WEIGHTS["vigorous"]}


MINUTES = Instrument(
    key="short_active_lives",
    version=1,
    title="Short Active Lives, as minutes a week",
    source=_SOURCE,
    note=f"Minutes in bouts of {BOUT_MINUTES} or more.",
    questions=tuple(
        Question(f"{effort}_minutes", QuestionKind.NUMBER, low=0, high=_WEEK) for effort in ("moderate", "vigorous")
    ),
    outcomes=_outcome("moderate_minutes", "vigorous_minutes"),
    reckon=_of_minutes,
    wordings={
        "moderate_minutes": Wording(
            "In the past 7 days, how many minutes did you spend on activity that raised your breathing? Count only "
            "what went on for 10 minutes or more."
        ),
        "vigorous_minutes": Wording(
            "And how many minutes on activity that made you out of breath or sweat? Count only what went on for 10 "
            "minutes or more."
        ),
    },
)

_ACTIVITIES = {"walk": "a walk", "cycle": "a cycle ride", "sport": "sport, fitness or dance"}


def _of_questions(answers: Answers) -> Mapping[str, Decimal | None]:
    of_each = [_of_activity(activity, answers) for activity in _ACTIVITIES]
    known = [minutes for minutes in of_each if minutes is not None]
    return {"minutes": sum(known, Decimal(0)) if len(known) == len(of_each) else None}


def _of_activity(activity: str, answers: Answers) -> Decimal | None:
    """Days times minutes, weighted by the effort; somebody who did it on no day is asked no more of it."""
    days, minutes = (answers.numbers.get(f"{activity}_{what}") for what in ("days", "minutes"))
    effort = answers.chosen.get(f"{activity}_effort")
    if days == 0 or (days is not None and minutes is not None and minutes < BOUT_MINUTES):
        return Decimal(0)
    if days is None or minutes is None or effort is None:
        return None
    return days * minutes * WEIGHTS[effort]


def _asked(activity: str) -> tuple[Question, ...]:
    return (
        Question(f"{activity}_days", QuestionKind.SCALE, low=0, high=7),
        Question(f"{activity}_minutes", QuestionKind.NUMBER, low=0, high=24 * 60),
        Question(f"{activity}_effort", QuestionKind.CHOICE, choices=tuple(WEIGHTS)),
    )


def _worded(activity: str, words: str) -> Mapping[str, Wording]:
    return {
        f"{activity}_days": Wording(
            f"In the past 7 days, on how many days did you do {words} of 10 minutes or more?",
            {"low": "No day", "high": "Every day"},
        ),
        f"{activity}_minutes": Wording(f"On a day with {words}, how many minutes did you usually spend on it?"),
        f"{activity}_effort": Wording(
            f"What effort was {words} usually?",
            {
                "light": "My breathing was as always",
                "moderate": "It raised my breathing",
                "vigorous": "I was out of breath or sweating",
            },
        ),
    }


QUESTIONS = Instrument(
    key="short_active_lives_questions",
    version=1,
    title="Short Active Lives, question by question",
    source=_SOURCE,
    note="Days times usual minutes of walking, of cycling and of sport, fitness or dance in the past 7 days. Effort "
    "decides the weight: this reading of the question-level form is ours, and not confirmed by Sport England.",
    questions=tuple(question for activity in _ACTIVITIES for question in _asked(activity)),
    outcomes=_outcome(*(f"{activity}_days" for activity in _ACTIVITIES)),
    reckon=_of_questions,
    wordings={key: words for each in _ACTIVITIES.items() for key, words in _worded(*each).items()},
)

INSTRUMENTS = (MINUTES, QUESTIONS)
