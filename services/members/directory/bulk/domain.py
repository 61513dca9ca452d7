"""The verbs of bulk changes: ask for one, and change some of the people."""

from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from services.members.directory.bulk import store
from services.members.directory.bulk.schemas import Deed, NewBulk
from services.members.directory.custom_fields import domain as custom_fields
from services.members.directory.custom_fields.models import Noun
from services.members.directory.people import changes
from services.members.directory.people import store as people
from services.members.directory.people.models import LabelKind, Person
from services.members.directory.people.schemas import PersonChanges
from services.members.directory.segments import domain as segments
from services.members.trust.permissions.models import Channel
from services.members.trust.permissions.verdicts import among
from services.members.trust.purposes.standard import ADMINISTRATION
from shared import clock
from shared.errors import Fault
from shared.jobs import domain as jobs
from shared.jobs.models import Job

KIND = "people_bulk"
_MOST_TAGS = 50


class Done(msgspec.Struct, frozen=True):
    """What some of the people came to."""

    changed: int
    faults: Sequence[Fault]


def ask(session: Session, movement: str, job: str, said: NewBulk) -> Job:
    """Have many people changed. Raises NotFound for an unknown segment, and Invalid for values that do not fit."""
    if said.deed.custom:
        custom_fields.checked(session, movement, Noun.PERSON, said.deed.custom, "/deed/custom")
    ids: Sequence[str] = list(dict.fromkeys(said.people or ()))
    if said.people is None:
        kept = segments.read(session, movement, said.segment or "")
        ids = store.found(session, movement, *segments.resolve(session, movement, kept.filter))
    store.keep(session, movement, job, ids)
    return jobs.ask(session, movement, job, KIND, said.deed.model_dump(mode="json"), total=len(ids))


def change_some(session: Session, movement: str, ids: Sequence[str], first: int, deed: Deed) -> Done:
    """Do it with some of the people, of whom the first one is the ``first`` of them all. One done before is done."""
    now = people.current(session, movement, ids)
    known = people.several(session, movement, set(now.values()))
    permitted = among(session, movement, known, ADMINISTRATION, Channel.RECORD, clock.now())
    changed, faults = 0, []
    for place, given in enumerate(ids, first):
        person = known.get(now[given])
        if person is None:
            faults.append(Fault(f"/people/{place}", "is no person of this movement", "unknown_person"))
            continue
        if person.id not in permitted:
            faults.append(Fault(f"/people/{place}", "does not permit it, or something keeps them out", "not_permitted"))
            continue
        to = _changes(person, deed)
        if to is None:
            continue
        if len(to.tags) > _MOST_TAGS:
            faults.append(Fault(f"/people/{place}", f"has {_MOST_TAGS} tags, and cannot have more", "too_many_tags"))
            continue
        changes.change(session, movement, person.id, to, None)
        changed += 1
    return Done(changed, faults)


def _changes(person: Person, deed: Deed) -> PersonChanges | None:
    """What is to change of the person; None where it is so already."""
    if deed.custom:
        return PersonChanges(custom=deed.custom)
    tags = [label.label for label in person.labels if label.kind == LabelKind.TAG]
    if deed.tag is not None and deed.tag not in tags:
        return PersonChanges.model_construct(_fields_set={"tags"}, tags=[*tags, deed.tag])
    if deed.untag is not None and deed.untag in tags:
        return PersonChanges.model_construct(_fields_set={"tags"}, tags=[tag for tag in tags if tag != deed.untag])
    return None
