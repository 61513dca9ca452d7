"""Whose award it is: linked to an organisation, and passed on to whoever answers for it or goes on in its place."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from services.grants.awards import domain as awards
from services.grants.recipients import store
from services.grants.recipients.models import Recipient
from shared import clock, outbox
from shared.editing import hold_to
from shared.events.grants.awards import AwardLinked
from shared.partners.answering import Present, answering_for, present_ids


class Heirs:
    """Who has now what was an organisation's, read at one moment."""

    def __init__(self, present: Present, successors: Mapping[str, Sequence[str]]) -> None:
        self._present = present
        self._successors: dict[str, list[str]] = {}
        for ended, heirs in successors.items():
            known = self._successors.setdefault(present(ended), [])
            known += [present(heir) for heir in heirs if present(heir) not in known]

    def __call__(self, organisation: str) -> tuple[str, Sequence[str]]:
        """Who has it now, and the several between whom that is for a person to say: nobody where it is plain."""
        now, seen = self._present(organisation), set[str]()
        while now not in seen:
            seen.add(now)
            heirs = self._successors.get(now, ())
            if len(heirs) != 1:
                return now, heirs
            now = heirs[0]
        return now, ()


def heirs_of(session: Session, movement: str) -> Heirs:
    """Who has now what was whose, in a movement."""
    return Heirs(present_ids(session, movement), store.successors(session, movement))


def get_recipient(session: Session, movement: str, award_id: str) -> Recipient:
    """Whose award it is. Raises NotFound."""
    award = awards.get_award(session, movement, award_id)
    if award.organisation is None:
        return Recipient(award, None, ())
    return Recipient(award, *heirs_of(session, movement)(award.organisation))


def link(session: Session, movement: str, award_id: str, organisation: str | None, expected: int | None) -> Recipient:
    """Say which organisation the group of an award is, or (None) that it is none.

    Raises NotFound, PreconditionFailed, and Invalid (`unknown_organisation`).
    """
    award = awards.for_change(session, movement, award_id)
    hold_to(award.version, expected)
    if organisation is not None:
        organisation = answering_for(session, movement, organisation, "/organisation")
    award.organisation = organisation
    award.changed(clock.now())
    outbox.record(session, AwardLinked(award=award.id, organisation=organisation))
    session.flush()
    return get_recipient(session, movement, award_id)


def linked_to(session: Session, movement: str, organisation: str) -> Sequence[str]:
    """The ids by which awards may name what is an organisation's now: its own, and those that it went on from."""
    heirs = heirs_of(session, movement)
    wanted, _ = heirs(organisation)
    return [each for each in store.named(session, movement) if heirs(each)[0] == wanted]
