"""What is set and said about publishing, and the files that are made of what stands at this moment."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy.orm import Session

from services.grants.awards import domain as awards
from services.grants.days import zone
from services.grants.open_data.publishing import store
from services.grants.open_data.publishing.grants import (
    AwardFacts,
    ContributionFacts,
    Grant,
    Publishing,
    of_award,
    of_contribution,
    transfer_id,
)
from services.grants.open_data.publishing.models import Described, OpenDataSettings, Publication, Treatment
from services.grants.open_data.publishing.schemas import NewPublication, OpenDataChanges
from services.grants.open_data.standard import rules
from services.grants.open_data.standard.packages import CC_BY
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault

COMMON_REGRANT = "FRG010"
Subject = Literal["award", "contribution"]


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
    """Say otherwise who publishes, and under which identifiers."""
    settings = store.settings_for_change(session, movement) or _unset(movement)
    hold_to(settings.version, expected)
    plain = changes.model_copy(
        update={"website": str(changes.website)} if changes.website is not None else {},
    )
    plain.apply(settings, *(name for name in OpenDataChanges.model_fields if name != "organisations"))
    if changes.organisations is not None:
        settings.organisations = [{"name": each.name, "identifier": each.identifier} for each in changes.organisations]
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
    how = Publishing(by=settings, root=root, zone=zone(session, movement))
    open_awards = list(store.given(session, movement))
    given = [award for award in open_awards if award.treatment is not Treatment.WITHHELD]
    passed_on = [each for each in store.contributions(session, movement) if each.funder != each.grant_maker]
    made = _made(how, given, passed_on)
    grants: defaultdict[str, list[Grant]] = defaultdict(list)
    funders: dict[str, str] = {}
    faults: list[tuple[Subject, str, Fault]] = []
    for kind, subject, funder, grant in made:
        found = _faults(settings, grant)
        faults += [(kind, subject, fault) for fault in found]
        identifier = settings.identifier_of(funder)
        if not found and identifier is not None:
            grants[identifier].append(grant)
            funders[identifier] = funder
    return Published(
        settings=settings,
        funders=funders,
        grants=grants,
        withheld=len(open_awards) - len(given),
        faults=faults,
        changed_at=store.changed_at(session, movement),
    )


def _made(
    how: Publishing, given: Sequence[AwardFacts], passed_on: Sequence[ContributionFacts]
) -> Iterator[tuple[Subject, str, str, Grant]]:
    """Every grant with what it was made of and whose file it belongs in: contributions first, in their order."""
    transfers: defaultdict[str, list[str]] = defaultdict(list)
    for contribution in passed_on:
        transfers[contribution.fund].append(transfer_id(contribution.id, how.by))
        yield "contribution", contribution.id, contribution.funder, of_contribution(contribution, how)
    for award in given:
        yield "award", award.id, award.grant_maker, of_award(award, how, transfers[award.fund])


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
