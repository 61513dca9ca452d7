"""Reading the feed: pages by number, and single objects by the ids that they have there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from services.members.community.assets.models import Asset
from services.members.community.referral import documents, store, terms
from services.members.community.referral.identifiers import ours_of
from services.members.community.referral.schemas import (
    ReferralPage,
    Service,
    ServiceAtLocation,
    ServiceAtLocationSummary,
    ServiceSummary,
    Taxonomy,
    TaxonomyTerm,
)
from services.members.community.referral.store import Asked
from services.members.directory.organisations.models import Organisation
from shared.errors import NotFound

T = TypeVar("T")
N = TypeVar("N", Taxonomy, TaxonomyTerm)


class Which(NamedTuple):
    """Which page is asked for: its number, the first one being 1, and how many it holds."""

    number: int
    size: int


class Filters(NamedTuple):
    """The terms that services are asked for by, as they are called in the feed."""

    term: UUID | None
    taxonomy: UUID | None


def services(session: Session, movement: str, asked: Asked, by: Filters, which: Which) -> ReferralPage[ServiceSummary]:
    """A page of services."""
    return _page_of_assets(session, movement, asked, by, which, documents.summary)


def service(session: Session, movement: str, id_: UUID) -> Service:
    """One service. Raises NotFound."""
    return documents.service(*_find(session, movement, "service", id_))


def at_locations(
    session: Session, movement: str, asked: Asked, by: Filters, which: Which
) -> ReferralPage[ServiceAtLocationSummary]:
    """A page of services where they are."""
    return _page_of_assets(session, movement, asked, by, which, documents.summary_at_location)


def at_location(session: Session, movement: str, id_: UUID) -> ServiceAtLocation:
    """One service where it is. Raises NotFound."""
    asset, organisation = _find(session, movement, "service_at_location", id_)
    if not documents.has_location(asset):
        raise NotFound
    return documents.whole_at_location(asset, organisation)


def taxonomies(movement: str, which: Which) -> ReferralPage[Taxonomy]:
    """A page of taxonomies."""
    return _page_of(terms.taxonomies(movement), which)


def taxonomy(movement: str, id_: UUID) -> Taxonomy:
    """One taxonomy. Raises NotFound."""
    return _named(terms.taxonomies(movement), id_)


def taxonomy_terms(session: Session, movement: str, which: Which) -> ReferralPage[TaxonomyTerm]:
    """A page of terms: the interests of what is published, and the kinds."""
    return _page_of(terms.terms(movement, store.interests(session, movement)), which)


def taxonomy_term(session: Session, movement: str, id_: UUID) -> TaxonomyTerm:
    """One term. Raises NotFound."""
    return _named(terms.terms(movement, store.interests(session, movement)), id_)


def _named(objects: Sequence[N], id_: UUID) -> N:
    found = next((each for each in objects if each.id == id_), None)
    if found is None:
        raise NotFound
    return found


def _find(session: Session, movement: str, kind: str, id_: UUID) -> tuple[Asset, Organisation | None]:
    ours = ours_of(kind, id_, store.ids(session, movement))
    asset = None if ours is None else store.find(session, movement, ours)
    if asset is None:
        raise NotFound
    return asset, store.organisations(session, movement, [asset]).get(asset.organisation or "")


def _page_of_assets(
    session: Session,
    movement: str,
    asked: Asked,
    by: Filters,
    which: Which,
    of: Callable[[Asset, Organisation | None], T],
) -> ReferralPage[T]:
    asked = _by_terms(session, movement, asked, by)
    assets = store.list_assets(session, movement, asked, (which.number - 1) * which.size, which.size)
    owners = store.organisations(session, movement, assets)
    shown = [of(asset, owners.get(asset.organisation or "")) for asset in assets]
    return _page(shown, store.count(session, movement, asked), which)


def _by_terms(session: Session, movement: str, asked: Asked, by: Filters) -> Asked:
    """What is asked for with the feed's terms turned into ours; an id that is no term's finds nothing."""
    if by.term is not None:
        kind = terms.kind_named(movement, by.term)
        interest = terms.interest_named(movement, by.term, store.interests(session, movement))
        asked = replace(asked, kind=kind, interest=interest, nothing=kind is None and interest is None)
    if by.taxonomy is not None:
        if terms.is_interests(movement, by.taxonomy):
            asked = replace(asked, any_interest=True)
        elif not terms.is_kinds(movement, by.taxonomy):
            asked = replace(asked, nothing=True)
    return asked


def _page_of(objects: Sequence[T], which: Which) -> ReferralPage[T]:
    first = (which.number - 1) * which.size
    return _page(objects[first : first + which.size], len(objects), which)


def _page(shown: Sequence[T], total: int, which: Which) -> ReferralPage[T]:
    pages = -(-total // which.size)
    return ReferralPage(
        total_items=total,
        total_pages=pages,
        page_number=which.number,
        size=len(shown),
        first_page=which.number == 1,
        last_page=which.number >= pages,
        empty=not shown,
        contents=list(shown),
    )
