"""Keeping the asset map: drafting, changing, verifying, publishing with permission, and what goes stale."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community import people
from services.members.community.assets import consent, store
from services.members.community.assets.models import SHOWN, Asset, AssetKind, AssetState, Scheme
from services.members.community.assets.schemas import (
    Agreement,
    AssetChanges,
    AssetFields,
    NewAsset,
    Verification,
)
from services.members.community.assets.store import Found, Wanted
from services.members.community.credit import credit
from services.members.community.geography import district
from services.members.directory.people.names import words
from services.members.named import Named, by_present_ids, named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.assets import AssetChanged, AssetCreated, AssetStateChanged, AssetVerified
from shared.ids import new_id

FreshFor = Mapping[AssetKind, timedelta]
"""How long after its verification an asset of each kind goes stale: the setting."""

VERIFIED_AN_ASSET = "verified_asset"
"""The kind of activity that looking after the map is."""


def create(session: Session, movement: str, said: NewAsset) -> Asset:
    """Draft an asset. Raises Invalid."""
    who, at = _fitting(session, movement, _said(said.kind, said)), clock.now()
    asset = Asset(
        id=new_id("asset"),
        kind=said.kind,
        state=AssetState.DRAFT,
        title=said.title,
        taken=0,
        declaration=0,
        version=1,
        created_at=at,
        updated_at=at,
    )
    _fill(asset, said, set(AssetFields.model_fields), who)
    store.add(session, movement, asset)
    _hang(session, movement, asset, said, set(AssetFields.model_fields))
    outbox.record(session, AssetCreated(asset=asset.id))
    return store.again(session, movement, asset)


def change(session: Session, movement: str, asset: str, said: AssetChanges, expected: int | None) -> Asset:
    """Change what is given and leave the rest. Raises NotFound, PreconditionFailed, Invalid and NotPermitted."""
    row = _for_change(session, movement, asset)
    hold_to(row.version, expected)
    given = said.model_fields_set
    who = _fitting(session, movement, _changed(row, said))
    if "title" in given:
        row.title = said.title
    _fill(row, said, given, who)
    if row.state in SHOWN and "person" in given:
        consent.refuse_unpermitted(session, movement, row, clock.now())
    _hang(session, movement, row, said, given)
    row.updated_at = clock.now()
    row.version += 1
    outbox.record(session, AssetChanged(asset=row.id))
    return store.again(session, movement, row)


def verify(session: Session, movement: str, asset: str, said: Verification, by: str) -> Asset:
    """Note that somebody looked; what was stale is published again, if it may still be. Raises NotFound and Invalid."""
    row, looker = _for_change(session, movement, asset), said.person
    if looker is not None:
        looker = people.current(session, movement, {"/person": looker})["/person"]
    before = row.state
    if before == AssetState.STALE:
        consent.refuse_unpermitted(session, movement, row, clock.now())
    row.verify(by, looker, said.how, clock.now())
    outbox.record(session, AssetVerified(asset=row.id))
    _tell(session, row, before)
    if looker is not None:
        credit(session, movement, looker, VERIFIED_AN_ASSET)
    return row


def agree(session: Session, movement: str, asset: str, said: Agreement) -> Asset:
    """Record that whom it concerns agrees to its publication. Raises NotFound."""
    row = _for_change(session, movement, asset)
    row.agreed_at, row.agreed_by, row.agreed_how = clock.now(), said.given_by, said.how
    row.version += 1
    return row


def withdraw_agreement(session: Session, movement: str, asset: str) -> Asset:
    """Record that they no longer agree: what was published is a draft again, at once. Raises NotFound."""
    row = _for_change(session, movement, asset)
    row.agreed_at = row.agreed_by = row.agreed_how = None
    row.version += 1
    _hold_to_permission(session, movement, row)
    return row


def publish(session: Session, movement: str, asset: str, fresh_for: FreshFor) -> Asset:
    """Show a draft to everybody. Raises NotFound, NotPermitted, NotVerified and IllegalTransition."""
    row, at = _for_change(session, movement, asset), clock.now()
    before = row.state
    row.publish(at, fresh_for[AssetKind(row.kind)])
    consent.refuse_unpermitted(session, movement, row, at)
    _tell(session, row, before)
    return row


def archive(session: Session, movement: str, asset: str) -> Asset:
    """Put away what is no more. Raises NotFound and IllegalTransition."""
    row = _for_change(session, movement, asset)
    before = row.state
    row.archive(clock.now())
    _tell(session, row, before)
    return row


def read(session: Session, movement: str, asset: str, whole: bool) -> Asset:
    """One asset; ``whole``: drafts and archived ones too. Raises NotFound."""
    found = store.find(session, movement, asset)
    if found is None or not (whole or _is_shown(session, movement, found)):
        raise NotFound
    return found


def list_assets(session: Session, movement: str, wanted: Wanted, *, after: After, limit: int) -> Sequence[Found]:
    """What is wanted of the map, nearest first where a point is given."""
    wanted = by_present_ids(session, movement, wanted, people=("person",), organisations=("organisation",))
    return store.list_assets(session, movement, wanted, after=after, limit=limit)


def hold_to_permissions(session: Session, movement: str, slice_of: int) -> bool:
    """Unpublish the next of what belongs to people who no longer allow it; whether more of it is left."""
    found = store.unpermitted(session, movement, clock.now(), slice_of)
    for asset in found:
        _hold_to_permission(session, movement, asset)
    return len(found) == slice_of


def let_go_stale(session: Session, movement: str, fresh_for: FreshFor, slice_of: int) -> bool:
    """Have the next published assets go stale that nobody looked at for too long; whether more of them are left."""
    at = clock.now()
    found = store.unlooked(session, movement, before(at, fresh_for), slice_of)
    for asset in found:
        asset.go_stale(at)
        _tell(session, asset, AssetState.PUBLISHED)
    return len(found) == slice_of


def before(at: datetime, fresh_for: FreshFor) -> dict[AssetKind, datetime]:
    """The instant of each kind at or before which a verification is too old."""
    return {kind: at - period for kind, period in fresh_for.items()}


def hide_all_of(session: Session, movement: str, person: str) -> int:
    """Unpublish what a person offers and no longer allows to be shown; how many assets that were."""
    theirs = store.shown_of(session, movement, person)
    return sum(_hold_to_permission(session, movement, asset) for asset in theirs)


def _hold_to_permission(session: Session, movement: str, asset: Asset) -> bool:
    """Unpublish an asset that may not be shown; whether it had to be."""
    at = clock.now()
    if asset.state not in SHOWN or consent.permitted(session, movement, asset, at):
        return False
    earlier = asset.state
    asset.unpublish(at)
    _tell(session, asset, earlier)
    return True


def _is_shown(session: Session, movement: str, asset: Asset) -> bool:
    """Whether readers see it: the permission is asked for here too, for the map is put right only a little later."""
    return asset.state in SHOWN and consent.permitted(session, movement, asset, clock.now())


def _for_change(session: Session, movement: str, asset: str) -> Asset:
    found = store.for_change(session, movement, asset)
    if found is None:
        raise NotFound
    return found


def _tell(session: Session, asset: Asset, before: str) -> None:
    if asset.state != before:
        changed = AssetStateChanged(asset=asset.id, from_state=before, to_state=asset.state)
        outbox.record(session, changed)


def _fill(asset: Asset, said: AssetFields, given: set[str], who: Named) -> None:
    """Put what was given into the asset's own columns."""
    for field in given & {"description", "access", "access_note", "languages", "minimum_age", "maximum_age"}:
        setattr(asset, field, getattr(said, field))
    for field in given & {"capacity", "url", "address_withheld"}:
        setattr(asset, field, getattr(said, field))
    for field in given & {"person", "organisation"}:
        setattr(asset, field, who.at(f"/{field}"))
    if "place" in given:
        for field, value in said.place.model_dump().items():
            setattr(asset, field, value)
        asset.district = None if said.place.postcode is None else district(said.place.postcode)
    if "cost" in given:
        amount = said.cost.amount
        asset.cost_pence, asset.cost_currency = (None, None) if amount is None else (amount.pence, amount.currency)
        asset.cost_note = said.cost.note
    if "contact" in given:
        contact = said.contact
        asset.contact_name, asset.contact_email, asset.contact_phone = contact.name, contact.email, contact.phone
    if "spare" in given:
        asset.declare_spare(said.spare)


