"""What a wave's answers come to, whether two waves differ, and the figures that measures take from them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.measures.surveys.asking import domain as asking
from services.measures.surveys.asking.models import Survey, Wave
from services.measures.surveys.responses import store
from services.measures.surveys.responses.domain import refuse_organisations
from services.measures.surveys.responses.models import Response, ResponseState, Who
from services.measures.surveys.results.change import Change, Coded, change
from services.measures.surveys.results.tally import Tally, read
from shared.errors import Conflict, Fault, Invalid, NotFound


class NotPaired(Conflict):
    """The survey is anonymous: nobody's answers in two waves can be joined."""

    code, title = "not_paired", "This survey does not join what people answer in two waves"


_MOST_WAVES = 1000


@dataclass(frozen=True, slots=True)
class Compared:
    """Two waves of a survey, and what changed between them; ``base`` is of how many people change is shown."""

    survey: Survey
    earlier: Wave
    later: Wave
    change: Change
    base: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a wave's answers come to: people's own, and apart from them what was answered for somebody else.

    ``waiting`` are keyed once, or disputed, and in neither.
    """

    survey: Survey
    wave: Wave
    people: Tally
    proxies: Tally
    waiting: int
    modes: Mapping[str, int]


def results(session: Session, movement: str, survey: str, wave: str) -> Results:
    """Add a wave up. Raises NotFound, NotForOrganisations."""
    refuse_organisations(session)
    found, when = asking.read(session, movement, survey), asking.read_wave(session, movement, survey, wave)
    asked = found.questionnaire
    people, proxies, waiting = Tally(asked), Tally(asked), 0
    modes: Counter[str] = Counter()
    for response in store.of_wave(session, movement, wave):
        if response.state != ResponseState.ACCEPTED:
            waiting += 1
            continue
        modes[response.mode] += 1
        group = people if response.answered_for == Who.SELF else proxies
        group.take(read(asked, response.answers))
    return Results(found, when, people, proxies, waiting, modes)


def changed(
    session: Session, movement: str, survey: str, earlier: str | None, later: str | None, base: int
) -> Compared:
    """How those who answered both times changed between two waves: the first and the last, where none are named.

    Raises NotFound, Invalid, NotPaired, NotForOrganisations.
    """
    refuse_organisations(session)
    found = asking.read(session, movement, survey)
    waves = {wave.id: wave for wave in asking.list_waves(session, movement, survey, 0, _MOST_WAVES)}
    before, after = earlier or next(iter(waves), ""), later or next(reversed(waves), "")
    if not {before, after} <= waves.keys():
        raise NotFound("there is no such wave of this survey")
    if before == after:
        raise Invalid(faults=[Fault("?later", "is the same wave", "same_wave")])
    if not found.paired:
        raise NotPaired
    tested = change(found.questionnaire, _coded(session, found, before), _coded(session, found, after), base)
    return Compared(found, waves[before], waves[after], tested, base)


def own_answers(session: Session, movement: str, wave: str) -> Iterator[Response]:
    """The responses of a wave that count, and that people gave for themselves."""
    for response in store.of_wave(session, movement, wave):
        if response.state == ResponseState.ACCEPTED and response.answered_for == Who.SELF:
            yield response


def by_place(session: Session, survey: Survey, wave: Wave, elsewhere: str | None) -> tuple[dict[str, Tally], int]:
    """People's own answers in a wave, added up by place; and how many are left out, for they are of none.

    What is of no place counts for `elsewhere`, if that is given.
    """
    asked = survey.questionnaire
    tallies: defaultdict[str, Tally] = defaultdict(lambda: Tally(asked))
    without_place = 0
    for response in own_answers(session, survey.movement, wave.id):
        place = response.place or elsewhere
        if place is None:
            without_place += 1
        else:
            tallies[place].take(read(asked, response.answers))
    return dict(tallies), without_place


def _coded(session: Session, survey: Survey, wave: str) -> Coded:
    asked = survey.questionnaire
    for response in own_answers(session, survey.movement, wave):
        yield response.pair, read(asked, response.answers)
