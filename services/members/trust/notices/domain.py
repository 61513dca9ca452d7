"""Keeping notices, and who was given them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.people import store as people
from services.members.trust.notices import store
from services.members.trust.notices.models import GivenNotice, PublishedNotice
from services.members.trust.notices.schemas import Giving, NewNotice
from services.members.trust.notices.store import Given
from shared import clock
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id


class AlreadyPublished(Conflict):
    """This version of the notice is there in this language; another text is another version."""

    code = "already_published"
    title = "There is such a version of the notice"


def publish(session: Session, movement: str, said: NewNotice) -> PublishedNotice:
    """Keep a version of a notice. Raises AlreadyPublished."""
    if store.find(session, movement, said.name, said.version, said.language) is not None:
        raise AlreadyPublished("another text is another version")
    notice = PublishedNotice(
        movement=movement,
        id=new_id("notice"),
        name=said.name,
        version=said.version,
        language=said.language,
        address=said.address,
        published_on=said.published_on or days.today(session, movement),
        recorded_at=clock.now(),
    )
    store.add(session, notice)
    return notice


def give(session: Session, movement: str, person: str, said: Giving, by: str) -> Given:
    """Write down that somebody was given a notice. Raises NotFound and Invalid."""
    now_known_as = _known(session, movement, person)
    notice = said.notice
    today = days.today(session, movement)
    published = store.find(session, movement, notice.name, notice.version, notice.language)
    faults = []
    if published is None:
        faults.append(Fault("/notice", "is no notice that the movement has published", "unknown_notice"))
    if said.given_on is not None and said.given_on > today:
        faults.append(Fault("/given_on", "is in the future", "in_the_future"))
    if published is not None and said.given_on is not None and said.given_on < published.published_on:
        faults.append(Fault("/given_on", "lies before the notice was published", "before_publication"))
    if faults:
        raise Invalid(faults=faults)
    given = GivenNotice(
        movement=movement,
        id=new_id("given"),
        person=now_known_as,
        name=notice.name,
        version=notice.version,
        language=notice.language,
        channel=said.channel,
        given_on=said.given_on or today,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    store.add(session, given)
    return Given(given.id, given.name, given.version, given.language, given.given_on, given.recorded_at)


def given_to(session: Session, movement: str, person: str) -> Sequence[Given]:
    """Every notice that somebody was given. Raises NotFound."""
    return store.given_to(session, movement, _known(session, movement, person))


def _known(session: Session, movement: str, person: str) -> str:
    now_known_as = people.present_id(session, movement, person)
    if not people.known(session, movement, [now_known_as]):
        raise NotFound
    return now_known_as
