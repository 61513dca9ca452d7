"""The verbs of links: make one, revoke it, look where it leads, take what is answered there."""

import hmac
import secrets as random
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.instruments.domain import Ages
from services.measures.places import store as places
from services.measures.surveys.answering import store
from services.measures.surveys.answering.models import Link
from services.measures.surveys.answering.schemas import NewLink
from services.measures.surveys.asking import domain as asking
from services.measures.surveys.asking import store as surveys
from services.measures.surveys.asking.models import NotAsking, Survey, Wave
from services.measures.surveys.responses import domain as responses
from services.measures.surveys.responses import store as received
from services.measures.surveys.responses.checking import Given, faults_of
from services.measures.surveys.responses.models import Mode, ResponseState
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id
from shared.partners import answering as partners


class LinkOver(NotAsking):
    """The link was revoked, has expired, or was answered as often as it may be."""

    code, title = "link_over", "This link is not in use any more"


class Led(NamedTuple):
    """Where a link leads, on a day of the movement's."""

    link: Link
    survey: Survey
    wave: Wave
    today: date

    def refuse_unless_asking(self) -> None:
        """Raise LinkOver or NotAsking where nothing is asked there today."""
        if not self.link.leads_on(self.today):
            raise LinkOver(state="over")
        self.wave.refuse_unless_asking(self.survey, self.today)


def new_secret() -> str:
    """The secret in the address of a link: 256 bits, of which nobody guesses one."""
    return random.token_urlsafe(32)


def make(session: Session, movement: str, survey: str, said: NewLink, secret: str, pepper: bytes) -> Link:
    """Make a link to a wave. Raises NotFound and Invalid."""
    asking.read(session, movement, survey)
    wave = surveys.wave(session, movement, said.wave)
    faults = []
    if wave is None or wave.survey != survey:
        faults.append(Fault("/wave", "there is no such wave of this survey", "unknown_wave"))
    if said.place is not None and places.get(session, said.place) is None:
        faults.append(Fault("/place", "no place has this code", "unknown_place"))
    if faults:
        raise Invalid(faults=faults)
    now = clock.now()
    link = Link(
        movement=movement, id=new_id("surveylink"), survey=survey, wave=said.wave, version=1, name=said.name,
        digest=_digest(pepper, secret), place=said.place, most=said.most, taken=0, expires_on=said.expires_on,
        created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, link)
    return link


def revoke(session: Session, movement: str, survey: str, id: str, expected: int | None) -> Link:
    """Revoke a link: from now on it leads nowhere. What was answered there stays. Raises NotFound."""
    link = _of_survey(store.get(session, movement, id, locked=True), survey)
    hold_to(link.version, expected)
    if link.revoked_at is None:
        link.revoked_at = link.updated_at = clock.now()
        link.version += 1
    return link


def read(session: Session, movement: str, survey: str, id: str) -> Link:
    """One link. Raises NotFound."""
    return _of_survey(store.get(session, movement, id), survey)


def list_links(session: Session, movement: str, survey: str, after: str, limit: int) -> Sequence[Link]:
    """A survey's links. Raises NotFound."""
    asking.read(session, movement, survey)
    return store.page(session, movement, survey, after, limit)


def led_by(session: Session, movement: str, secret: str, pepper: bytes) -> Led:
    """Where the link with this secret leads. Raises NotFound."""
    return _led(session, movement, store.by_digest(session, movement, _digest(pepper, secret)))


def answer(session: Session, movement: str, secret: str, given: Given, once: str, ages: Ages, pepper: bytes) -> Led:
    """Take what somebody answered; the same page sent twice is taken once. Raises LinkOver, NotAsking, Invalid."""
    led = _led(session, movement, store.by_digest(session, movement, _digest(pepper, secret), locked=True))
    link, survey, wave, _ = led
    # An invitation is of one person, and is not joined to what they answer: that they did is all that it tells.
    joined = None if link.most == 1 else link.id
    sent = _sent(secret, once)
    if received.sent_before(session, movement, joined, sent):
        return led
    led.refuse_unless_asking()
    faults = faults_of(survey, given, ages)
    if faults:
        raise Invalid(faults=faults)
    response = responses.new_response(survey, wave, given, Mode.LINK, ResponseState.ACCEPTED, pepper)
    response.link, response.place, response.once = joined, link.place, sent
    responses.receive(session, response)
    link.taken += 1
    return led


def _led(session: Session, movement: str, link: Link | None) -> Led:
    if link is None:
        raise NotFound("there is no such link")
    survey = surveys.survey(session, movement, link.survey)
    wave = surveys.wave(session, movement, link.wave)
    if survey is None or wave is None:
        raise LookupError("a link leads to a survey that is not there")
    return Led(link, survey, wave, partners.today(session, movement))


def _of_survey(link: Link | None, survey: str) -> Link:
    if link is None or link.survey != survey:
        raise NotFound("there is no such link of this survey")
    return link


def _sent(secret: str, once: str) -> str:
    """What a page that was sent is known by; whoever has not the link's secret cannot tell of which link it is."""
    return hmac.digest(secret.encode(), once.encode(), sha256).hex()


def _digest(pepper: bytes, secret: str) -> str:
    return hmac.digest(pepper, f"survey link\n{secret}".encode(), sha256).hex()
