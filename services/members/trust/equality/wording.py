"""The questions that every movement begins with, in the Government Statistical Service's harmonised wording.

The wording was gathered second-hand: a movement adopts another version where the standard has moved on, and each says
its source. Ethnicity has the five broad groups of England and Wales; Scotland and Northern Ireland word theirs
otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.members.trust.equality.models import NOT_SAID, Option

FIRST = 0
"""The version of what every movement begins with; its own are 1 and on."""


class Question(NamedTuple):
    """A question in one wording."""

    key: str
    version: int
    wording: str
    options: Sequence[Option]
    source: str
    language: str


_GSS = "Government Statistical Service, harmonised standards and guidance: "
_NOT_SAID = Option(NOT_SAID, "Prefer not to say")


def _question(key: str, wording: str, source: str, **options: str) -> Question:
    offered = [Option(option, words) for option, words in options.items()]
    return Question(key, FIRST, wording, [*offered, _NOT_SAID], source, "en")


AT_FIRST: Mapping[str, Question] = {
    question.key: question
    for question in (
        _question("sex", "What is your sex?", f"{_GSS}sex", female="Female", male="Male"),
        _question(
            "long_lasting_condition",
            "Do you have any physical or mental health conditions or illnesses lasting or expected to last for 12 "
            "months or more?",
            f"{_GSS}long-lasting health conditions and illnesses",
            yes="Yes",
            no="No",
        ),
        _question(
            "activity_restriction",
            "Do any of your conditions or illnesses reduce your ability to carry out day-to-day activities?",
            f"{_GSS}activity restriction (disability)",
            a_lot="Yes, a lot",
            a_little="Yes, a little",
            not_at_all="Not at all",
        ),
        _question(
            "ethnic_group",
            "What is your ethnic group?",
            f"{_GSS}ethnicity (England and Wales, broad groups)",
            white="White",
            mixed="Mixed or multiple ethnic groups",
            asian="Asian or Asian British",
            black="Black, Black British, Caribbean or African",
            other="Other ethnic group",
        ),
        _question(
            "religion",
            "What is your religion?",
            f"{_GSS}religion (England and Wales)",
            none="No religion",
            christian="Christian",
            buddhist="Buddhist",
            hindu="Hindu",
            jewish="Jewish",
            muslim="Muslim",
            sikh="Sikh",
            other="Any other religion",
        ),
        _question(
            "sexual_orientation",
            "Which of the following best describes your sexual orientation?",
            f"{_GSS}sexual orientation",
            straight="Straight or heterosexual",
            gay_or_lesbian="Gay or lesbian",
            bisexual="Bisexual",
            other="Other sexual orientation",
        ),
        _question(
            "pay_band",
            "What is your pay band?",
            "NHS Terms and Conditions of Service Handbook (Agenda for Change): pay bands",
            band_1="Band 1",
            band_2="Band 2",
            band_3="Band 3",
            band_4="Band 4",
            band_5="Band 5",
            band_6="Band 6",
            band_7="Band 7",
            band_8_or_9="Band 8 or 9",
            other="Another",
        ),
    )
}
