"""What is set and said about publishing, and the files that are made of what stands at this moment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from services.grants.awards import domain as awards
from services.grants.days import zone
from services.grants.open_data.publishing import store
from services.grants.open_data.publishing.facts import AwardFacts, ContributionFacts, FundFacts
from services.grants.open_data.publishing.grants import (
    Grant,
    Party,
    Publishing,
    given_by,
    grants_on,
    of_award,
    of_contribution,
    of_holding,
    passes_on,
)
from services.grants.open_data.publishing.models import Described, OpenDataSettings, Publication, Treatment
from services.grants.open_data.publishing.schemas import NewPublication, OpenDataChanges
from services.grants.open_data.standard import rules
from services.grants.open_data.standard.packages import CC_BY
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid
from shared.partners.answering import fault_of, present_ids

COMMON_REGRANT = "FRG010"
Subject = Literal["award", "contribution", "fund"]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that stands open: the grants of each funder, by identifier, and what was left out."""

    settings: OpenDataSettings
    funders: Mapping[str, str]
    grants: Mapping[str, Sequence[Grant]]
    withheld: int
    faults: Sequence[tuple[Subject, str, Fault]]
    changed_at: datetime | None


def settings_of(session: Session, movement: str) -> OpenDataSettings:
    """What the movement set; where it set nothing, what then holds, at version 0."""
    return store.find_settings(session, movement) or _unset(movement)


def change_settings(
    session: Session, movement: str, changes: OpenDataChanges, expected: int | None
) -> OpenDataSettings:
    """Say otherwise who publishes, and under which identifiers. Raises Invalid (`unknown_organisation`)."""
    settings = store.settings_for_change(session, movement) or _unset(movement)
    hold_to(settings.version, expected)
    listed = enumerate(changes.organisations or ())
    strangers = [
        fault_of(session, movement, each.organisation, f"/organisations/{at}/organisation") for at, each in listed
    ]
    if found := [fault for fault in strangers if fault is not None]:
        raise Invalid(faults=found)
    plain = changes.model_copy(
        update={"website": str(changes.website)} if changes.website is not None else {},
    )
    plain.apply(settings, *(name for name in OpenDataChanges.model_fields if name != "organisations"))
    if changes.organisations is not None:
        settings.organisations = [
            {"name": each.name, "identifier": each.identifier, "organisation": each.organisation}
            for each in changes.organisations
        ]
    settings.version += 1
    settings.updated_at = clock.now()
    store.save(session, settings)
    return settings


def publication_of(session: Session, movement: str, award_id: str) -> Publication:
    """What is told of an award; where nothing was said, that it is open, at version 0. Raises NotFound."""
    awards.get_award(session, movement, award_id)
    return store.find_publication(session, movement, award_id) or _unsaid(movement, award_id)


def say(session: Session, movement: str, award_id: str, said: NewPublication, expected: int | None) -> Publication:
    """Say what is told of an award. Raises NotFound."""
    publication = publication_of(session, movement, award_id)
    hold_to(publication.version, expected)
    for field, value in dict(said).items():
        setattr(publication, field, value)
    publication.version += 1
    publication.updated_at = clock.now()
    store.save(session, publication)
    return publication


def published(session: Session, movement: str, root: str) -> Published:
    """The grants that stand at this moment, by funder, each without a fault; and the faults of those that are left out.

    ``root`` is the address under which the files stand.
    """
    settings = settings_of(session, movement)
    present, local = present_ids(session, movement), zone(session, movement)
    how = Publishing(by=settings, root=root, zone=local, present=present)
    standing = list(store.given(session, movement))
    given = [award for award in standing if award.treatment is not Treatment.WITHHELD]
    grants: defaultdict[str, list[Grant]] = defaultdict(list)
    funders: dict[str, str] = {}
    faults: list[tuple[Subject, str, Fault]] = []
    for made in _made(how, given, list(store.contributions(session, movement)), store.held(session, movement)):
        found = _faults(settings, made.grant)
        faults += [(made.kind, made.subject, fault) for fault in found]
        name, identifier = made.funder
        if not found and identifier is not None and name is not None:
            grants[identifier].append(made.grant)
            funders[identifier] = name
    return Published(
        settings=settings,
        funders=funders,
        grants=grants,
        withheld=len(standing) - len(given),
        faults=faults,
        changed_at=store.changed_at(session, movement),
    )


class _Made(NamedTuple):
    """A grant, what it was made of, and whose file it belongs in."""

    kind: Subject
    subject: str
    funder: Party
    grant: Grant


def _made(
    how: Publishing,
    given: Sequence[AwardFacts],
    contributions: Sequence[ContributionFacts],
    held: Iterable[FundFacts],
) -> Iterator[_Made]:
    """Every grant: as the money goes, from funders to the grant-maker, on to whoever holds it, and to groups."""
    in_fund: defaultdict[str, set[str]] = defaultdict(set)
    transfers: defaultdict[str, list[str]] = defaultdict(list)
    handed_on: set[str] = set()
    for each in contributions:
        in_fund[each.fund.id].add(each.id)
        if each.funder.casefold() != each.fund.grant_maker.casefold():
            transfers[each.fund.id].append(each.id)
            yield _Made("contribution", each.id, given_by(each, how), of_contribution(each, how))
    for fund in held:
        if passes_on(fund, how):
            grant = of_holding(fund, how, [how.published_as(each) for each in transfers[fund.id]])
            handed_on.add(fund.id)
            yield _Made("fund", fund.id, how.called(fund.grant_maker), grant)
    for award in given:
        known = _known_sources(award, in_fund[award.fund.id])
        came_by = [each for each in transfers[award.fund.id] if each in known]
        if award.fund.id in handed_on:
            came_by = [award.fund.id]
        grant = of_award(award, how, [how.published_as(each) for each in came_by])
        yield _Made("award", award.id, grants_on(award.fund, how), grant)


def _known_sources(award: AwardFacts, in_fund: Set[str]) -> Set[str]:
    """The contributions that an award's money is known to be of: those it was paid of or, before that, the only one."""
    return award.paid_of or (in_fund if len(in_fund) == 1 else frozenset())


def _faults(settings: OpenDataSettings, grant: Grant) -> list[Fault]:
    """What keeps a grant out of the files: of the settings, or by the standard."""
    if settings.prefix is None:
        return [Fault(None, "the settings have no prefix", "prefix_missing")]
    return rules.faults(grant)


def _unset(movement: str) -> OpenDataSettings:
    return OpenDataSettings(
        movement=movement,
        prefix=None,
        publisher=None,
        publisher_identifier=None,
        website=None,
        licence=CC_BY,
        described_by=Described.FUND,
        regrant_type=COMMON_REGRANT,
        organisations=[],
        updated_at=clock.now(),
        version=0,
    )


def _unsaid(movement: str, award_id: str) -> Publication:
    return Publication(
        movement=movement,
        award_id=award_id,
        treatment=Treatment.OPEN,
        reason=None,
        to_individual=False,
        recipient_identifier=None,
        title=None,
        description=None,
        updated_at=clock.now(),
        version=0,
    )
