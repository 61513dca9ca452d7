"""Whether what somebody answered can be taken: every fault by its place, and the code that joins two waves. Pure."""

import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from services.measures.instruments.domain import Ages, faults_of_age
from services.measures.instruments.questions import Sent, faults_in
from services.measures.surveys.asking.models import Survey
from services.measures.surveys.responses.models import AgeBand, Who
from shared.errors import Fault

SHORTEST_CODE = 4
"""Letters and digits below which a code would be many people's."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered, as it came."""

    language: str
    answers: Mapping[str, Sent]
    age_band: AgeBand | None = None
    answered_for: Who = Who.SELF
    code: str | None = None


def faults_of(survey: Survey, given: Given, ages: Ages) -> list[Fault]:
    """Everything for which it cannot be taken."""
    asked = survey.questionnaire
    found = faults_in(asked.questions.values(), given.answers, pointer="/answers")
    if given.language not in survey.texts:
        found.append(Fault("/language", "the survey has no words in this language", "unknown_language"))
    youngest, oldest = (None, None) if given.age_band is None else given.age_band.years
    of_age = [fault for used in asked.instruments for fault in faults_of_age(used.instrument, youngest, oldest, ages)]
    found += [Fault("/age_band", fault.reason, fault.code) for fault in of_age[:1]]
    if given.answered_for is not Who.SELF and not survey.proxies:
        found.append(Fault("/answered_for", "nobody answers this survey for somebody else", "no_proxies"))
    if given.code is not None and not survey.paired:
        found.append(Fault("/code", "this survey is anonymous, and takes no code", "anonymous"))
    elif given.code is not None and len(_plain(given.code)) < SHORTEST_CODE:
        found.append(Fault("/code", f"has fewer than {SHORTEST_CODE} letters and digits", "short_code"))
    return found


def pair_of(pepper: bytes, survey: Survey, code: str | None) -> str | None:
    """What stands for somebody's own code in a survey: a keyed hash (HMAC-SHA-256), the same however it was written.

    Codes are short and could be tried one by one: without the key that tells nothing, and in another survey the same
    code is another.
    """
    if code is None:
        return None
    return hmac.digest(pepper, f"survey pair\n{survey.movement}\n{survey.id}\n{_plain(code)}".encode(), sha256).hex()


def _plain(code: str) -> str:
    """Its letters and digits, without accents, in one case."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", code).casefold() if mark.isalnum())