def _hang(session: Session, movement: str, asset: Asset, said: AssetFields, given: set[str]) -> None:
    """Put what was given into the tables that hang on an asset, and have it be found by its words as they now are."""
    for field, scheme in (("interests", Scheme.INTEREST), ("tags", Scheme.TAG)):
        if field in given:
            store.set_terms(session, movement, asset.id, scheme, getattr(said, field))
    if "times" in given:
        store.set_times(session, movement, asset.id, [time.model_dump() for time in said.times])
    _index(session, movement, store.again(session, movement, asset))


def reindex(session: Session, movement: str, asset: str) -> None:
    """Have an asset be found by the words that it has now, after they were changed by no verb of this module."""
    row = store.find(session, movement, asset)
    if row is not None:
        _index(session, movement, store.again(session, movement, row))


def _index(session: Session, movement: str, row: Asset) -> None:
    terms = " ".join(term.term.replace("_", " ") for term in row.terms)
    store.set_words(session, movement, row.id, words(f"{row.title} {row.description} {terms}"))


class _Whole(NamedTuple):
    """What of an asset has to fit together, as it will be."""

    kind: str
    person: str | None
    organisation: str | None
    spare: int | None
    capacity: int | None
    youngest: int | None
    oldest: int | None


def _said(kind: str, said: AssetFields) -> _Whole:
    return _Whole(kind, said.person, said.organisation, said.spare, said.capacity, said.minimum_age, said.maximum_age)


def _changed(row: Asset, said: AssetFields) -> _Whole:
    given = said.model_fields_set
    return _Whole(
        kind=row.kind,
        person=said.person if "person" in given else row.person,
        organisation=said.organisation if "organisation" in given else row.organisation,
        spare=said.spare if "spare" in given else row.places_left,
        capacity=said.capacity if "capacity" in given else row.capacity,
        youngest=said.minimum_age if "minimum_age" in given else row.minimum_age,
        oldest=said.maximum_age if "maximum_age" in given else row.maximum_age,
    )


def _fitting(session: Session, movement: str, whole: _Whole) -> Named:
    """Whom an asset names, by the ids that they have now. Raises Invalid with everything that does not fit together."""
    person, organisation = {"/person": whole.person}, {"/organisation": whole.organisation}
    who = named(session, movement, people=person, organisations=organisation)
    if faults := [*who.faults, *_faults(whole)]:
        raise Invalid(faults=faults)
    return who


def _faults(whole: _Whole) -> Iterator[Fault]:
    if whole.person is None and whole.kind == AssetKind.PERSONAL_SKILL:
        yield Fault("/person", "is needed: a personal skill is somebody's", "person_missing")
    if whole.spare is not None and whole.capacity is not None and whole.spare > whole.capacity:
        yield Fault("/spare", "is more than there is room for", "over_capacity")
    if whole.youngest is not None and whole.oldest is not None and whole.oldest < whole.youngest:
        yield Fault("/maximum_age", "is below the minimum age", "ages_turned_round")
