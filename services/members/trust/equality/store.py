"""Every SQL statement about equality answers: by pseudonym alone."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.trust.equality.models import EqualityAnswer, EqualityQuestion, EqualityStop

_AT_ONCE = 5_000


def add_question(session: Session, question: EqualityQuestion) -> None:
    """Insert a wording."""
    session.add(question)


def questions(session: Session, movement: str) -> Sequence[EqualityQuestion]:
    """Every wording that the movement adopted, the newest of each question last."""
    query = sa.select(EqualityQuestion).where(EqualityQuestion.movement == movement)
    return session.scalars(query.order_by(EqualityQuestion.key, EqualityQuestion.version)).all()


def put(session: Session, answer: EqualityAnswer) -> None:
    """Keep an answer in place of the one before."""
    session.merge(answer)


def answers(session: Session, movement: str, pseudonyms: Collection[bytes]) -> Sequence[EqualityAnswer]:
    """What was answered under these pseudonyms, by question, the latest last."""
    query = sa.select(EqualityAnswer).where(
        EqualityAnswer.movement == movement, EqualityAnswer.pseudonym.in_(pseudonyms)
    )
    return session.scalars(query.order_by(EqualityAnswer.question, EqualityAnswer.answered_on)).all()


def answered(session: Session, movement: str, question: str) -> Iterator[tuple[bytes, str, int]]:
    """Everybody's answer to a question: pseudonym, option, and the day as a number; in slices."""
    query = sa.select(EqualityAnswer.pseudonym, EqualityAnswer.option, EqualityAnswer.answered_on).where(
        EqualityAnswer.movement == movement, EqualityAnswer.question == question
    )
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield row[0], row[1], row[2].toordinal()


def forget(session: Session, movement: str, pseudonyms: Collection[bytes], question: str | None = None) -> int:
    """Delete the answers under these pseudonyms, to one question or to all. Answers how many there were."""
    gone = sa.delete(EqualityAnswer).where(
        EqualityAnswer.movement == movement, EqualityAnswer.pseudonym.in_(pseudonyms)
    )
    if question is not None:
        gone = gone.where(EqualityAnswer.question == question)
    return len(session.execute(gone.returning(EqualityAnswer.question)).all())


def add_stop(session: Session, stop: EqualityStop) -> None:
    """Keep no answers under a pseudonym from now on."""
    session.merge(stop)


def stops(session: Session, movement: str, pseudonyms: Collection[bytes]) -> Sequence[EqualityStop]:
    """The notices that stand under these pseudonyms."""
    query = sa.select(EqualityStop).where(EqualityStop.movement == movement, EqualityStop.pseudonym.in_(pseudonyms))
    return session.scalars(query).all()


def forget_stops(session: Session, movement: str, pseudonyms: Collection[bytes]) -> int:
    """Delete the notices under these pseudonyms. Answers how many there were."""
    gone = sa.delete(EqualityStop).where(EqualityStop.movement == movement, EqualityStop.pseudonym.in_(pseudonyms))
    return len(session.execute(gone.returning(EqualityStop.pseudonym)).all())


def stopped(session: Session, movement: str) -> Sequence[bytes]:
    """The pseudonyms under which notice was given."""
    return session.scalars(sa.select(EqualityStop.pseudonym).where(EqualityStop.movement == movement)).all()
