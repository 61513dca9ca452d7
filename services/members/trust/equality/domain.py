"""Questions are asked in a wording; answers are kept, put right, shown to whom they are about, and forgotten.

Nothing of it is told on the log, and nothing else is decided by it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.named import named
from services.members.trust.equality import pseudonyms, store
from services.members.trust.equality.models import EqualityAnswer, EqualityQuestion, EqualityStop, Option
from services.members.trust.equality.schemas import NewAnswers, NewQuestion, Notice, OwnAnswer, OwnAnswers
from services.members.trust.equality.wording import AT_FIRST, Question
from shared import clock
from shared.errors import Conflict, Fault, Invalid, NotFound

Wordings = Mapping[tuple[str, int], Question]


class Stopped(Conflict):
    """Somebody gave written notice that no answers of theirs are to be kept."""

    code = "equality_answers_stopped"
    title = "This person wants no equality answers kept"


def questions(session: Session, movement: str) -> Sequence[Question]:
    """Each question in the wording that is asked now."""
    newest = {question.key: question for question in wordings(session, movement).values()}
    return [newest[key] for key in sorted(newest)]


def wordings(session: Session, movement: str) -> Wordings:
    """Every wording by question and version, the newest of each question last."""
    own = (_question(row) for row in store.questions(session, movement))
    found = {(question.key, question.version): question for question in AT_FIRST.values()}
    return found | {(question.key, question.version): question for question in own}


def adopt(session: Session, movement: str, said: NewQuestion) -> Question:
    """Ask a question in another wording from now on, or another question. Earlier answers keep theirs."""
    known = [version for key, version in wordings(session, movement) if key == said.key]
    row = EqualityQuestion(
        movement=movement,
        key=said.key,
        version=max(known, default=0) + 1,
        wording=said.wording,
        options=[[option.key, option.words] for option in said.options],
        source=said.source,
        language=said.language,
        adopted_at=clock.now(),
    )
    store.add_question(session, row)
    return _question(row)


def answer(session: Session, movement: str, said: NewAnswers) -> None:
    """Keep what somebody answered. Raises Invalid, and Stopped where they gave notice."""
    found, today = named(session, movement, people={"/person": said.person}), days.today(session, movement)
    asked = wordings(session, movement)
    now = {question.key: question.version for question in asked.values()}
    faults = list(found.faults)
    if said.answered_on is not None and said.answered_on > today:
        faults.append(Fault("/answered_on", "is in the future", "in_the_future"))
    chosen: list[tuple[Question, str]] = []
    for place, each in enumerate(said.answers):
        version = now.get(each.question, 0) if each.version is None else each.version
        question = asked.get((each.question, version))
        if question is None:
            faults.append(Fault(f"/answers/{place}/question", "is no question in that version", "unknown_question"))
        elif each.option not in {option.key for option in question.options}:
            faults.append(Fault(f"/answers/{place}/option", "is none of its options", "unknown_option"))
        else:
            chosen.append((question, each.option))
    if faults:
        raise Invalid(faults=faults)
    _keep(session, movement, found.ids["/person"], chosen, said.answered_on or today)


def stop(session: Session, movement: str, person: str, said: Notice) -> None:
    """Delete somebody's answers, and keep none from now on: Data Protection Act 2018, schedule 1, paragraph 8(4).

    Raises NotFound, and Invalid for a notice of a day to come.
    """
    known_as, today = _known(session, movement, person), days.today(session, movement)
    if said.received_on is not None and said.received_on > today:
        raise Invalid(faults=[Fault("/received_on", "is in the future", "in_the_future")])
    store.forget(session, movement, pseudonyms.of(session, movement, known_as))
    row = EqualityStop(
        movement=movement,
        pseudonym=pseudonyms.newest(session, movement, known_as),
        received_on=said.received_on or today,
        reference=said.reference,
    )
    store.add_stop(session, row)


def resume(session: Session, movement: str, person: str) -> None:
    """They may be asked again, for they took their notice back. Raises NotFound where there is none."""
    known_as = _known(session, movement, person)
    if not store.forget_stops(session, movement, pseudonyms.of(session, movement, known_as)):
        raise NotFound


def withdraw(session: Session, movement: str, person: str) -> None:
    """Delete somebody's answers; they may be asked again. Raises NotFound."""
    known_as = _known(session, movement, person)
    store.forget(session, movement, pseudonyms.of(session, movement, known_as))


def own(session: Session, movement: str, person: str) -> OwnAnswers:
    """All that is kept of somebody, for whom it is about: their access request. Raises NotFound."""
    theirs = pseudonyms.of(session, movement, _known(session, movement, person))
    asked = wordings(session, movement)
    latest = {row.question: row for row in store.answers(session, movement, theirs)}
    stops = [each.received_on for each in store.stops(session, movement, theirs)]
    return OwnAnswers(
        answers=[_own(row, asked[row.question, row.version]) for row in latest.values()],
        stopped_on=max(stops, default=None),
    )


def forget(session: Session, movement: str, ids: Collection[str]) -> int:
    """Delete all that is kept under the pseudonyms of these ids: the person is erased. Answers how many rows it was."""
    theirs = [blinded for blinded, _ in pseudonyms.every(session, movement, ids)]
    return store.forget(session, movement, theirs) + store.forget_stops(session, movement, theirs)


def _keep(session: Session, movement: str, person: str, chosen: Sequence[tuple[Question, str]], on: date) -> None:
    theirs = pseudonyms.of(session, movement, person)
    if store.stops(session, movement, theirs):
        raise Stopped
    pseudonym = pseudonyms.newest(session, movement, person)
    others = [each for each in theirs if each != pseudonym]  # of an older key, or of a record that became theirs
    for question, option in chosen:
        store.forget(session, movement, others, question.key)
        row = EqualityAnswer(
            movement=movement,
            pseudonym=pseudonym,
            question=question.key,
            version=question.version,
            option=option,
            answered_on=on,
        )
        store.put(session, row)


def _known(session: Session, movement: str, person: str) -> str:
    now_known_as = people.present_id(session, movement, person)
    if not people.known(session, movement, [now_known_as]):
        raise NotFound
    return now_known_as


def _question(row: EqualityQuestion) -> Question:
    options = [Option(key, words) for key, words in row.options]
    return Question(row.key, row.version, row.wording, options, row.source, row.language)


def _own(row: EqualityAnswer, question: Question) -> OwnAnswer:
    words = next(option.words for option in question.options if option.key == row.option)
    return OwnAnswer(
        question=row.question,
        version=row.version,
        wording=question.wording,
        option=row.option,
        words=words,
        answered_on=row.answered_on,
    )
