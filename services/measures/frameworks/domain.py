"""The verbs of frameworks: make one, change it into its next version, and read any version of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.frameworks import content, graphs, store
from services.measures.frameworks.content import Content, Kind
from services.measures.frameworks.models import Framework, FrameworkVersion
from services.measures.frameworks.standard import Standard, standard
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.measures.frameworks import FrameworkChanged
from shared.ids import new_id

FIRST = 1


class FrameworkKeyTaken(Conflict):
    """Another framework of the movement, or one that all movements begin with, has that key."""

    code, title = "key_taken", "Another framework has this key"


class Shown(NamedTuple):
    """A version of a framework. `changed_at` is None while it is as it came with the software."""

    key: str
    kind: Kind
    version: int
    content: Content
    changed_at: datetime | None

    @property
    def standard(self) -> bool:
        """Whether all movements begin with it."""
        return self.key in standard()


def make(session: Session, movement: str, key: str, kind: Kind, said: Content) -> Shown:
    """Make a framework of the movement's own. Raises FrameworkKeyTaken and Invalid."""
    _refuse(session, movement, kind, said)
    if key in standard() or not _enter(session, movement, key, kind, said):
        raise FrameworkKeyTaken()
    return _tell(session, _held(session, movement, key), said)


def change(
    session: Session, movement: str, key: str, changed: Callable[[Content], Content], expected: int | None
) -> Shown:
    """Give a framework its next version, made from what it says by now. Earlier versions stay.

    Raises NotFound, PreconditionFailed and Invalid.
    """
    take_over(session, movement, key)
    framework = _held(session, movement, key)
    hold_to(framework.version, expected)
    said = changed(_version(session, movement, key, framework.version).content)
    _refuse(session, movement, Kind(framework.kind), said)
    framework.version, framework.updated_at = framework.version + 1, clock.now()
    _write(session, framework, said)
    return _tell(session, framework, said)


def take_over(session: Session, movement: str, key: str) -> None:
    """Write down a standard framework as it is, where it is not: something of the movement is going to hang on it."""
    given = standard().get(key)
    if given is not None:
        _enter(session, movement, key, given.kind, given.content)


def read(session: Session, movement: str, key: str, version: int | None = None) -> Shown:
    """A framework as it is now, or was in a version. Raises NotFound."""
    framework = store.get(session, movement, key)
    if framework is None:
        given = standard().get(key)
        if given is None or version not in (None, FIRST):
            raise NotFound("there is no such framework")
        return _given(key, given)
    return _shown(framework, _version(session, movement, key, framework.version if version is None else version))


def elements(session: Session, movement: str, key: str) -> frozenset[str] | None:
    """The keys of a framework's elements; None where there is no such framework."""
    try:
        return frozenset(element.key for element in read(session, movement, key).content.elements)
    except NotFound:
        return None


def list_frameworks(session: Session, movement: str, after: str, limit: int) -> Sequence[Shown]:
    """The movement's own frameworks, and the standard ones that it has left as they are, by key."""
    own = [
        _shown(each, _version(session, movement, each.key, each.version))
        for each in store.page(session, movement, after=after, limit=limit)
    ]
    changed = store.keys(session, movement, list(standard()))
    left = [_given(key, given) for key, given in standard().items() if key > after and key not in changed]
    return sorted([*own, *left], key=lambda shown: shown.key)[:limit]


def list_versions(session: Session, movement: str, key: str, after: int, limit: int) -> Sequence[Shown]:
    """The versions of a framework by number. Raises NotFound."""
    framework = store.get(session, movement, key)
    if framework is None:
        return [read(session, movement, key)] if after < FIRST else []
    return [_shown(framework, each) for each in store.versions(session, movement, key, after=after, limit=limit)]


def _refuse(session: Session, movement: str, kind: Kind, said: Content) -> None:
    """Raise Invalid, with everything that is wrong."""
    found = [*content.faults(kind, said), *graphs.faults(kind, said)]
    known = store.known_measures(session, movement, {each for element in said.elements for each in element.measures})
    for at, element in enumerate(said.elements):
        for place, measure in enumerate(element.measures):
            if measure not in known:
                found.append(
                    Fault(f"/elements/{at}/measures/{place}", "is no measure of this movement", "unknown_measure")
                )
    if found:
        raise Invalid(faults=found)


def _enter(session: Session, movement: str, key: str, kind: Kind, said: Content) -> bool:
    """Write a framework and its first version. False where the movement has it already."""
    at = clock.now()
    new = store.insert(
        session, movement, key=key, id=new_id("framework"), kind=kind.value, version=FIRST, created_at=at, updated_at=at
    )
    if new:
        _write(session, _held(session, movement, key), said)
    return new


def _write(session: Session, framework: Framework, said: Content) -> None:
    version = FrameworkVersion(
        movement=framework.movement, framework=framework.key, version=framework.version, document=said.document(),
        actor=of(session).context.actor, created_at=framework.updated_at,
    )  # fmt: skip
    store.add_version(session, version)


def _tell(session: Session, framework: Framework, said: Content) -> Shown:
    outbox.record(session, FrameworkChanged(framework=framework.id, name=framework.key, version=framework.version))
    return Shown(framework.key, Kind(framework.kind), framework.version, said, framework.updated_at)


def _held(session: Session, movement: str, key: str) -> Framework:
    framework = store.lock(session, movement, key)
    if framework is None:
        raise NotFound("there is no such framework")
    return framework


def _version(session: Session, movement: str, key: str, version: int) -> FrameworkVersion:
    found = store.get_version(session, movement, key, version)
    if found is None:
        raise NotFound("there is no such version of this framework")
    return found


def _shown(framework: Framework, version: FrameworkVersion) -> Shown:
    as_given = framework.key in standard() and version.version == FIRST
    changed_at = None if as_given else version.created_at
    return Shown(framework.key, Kind(framework.kind), version.version, version.content, changed_at)


def _given(key: str, given: Standard) -> Shown:
    return Shown(key, given.kind, FIRST, given.content, None)
