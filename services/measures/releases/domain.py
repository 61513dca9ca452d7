"""The verbs of releases: draft, check, publish, supersede and withdraw one; read it, and make it again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.disclosure import domain as profiles
from services.measures.disclosure.tables import shown
from services.measures.measures import domain as measures
from services.measures.measures.models import MeasureVersion
from services.measures.periods import NotAPeriod, PeriodType, parse
from services.measures.places import store as places
from services.measures.releases import files, planning, store
from services.measures.releases.models import MADE_PUBLIC, Audience, NotNow, Query, Release, ReleaseStatus
from services.measures.releases.planning import Gathered, Planned, SaidAgain, Verified
from services.measures.releases.schemas import NewRelease, ReleaseChanges
from shared import clock, outbox
from shared.db.session import seen_by
from shared.disclosure import Plan
from shared.editing import hold_to
from shared.errors import AppError, Conflict, Fault, Forbidden, Invalid, NotFound
from shared.events.measures.releases import ReleasePublished, ReleaseSuperseded, ReleaseWithdrawn
from shared.ids import new_id


class CheckAgain(Conflict):
    """Something else of the measure was made public since the check: what readers know is more now."""

    code, title = "check_again", "More of this measure was published since the check; check again"


class NotReproducible(AppError):
    """What the observations and the plan make is not what was published: a fault of ours, and nothing is sent."""

    code, title = "not_reproducible", "This release cannot be made again as it was"


class Made(NamedTuple):
    """A release and one of its files."""

    release: Release
    content: bytes


def draft(session: Session, movement: str, said: NewRelease, default_profile: str) -> Release:
    """Say what is to be published.

    Raises Invalid (`unknown_version`, `unknown_profile`, `unknown_place`, `invalid_period`, `in_the_future`,
    `unknown_release`), NotPublished for a version that is a draft, and Forbidden for an organisation.
    """
    _ours(session)
    try:
        version = measures.published_version(session, movement, said.measure_version)
    except NotFound:
        raise Invalid(faults=[Fault("/measure_version", "is no version that can be read", "unknown_version")]) from None
    faults, now = _faults(session, movement, said, version), clock.now()
    try:
        rule = profiles.newest(session, movement, said.profile or version.profile or default_profile)
    except NotFound:
        raise Invalid(faults=[*faults, Fault("/profile", "is no disclosure profile", "unknown_profile")]) from None
    if faults:
        raise Invalid(faults=faults)
    query = Query(
        places=said.query.places, cells=said.query.cells, first=said.query.first, last=said.query.last,
        reporter=said.query.reporter,
    )  # fmt: skip
    release = Release(
        movement=movement, id=new_id("release"), measure=version.measure, measure_version=version.id,
        audience=said.audience.value, title=said.title, note=said.note, profile=rule.key, profile_number=rule.number,
        query=query, as_of=said.as_of or now, status=ReleaseStatus.DRAFTED.value, supersedes=said.supersedes,
        withdrawn_because="", version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, release)
    return release


def change(session: Session, movement: str, release: str, said: ReleaseChanges, expected: int | None) -> Release:
    """Say otherwise what it is, before it is published. Raises NotFound, NotNow, PreconditionFailed and Invalid."""
    found = _held(session, movement, release, expected)
    if found.status in MADE_PUBLIC:
        raise NotNow(stands=found.status)
    if said.supersedes is not None:
        fault = _fault_of_superseded(session, movement, said.supersedes, found.measure)
        if fault is not None:
            raise Invalid(faults=[fault])
    said.apply(found)
    found.touch(clock.now())
    return found


def drop(session: Session, movement: str, release: str, expected: int | None) -> None:
    """Have it no more; one that was published is withdrawn instead. Raises NotFound, NotNow, PreconditionFailed."""
    found = _held(session, movement, release, expected)
    if found.status in MADE_PUBLIC:
        raise NotNow(stands=found.status)
    store.delete(session, found)


def gather(session: Session, movement: str, release: str) -> Gathered:
    """Read what a check looks at. Raises NotFound, NotNow where it is published already, and TooLarge."""
    _ours(session)
    found = _found(session, movement, release)
    if found.status in MADE_PUBLIC:
        raise NotNow(stands=found.status)
    return planning.gather(session, movement, found)


def check(
    session: Session, movement: str, release: str, gathered: Gathered, plan: Plan, expected: int | None
) -> Release:
    """Keep a plan that withstood the attack, what it shows of each figure, and the hash of every file."""
    found = _held(session, movement, release, expected)
    found.go(ReleaseStatus.CHECKED, clock.now())
    table = replace(gathered.table, hidden=plan.hidden)
    amounts = shown(gathered.figures, table)
    store.clear(session, found)
    store.add_figures(session, found, gathered.figures, amounts)
    found.plan = planning.stored(gathered.figures, table, amounts, len(plan.secondary))
    rows = files.rows(gathered.version, gathered.figures, amounts)
    found.hashes = {name: files.hashed(write(found, rows)) for name, write in files.FORMATS.items()}
    found.checked_after = gathered.after
    return found


def publish(session: Session, movement: str, release: str, expected: int | None) -> Release:
    """Make it public, as the next of its measure. Raises NotFound, NotNow, PreconditionFailed and CheckAgain."""
    measure = _held(session, movement, release, expected).measure
    every = {each.id: each for each in store.lock_of_measure(session, movement, measure)}
    found, now = every[release], clock.now()
    found.go(ReleaseStatus.PUBLISHED, now)
    last = max((each.number or 0 for each in every.values()), default=0)
    if last != found.checked_after:
        raise CheckAgain()
    found.number, found.published_at = last + 1, now
    outbox.record(
        session, ReleasePublished(release=found.id, version=found.measure_version, audience=found.audience)
    )  # fmt: skip
    before = every.get(found.supersedes or "")
    if before is not None:
        before.go(ReleaseStatus.SUPERSEDED, now)
        before.superseded_by = found.id
        outbox.record(session, ReleaseSuperseded(release=before.id, by=found.id))
    return found


def withdraw(session: Session, movement: str, release: str, because: str, expected: int | None) -> Release:
    """Show it no more, and say why. Raises NotFound, NotNow and PreconditionFailed."""
    found = _held(session, movement, release, expected)
    found.go(ReleaseStatus.WITHDRAWN, clock.now())
    found.withdrawn_because = because
    outbox.record(session, ReleaseWithdrawn(release=found.id))
    return found


def read(session: Session, movement: str, release: str) -> Release:
    """One release. Raises NotFound, to an organisation for one that is not published too."""
    return _found(session, movement, release)


def list_releases(
    session: Session, movement: str, *, measure: str | None, status: ReleaseStatus | None, audience: Audience | None,
    updated_since: datetime | None, after: str, limit: int,
) -> Sequence[Release]:  # fmt: skip
    """A page of releases in the order in which they were drafted; an organisation sees those that were published."""
    return store.page(
        session, movement, measure=measure, status=status, audience=audience,
        organisation=seen_by(session) is not None, updated_since=updated_since, after=after, limit=limit,
    )  # fmt: skip


def make(session: Session, movement: str, release: str, name: str) -> Made:
    """One of the files of a release, made again: what was published, byte for byte.

    Raises NotFound, NotNow before its check, and NotReproducible. Of one that was withdrawn the caller says so.
    """
    return _made(session, movement, _found(session, movement, release), name)


def verify(session: Session, movement: str, release: str) -> Verified:
    """The hashes of all files of a release, made again. Raises NotFound, and NotNow before its check."""
    found = _found(session, movement, release)
    made = _again(session, movement, found)
    rows = files.rows(made.version, made.figures, made.amounts)
    return Verified(found, {name: files.hashed(write(found, rows)) for name, write in files.FORMATS.items()})


def read_plan(session: Session, movement: str, release: str) -> Planned:
    """What a release hides. Raises NotFound, and NotNow before its check."""
    found = _found(session, movement, release)
    made = _again(session, movement, found)
    return Planned(found, made.rule, made.figures)


def list_opened(session: Session, movement: str) -> Sequence[Release]:
    """The releases that anybody may read, newest first."""
    return store.opened(session, movement)


def read_opened(session: Session, movement: str, release: str) -> Release:
    """A release that was published to everybody, whatever became of it since. Raises NotFound."""
    found = _found(session, movement, release)
    if found.audience != Audience.PUBLIC or found.status not in MADE_PUBLIC:
        raise NotFound("there is no such release")
    return found


def read_opened_plan(session: Session, movement: str, release: str) -> Planned:
    """What a release that was published to everybody hides. Raises NotFound."""
    return read_plan(session, movement, read_opened(session, movement, release).id)


def make_opened(session: Session, movement: str, release: str, name: str) -> Made:
    """A file of a release that was published to everybody. Raises NotFound and NotReproducible."""
    return _made(session, movement, read_opened(session, movement, release), name)


def _made(session: Session, movement: str, release: Release, name: str) -> Made:
    made = _again(session, movement, release)
    content = files.FORMATS[name](release, files.rows(made.version, made.figures, made.amounts))
    if release.hashes is None or files.hashed(content) != release.hashes[name]:
        raise NotReproducible()
    return Made(release, content)


def _again(session: Session, movement: str, release: Release) -> SaidAgain:
    if release.plan is None:
        raise NotNow(stands=release.status)
    return planning.said_again(session, movement, release)


def _faults(session: Session, movement: str, said: NewRelease, version: MeasureVersion) -> list[Fault]:
    faults = []
    for end in ("first", "last"):
        text = getattr(said.query, end)
        try:
            if text is not None:
                parse(text, PeriodType(version.period_type), version.year_starts)
        except NotAPeriod as error:
            faults.append(Fault(f"/query/{end}", str(error), "invalid_period"))
    known = places.find(session, said.query.places or [])
    faults += [
        Fault(f"/query/places/{number}", "no place has this code", "unknown_place")
        for number, code in enumerate(said.query.places or [])
        if code not in known
    ]
    if said.as_of is not None and said.as_of > clock.now():
        faults.append(Fault("/as_of", "is in the future", "in_the_future"))
    if said.supersedes is not None:
        fault = _fault_of_superseded(session, movement, said.supersedes, version.measure)
        faults += [] if fault is None else [fault]
    return faults


def _fault_of_superseded(session: Session, movement: str, release: str, measure: str) -> Fault | None:
    before = store.find(session, movement, release)
    if before is None or before.measure != measure or before.status != ReleaseStatus.PUBLISHED:
        return Fault("/supersedes", "is no published release of this measure", "unknown_release")
    return None


def _found(session: Session, movement: str, release: str, *, locked: bool = False) -> Release:
    found = store.find(session, movement, release, locked=locked)
    if found is None or (seen_by(session) is not None and found.status not in MADE_PUBLIC):
        raise NotFound("there is no such release")
    return found


def _held(session: Session, movement: str, release: str, expected: int | None) -> Release:
    _ours(session)
    found = _found(session, movement, release, locked=True)
    hold_to(found.version, expected)
    return found


def _ours(session: Session) -> None:
    """Publishing is for whoever runs the movement: an organisation's key sees what is published."""
    if seen_by(session) is not None:
        raise Forbidden("publishing is for whoever runs the movement, not for one organisation's key")
