"""Keeping imports from bringing somebody back who was erased, while knowing nothing of them: keyed digests.

A digest is of two things together, or of an id in another system: an address alone is no identity, for two people may
share an inbox. Only imports ask; whoever comes back by themself signs up like anybody.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from sqlalchemy.orm import Session

from services.members.directory.people import names
from services.members.directory.people.schemas import NewPerson
from services.members.fields import digits
from services.members.trust.erasures import store
from services.members.trust.erasures.gathering import Known
from shared.secrets import Secrets


def digests(secrets: Secrets, movement: str, of: Known) -> list[bytes]:
    """The digests of all that would bring somebody back."""
    return [_digest(secrets, movement, text) for text in dict.fromkeys(_texts(of))]


def _texts(of: Known) -> Iterator[str]:
    for system, external_id in of.external_ids:
        yield f"id {system} {external_id}"
    for given, family, _ in of.names:
        first, whole = _folded([given]), _folded([given, family or ""])
        for address in of.addresses:
            yield f"address {first} {address.casefold()}"
        for phone in of.phones:
            yield f"phone {first} {digits(phone)[-9:]}"
        if family:
            for beside in (*of.postcodes, *of.birthdays):
                yield f"name {whole} {''.join(beside.casefold().split())}"


def _folded(parts: Iterable[str]) -> str:
    return " ".join(names.words(" ".join(parts)))


def _digest(secrets: Secrets, movement: str, text: str) -> bytes:
    return hmac.digest(secrets.pepper, f"suppressed in {movement}: {text}".encode(), "sha256")


def kept_out(session: Session, movement: str, secrets: Secrets, rows: Mapping[int, NewPerson]) -> AbstractSet[int]:
    """The numbers of the rows that would bring back somebody who was erased."""
    if not rows or not store.any_suppressed(session, movement):
        return frozenset()
    by_digest = {
        digest: number for number, person in rows.items() for digest in digests(secrets, movement, _known(person))
    }
    return {by_digest[digest] for digest in store.suppressed(session, movement, list(by_digest))}


def _known(person: NewPerson) -> Known:
    return Known(
        names=[(person.given_name, person.family_name, person.known_as)],
        addresses=[email.address for email in person.emails],
        phones=[phone.number for phone in person.phones],
        postcodes=[person.postcode] if person.postcode else [],
        birthdays=[person.date_of_birth.isoformat()] if person.date_of_birth else [],
        external_ids=[(external.system, external.id) for external in person.external_ids],
    )
