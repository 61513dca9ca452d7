"""The two taxonomies of a movement's feed: its own words for interests, and the kinds of assets."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.members.community.assets.models import AssetKind
from services.members.community.referral.identifiers import uuid_of
from services.members.community.referral.schemas import Attribute, Taxonomy, TaxonomyTerm

_INTERESTS, _KINDS = "interests", "kinds"
_NAMES = {_INTERESTS: "Interests", _KINDS: "Kinds of assets"}
_DESCRIPTIONS = {
    _INTERESTS: "What people look for, in the movement's own words.",
    _KINDS: "What there is in a place that people can join or use.",
}

SERVICE_KINDS = {
    AssetKind.GROUP: ("Group", "People who meet and do something together."),
    AssetKind.PLACE: ("Place", "Somewhere that people can go and that others can use."),
    AssetKind.ACTIVITY: ("Activity", "Something that happens and can be joined."),
    AssetKind.INFORMAL_NETWORK: ("Informal network", "People who help one another, without a constitution."),
}
"""The kinds that the feed shows. A personal skill is a person's, and no directory of services lists people."""


def taxonomies(movement: str) -> list[Taxonomy]:
    """Both, in the order of their names in the feed."""
    return [
        Taxonomy(id=_taxonomy(movement, scheme), name=_NAMES[scheme], description=_DESCRIPTIONS[scheme])
        for scheme in (_INTERESTS, _KINDS)
    ]


def terms(movement: str, interests: Iterable[str]) -> list[TaxonomyTerm]:
    """The terms of both: the interests that there are, and every kind."""
    return [_interest(movement, interest) for interest in interests] + [_kind(movement, kind) for kind in SERVICE_KINDS]


def attributes(movement: str, asset: str, kind: str, interests: Sequence[str]) -> list[Attribute]:
    """The terms that hold of an asset."""
    holding = [_interest(movement, interest) for interest in interests] + [_kind(movement, AssetKind(kind))]
    return [
        Attribute(
            id=uuid_of("attribute", f"{asset}/{term.id}"),
            link_id=uuid_of("service", asset),
            link_type="service",
            taxonomy_term_id=term.id,
            taxonomy_term=term,
        )
        for term in holding
    ]


def interest_named(movement: str, term: UUID, interests: Iterable[str]) -> str | None:
    """Which of the interests has this id as a term."""
    return next((each for each in interests if _term(movement, _INTERESTS, each) == term), None)


def kind_named(movement: str, term: UUID) -> AssetKind | None:
    """Which kind has this id as a term."""
    return next((kind for kind in SERVICE_KINDS if _term(movement, _KINDS, kind) == term), None)


def is_interests(movement: str, taxonomy: UUID) -> bool:
    """Whether this is the id of the movement's taxonomy of interests."""
    return taxonomy == _taxonomy(movement, _INTERESTS)


def is_kinds(movement: str, taxonomy: UUID) -> bool:
    """Whether this is the id of the movement's taxonomy of kinds."""
    return taxonomy == _taxonomy(movement, _KINDS)


def _taxonomy(movement: str, scheme: str) -> UUID:
    return uuid_of("taxonomy", f"{movement}/{scheme}")


def _term(movement: str, scheme: str, term: str) -> UUID:
    return uuid_of("taxonomy_term", f"{movement}/{scheme}/{term}")


def _interest(movement: str, interest: str) -> TaxonomyTerm:
    name = interest.replace("_", " ")
    return TaxonomyTerm(
        id=_term(movement, _INTERESTS, interest),
        name=name,
        description=f"For people who are interested in {name}.",
        taxonomy=_NAMES[_INTERESTS],
        taxonomy_id=_taxonomy(movement, _INTERESTS),
    )


def _kind(movement: str, kind: AssetKind) -> TaxonomyTerm:
    name, description = SERVICE_KINDS[kind]
    return TaxonomyTerm(
        id=_term(movement, _KINDS, kind),
        name=name,
        description=description,
        taxonomy=_NAMES[_KINDS],
        taxonomy_id=_taxonomy(movement, _KINDS),
    )
