"""The verbs of wins: noted, changed, shared and shared no longer."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store as programmes
from services.members.life.whose import Whom
from services.members.life.wins import store
from services.members.life.wins.models import Win, WinMaker
from services.members.life.wins.schemas import NewWin, Sharing, WinChanges
from services.members.life.wins.store import Chosen
from services.members.named import by_present_ids, named
from services.members.trust.permissions.domain import NotPermitted
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from services.members.trust.safeguarding.keep_apart.store import apart_among
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.wins import WinNoted, WinShared, WinUnshared
from shared.ids import new_id


class Shown(NamedTuple):
    """A win, who made it happen, and whether it may be shown to everybody at this moment."""

    win: Win
    makers: Sequence[WinMaker]
    shared: bool


def note(session: Session, movement: str, said: NewWin) -> Shown:
    """Note a win. Raises Invalid, NotAvailable."""
    at, win_id = clock.now(), new_id("win")
    makers = _makers(session, movement, win_id, said.made_by, _faults(session, movement, said))
    win = Win(
        movement=movement,
        id=win_id,
        version=1,
        what=said.what,
        happened_on=said.happened_on or days.today(session, movement),
        area=said.area,
        programme=said.programme,
        created_at=at,
        updated_at=at,
    )
    store.add(session, win, makers)
    outbox.record(session, WinNoted(win=win_id))
    return read(session, movement, win_id)


def change(session: Session, movement: str, id: str, said: WinChanges, expected: int | None) -> Shown:
    """Change what is noted. Raises NotFound, PreconditionFailed, Invalid, NotAvailable."""
    win, at = _held(session, movement, id, expected), clock.now()
    faults = _faults(session, movement, said)
    if said.made_by is not None:
        store.put_makers(session, movement, id, _makers(session, movement, id, said.made_by, faults))
    elif faults:
        raise Invalid(faults=faults)
    said.apply(win, "what", "happened_on", "area", "programme")
    if win.shared_at is not None and not said.model_fields_set.isdisjoint({"what", "made_by"}):
        _unshare(session, win)
    else:
        win.changed(at)
    return read(session, movement, id)


def share(session: Session, movement: str, id: str, said: Sharing, expected: int | None) -> Shown:
    """Let a win be shown to everybody, as long as each person in it allows that.

    Raises NotFound, PreconditionFailed, SharedAlready, NotPermitted and Invalid.
    """
    win = _held(session, movement, id, expected)
    win.share(said.agreed_by, clock.now())
    others = [maker for maker in store.everybody_in(session, movement, id) if maker.person is None]
    if others and said.agreed_by is None:
        reason = "is needed: who agreed to it for those who do not say so themselves"
        raise Invalid(faults=[Fault("/agreed_by", reason, "missing")])
    if not store.may_be_named(session, movement, id):
        raise NotPermitted
    outbox.record(session, WinShared(win=id))
    return read(session, movement, id)


def unshare(session: Session, movement: str, id: str, expected: int | None) -> Shown:
    """Let a win be shared no longer. Raises NotFound, PreconditionFailed, NotShared."""
    _unshare(session, _held(session, movement, id, expected))
    return read(session, movement, id)


def read(session: Session, movement: str, id: str) -> Shown:
    """One win. Raises NotFound."""
    session.flush()
    win = _found(store.find(session, movement, id))
    return _shown(session, movement, [win])[0]


def list_wins(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Shown]:
    """Wins in the order in which they were noted; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person",), organisations=("organisation",))
    return _shown(session, movement, store.list_wins(session, movement, chosen=chosen, after=after, limit=limit))


def _shown(session: Session, movement: str, wins: Sequence[Win]) -> list[Shown]:
    ids = [win.id for win in wins]
    made: defaultdict[str, list[WinMaker]] = defaultdict(list)
    for maker in store.makers(session, movement, ids):
        made[maker.win].append(maker)
    shared = store.shown_now(session, movement, ids)
    return [Shown(win, _side_by_side(session, movement, made[win.id]), win.id in shared) for win in wins]


def _side_by_side(session: Session, movement: str, makers: Sequence[WinMaker]) -> Sequence[WinMaker]:
    """Those who may be named beside one another: who is kept apart by now is not."""
    people = {maker.person for maker in makers if maker.person is not None}
    apart = apart_among(session, movement, people) if len(people) > 1 else frozenset()
    return [maker for maker in makers if maker.person not in apart]


def _makers(session: Session, movement: str, win: str, said: Sequence[Whom], faults: Sequence[Fault]) -> list[WinMaker]:
    """Who made it happen, by the ids that they have now. Raises Invalid, and NotAvailable for who is kept apart."""
    found = named(
        session,
        movement,
        people={f"/made_by/{place}/person": each.person for place, each in enumerate(said)},
        organisations={f"/made_by/{place}/organisation": each.organisation for place, each in enumerate(said)},
    )
    if every := [*faults, *found.faults]:
        raise Invalid(faults=every)
    whose = {
        (found.at(f"/made_by/{place}/person"), found.at(f"/made_by/{place}/organisation"), each.words): None
        for place, each in enumerate(said)  # who is named by two ids had one part
    }
    people = {person for person, _, _ in whose if person is not None}
    if not all(may_join(session, movement, person, people - {person}) for person in people):
        raise NotAvailable
    at = clock.now()
    return [
        WinMaker(
            movement=movement,
            id=new_id("maker"),
            win=win,
            person=person,
            organisation=organisation,
            words=words,
            created_at=at,
        )
        for person, organisation, words in whose
    ]


def _faults(session: Session, movement: str, said: NewWin | WinChanges) -> list[Fault]:
    faults: list[Fault] = []
    if said.happened_on is not None and said.happened_on > days.today(session, movement):
        faults.append(Fault("/happened_on", "is still to come", "in_the_future"))
    if said.programme is not None and programmes.find(session, movement, said.programme) is None:
        faults.append(Fault("/programme", "is no programme of this movement", "unknown_programme"))
    return faults


def _unshare(session: Session, win: Win) -> None:
    win.unshare(clock.now())
    outbox.record(session, WinUnshared(win=win.id))


def _held(session: Session, movement: str, id: str, expected: int | None) -> Win:
    win = _found(store.find(session, movement, id, locked=True))
    hold_to(win.version, expected)
    return win


def _found(win: Win | None) -> Win:
    if win is None:
        raise NotFound
    return win
