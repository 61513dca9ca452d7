"""The verbs of settings of care: entered with their aliases, which the movement and the setting's controller see."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community.connections import matching
from services.members.community.connections.matching import FreeTime, Match, Wish
from services.members.community.geography import district
from services.members.named import named, organisation_now
from services.members.trust.care import store
from services.members.trust.care.models import LIFECYCLE, Alias, AliasState, AliasTaken, Setting
from services.members.trust.care.schemas import AliasChanges, GoodTimes, NewAlias, NewSetting, SettingChanges
from shared import clock
from shared.db.session import seen_by
from shared.editing import hold_to
from shared.errors import Invalid, NotFound
from shared.ids import new_id

_MOST_SUGGESTED = 20


def enter(session: Session, movement: str, said: NewSetting) -> Setting:
    """Enter a setting. Raises Invalid, and NotFound where the caller acts for another organisation."""
    found = named(session, movement, organisations={"/organisation": said.organisation})
    if found.faults:
        raise Invalid(faults=found.faults)
    at = clock.now()
    setting = Setting(
        movement=movement, id=new_id("setting"), version=1, kind=said.kind, name=said.name,
        organisation=found.ids["/organisation"], jurisdiction=said.jurisdiction, postcode=said.postcode,
        created_at=at, updated_at=at,
    )  # fmt: skip
    _hold_to_controller(session, movement, setting)
    store.add(session, setting)
    return setting


def change(session: Session, movement: str, id: str, said: SettingChanges, expected: int | None) -> Setting:
    """Change what is sent. Raises NotFound and PreconditionFailed."""
    setting = seen(session, movement, id, locked=True)
    hold_to(setting.version, expected)
    said.apply(setting)
    setting.changed(clock.now())
    return setting


def read(session: Session, movement: str, id: str) -> Setting:
    """One setting. Raises NotFound, also for whoever acts for an organisation that is not its controller."""
    return seen(session, movement, id)


def list_settings(
    session: Session,
    movement: str,
    *,
    organisation: str | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Setting]:
    """Settings in the order in which they were entered; an organisation sees its own."""
    wanted, own = (organisation_now(session, movement, each) for each in (organisation, seen_by(session)))
    if own is not None and wanted not in (None, own):
        return ()
    return store.list_settings(
        session, movement, organisation=own or wanted, updated_since=updated_since, after=after, limit=limit
    )


def enter_alias(session: Session, movement: str, setting: str, said: NewAlias) -> Alias:
    """Enter somebody by an alias. Raises NotFound and AliasTaken."""
    seen(session, movement, setting, locked=True)
    _free(session, movement, setting, said.alias)
    at = clock.now()
    alias = Alias(
        movement=movement, id=new_id("alias"), version=1, setting=setting, alias=said.alias,
        interests=said.interests, times=_stored(said.good_times), state=AliasState.OPEN, consulted=[],
        created_at=at, updated_at=at,
    )  # fmt: skip
    store.add(session, alias)
    return alias


def change_alias(
    session: Session, movement: str, setting: str, id: str, said: AliasChanges, expected: int | None
) -> Alias:
    """Change what is sent. Raises NotFound, PreconditionFailed, AliasTaken, and IllegalTransition unless it is open."""
    alias = held(session, movement, setting, id, expected)
    if alias.state != AliasState.OPEN:
        LIFECYCLE.step(alias.state, AliasState.OPEN)
    if said.alias is not None and said.alias != alias.alias:
        _free(session, movement, setting, said.alias)
    said.apply(alias, "alias", "interests")
    if said.good_times is not None:
        alias.times = _stored(said.good_times)
    alias.changed(clock.now())
    return alias


def withdraw(session: Session, movement: str, setting: str, id: str, expected: int | None) -> Alias:
    """Forget what was known under an alias. Raises NotFound, PreconditionFailed and IllegalTransition."""
    alias = held(session, movement, setting, id, expected)
    alias.withdraw(clock.now())
    return alias


def read_alias(session: Session, movement: str, setting: str, id: str) -> Alias:
    """One alias. Raises NotFound."""
    seen(session, movement, setting)
    return _found(store.find_alias(session, movement, setting, id))


def list_aliases(
    session: Session,
    movement: str,
    setting: str,
    *,
    state: AliasState | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Alias]:
    """The aliases of a setting. Raises NotFound."""
    seen(session, movement, setting)
    return store.list_aliases(
        session, movement, setting, state=state, updated_since=updated_since, after=after, limit=limit
    )


def suggest(session: Session, movement: str, setting: str, id: str) -> Sequence[Match]:
    """What of the map fits somebody by interests and good times, near the setting: the best first. Raises NotFound."""
    where = seen(session, movement, setting)
    alias = _found(store.find_alias(session, movement, setting, id))
    wish = Wish(
        interests=frozenset(alias.interests),
        free=[FreeTime(str(each["day"]), each["starts"], each["ends"]) for each in alias.times],
        point=None,
        within_m=None,
        district=None if where.postcode is None else district(where.postcode),
        area=None,
        languages=frozenset(),
        access=frozenset(),
    )
    return matching.matches(wish, store.candidates(session, movement, alias.interests))[:_MOST_SUGGESTED]


def seen(session: Session, movement: str, id: str, *, locked: bool = False) -> Setting:
    """The setting, perhaps locked. Raises NotFound, also for whoever acts for another organisation."""
    setting = store.find(session, movement, id, locked=locked)
    if setting is None:
        raise NotFound
    _hold_to_controller(session, movement, setting)
    return setting


def held(session: Session, movement: str, setting: str, id: str, expected: int | None) -> Alias:
    """The alias, locked, at the version that the caller read. Raises NotFound and PreconditionFailed."""
    seen(session, movement, setting)
    alias = _found(store.find_alias(session, movement, setting, id, locked=True))
    hold_to(alias.version, expected)
    return alias


def _hold_to_controller(session: Session, movement: str, setting: Setting) -> None:
    """Raise NotFound for whoever acts for an organisation that is not the controller of the setting's people."""
    own = organisation_now(session, movement, seen_by(session))
    if own not in (None, setting.organisation):
        raise NotFound


def _free(session: Session, movement: str, setting: str, word: str) -> None:
    taken = store.called(session, movement, setting, word)
    if taken is not None:
        raise AliasTaken(alias=taken)


def _stored(times: GoodTimes) -> list[dict[str, str | None]]:
    return [{"day": each.day, "starts": each.starts, "ends": each.ends} for each in times]


def _found(alias: Alias | None) -> Alias:
    if alias is None:
        raise NotFound
    return alias
