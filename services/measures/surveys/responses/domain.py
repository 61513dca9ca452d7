"""The verbs of responses: take what was answered, key it twice, settle where two keyings differ, take it out again."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.measures.instruments.domain import Ages
from services.measures.places import store as places
from services.measures.surveys.asking import domain as asking
from services.measures.surveys.asking import researchers
from services.measures.surveys.asking import store as surveys
from services.measures.surveys.asking.models import Part, Survey, Wave
from services.measures.surveys.responses import store
from services.measures.surveys.responses.checking import Given, faults_of, pair_of
from services.measures.surveys.responses.models import Entry, Mode, Response, ResponseState, differing
from services.measures.surveys.responses.schemas import Keyed, NewResponse
from services.measures.surveys.responses.store import Chosen
from shared import clock, outbox
from shared.db.session import of, seen_by
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from shared.events.measures.surveys import ResponseReceived
from shared.ids import new_id
from shared.partners import answering as partners


class SameKeyer(Conflict):
    """What is keyed twice is keyed by two."""

    code, title = "same_keyer", "Somebody else keys it the second time"


class NotForOrganisations(Forbidden):
    """What people answered stays with the movement that asked; an organisation sees the figures, past the border."""

    code, title = "not_for_organisations", "Answers, and true counts of them, are shown to no organisation"


def key(session: Session, movement: str, said: NewResponse, ages: Ages, pepper: bytes) -> Response:
    """Key what somebody answered on paper or by telephone. Raises NotFound, NotAsking and Invalid."""
    survey, wave = _asked(session, movement, said.survey, said.wave)
    today = partners.today(session, movement)
    wave.refuse_unless_asking(survey, today)
    given = said.given()
    faults = faults_of(survey, given, ages) + _faults_of_place(session, said.place)
    if said.researcher is not None:
        faults += researchers.faults_of(session, movement, survey.id, said.researcher, Part.ASKS, today)
    if faults:
        raise Invalid(faults=faults)
    twice = survey.double_entry and said.mode is Mode.PAPER
    state = ResponseState.KEYED_ONCE if twice else ResponseState.ACCEPTED
    response = new_response(survey, wave, given, said.mode, state, pepper)
    response.place, response.researcher = said.place, said.researcher
    response.keyed_by = of(session).context.actor
    return receive(session, response)


def new_response(survey: Survey, wave: Wave, given: Given, mode: Mode, state: ResponseState, pepper: bytes) -> Response:
    """What somebody answered, which was checked, as a row."""
    now = clock.now()
    return Response(
        movement=survey.movement, id=new_id("response"), survey=survey.id, wave=wave.id, version=1, state=state.value,
        mode=mode.value, language=given.language, age_band=given.age_band and given.age_band.value,
        answered_for=given.answered_for.value, pair=pair_of(pepper, survey, given.code), answers=dict(given.answers),
        created_at=now, updated_at=now,
    )  # fmt: skip


def receive(session: Session, response: Response) -> Response:
    """Enter a response and say that it came."""
    store.add(session, response)
    outbox.record(
        session,
        ResponseReceived(response=response.id, survey=response.survey, wave=response.wave, mode=response.mode),
    )
    return response


def key_again(session: Session, movement: str, id: str, said: Keyed, ages: Ages, pepper: bytes) -> Response:
    """Key a response the second time: it counts where both agree, and is disputed where they differ.

    Raises NotFound, IllegalTransition, SameKeyer and Invalid.
    """
    response = _found(store.get(session, movement, id, locked=True))
    actor = of(session).context.actor
    if response.state == ResponseState.KEYED_ONCE and response.keyed_by == actor:
        raise SameKeyer
    second = _entry(session, response, said, ages, pepper)
    agreed = not differing(response.entry, second)
    response.step(ResponseState.ACCEPTED if agreed else ResponseState.DISPUTED, clock.now())
    response.second, response.second_by = None if agreed else second, actor
    return response


def settle(
    session: Session, movement: str, id: str, said: Keyed, expected: int | None, ages: Ages, pepper: bytes
) -> Response:
    """Settle a disputed response, after a look at the paper. Raises NotFound, PreconditionFailed, IllegalTransition."""
    response = _found(store.get(session, movement, id, locked=True))
    hold_to(response.version, expected)
    entry = _entry(session, response, said, ages, pepper)
    response.step(ResponseState.ACCEPTED, clock.now())
    response.answers, response.age_band = dict(entry["answers"]), entry.get("age_band")
    response.answered_for, response.pair, response.second = entry["answered_for"], entry.get("pair"), None
    return response


def read(session: Session, movement: str, id: str) -> Response:
    """One response. Raises NotFound, NotForOrganisations."""
    refuse_organisations(session)
    return _found(store.get(session, movement, id))


def list_responses(session: Session, movement: str, chosen: Chosen, after: str, limit: int) -> Sequence[Response]:
    """A page of responses. Raises NotForOrganisations."""
    refuse_organisations(session)
    return store.page(session, movement, chosen, after, limit)


def remove(session: Session, movement: str, id: str) -> None:
    """Delete a response. Raises NotFound."""
    store.delete(session, _found(store.get(session, movement, id, locked=True)))


def withdraw(session: Session, movement: str, survey: str, code: str, pepper: bytes) -> int:
    """Delete all that somebody answered in a survey, who tells their code; how many responses. Raises NotFound."""
    pair = pair_of(pepper, asking.read(session, movement, survey), code)
    return store.delete_pair(session, movement, survey, pair or "")


def _entry(session: Session, response: Response, said: Keyed, ages: Ages, pepper: bytes) -> Entry:
    survey = asking.read(session, response.movement, response.survey)
    given = said.given(response.language)
    faults = faults_of(survey, given, ages)
    if faults:
        raise Invalid(faults=faults)
    return Entry(
        answers=given.answers, age_band=given.age_band and given.age_band.value,
        answered_for=given.answered_for.value, pair=pair_of(pepper, survey, given.code),
    )  # fmt: skip


def _asked(session: Session, movement: str, survey: str, wave: str) -> tuple[Survey, Wave]:
    """The survey and its wave that a body names. Raises Invalid."""
    found = surveys.survey(session, movement, survey)
    if found is None:
        raise Invalid(faults=[Fault("/survey", "there is no such survey", "unknown_survey")])
    when = surveys.wave(session, movement, wave)
    if when is None or when.survey != survey:
        raise Invalid(faults=[Fault("/wave", "there is no such wave of this survey", "unknown_wave")])
    return found, when


def _faults_of_place(session: Session, place: str | None) -> list[Fault]:
    if place is None or places.get(session, place) is not None:
        return []
    return [Fault("/place", "no place has this code", "unknown_place")]


def _found(response: Response | None) -> Response:
    if response is None:
        raise NotFound("there is no such response")
    return response


def refuse_organisations(session: Session) -> None:
    """Raise NotForOrganisations where the caller acts for one: true counts and single answers do not leave."""
    if seen_by(session) is not None:
        raise NotForOrganisations
