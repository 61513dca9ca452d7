"""What a row adds to somebody who is known: single fields take the row's value, lists gain, nothing is taken away."""

from collections.abc import Sequence

from services.members.directory.imports.models import Standing
from services.members.directory.imports.rows import Allowed
from services.members.directory.people import models, shown
from services.members.directory.people.schemas import Email, ExternalId, NewPerson, PersonChanges, Phone
from services.members.fields import digits
from services.members.trust.permissions.models import Decision

_SINGLE = frozenset({"given_name", "family_name", "known_as", "postcode", "age_band", "date_of_birth", "access_needs"})
_WORDS = frozenset({"languages", "contact_preference", "interests", "skills", "tags"})
_MOST_WAYS = 10


def added(person: models.Person, said: NewPerson) -> tuple[PersonChanges | None, Sequence[ExternalId]]:
    """What is to change of the person, None where nothing is; and the external ids that they do not have yet.

    An empty cell says nothing: it takes nothing away.
    """
    now = shown.Person.of(person)
    to: dict[str, object] = {}
    for field in said.model_fields_set & _SINGLE:
        if getattr(said, field) != getattr(now, field):
            to[field] = getattr(said, field)
    for field in said.model_fields_set & _WORDS:
        has = getattr(now, field)
        if more := [word for word in getattr(said, field) if word not in has]:
            to[field] = [*has, *more]
    addresses = {email.address.casefold() for email in now.emails}
    if emails := [email for email in said.emails if email.address.casefold() not in addresses]:
        other = [Email(address=email.address, primary=email.primary and not now.emails) for email in emails]
        to["emails"] = [*now.emails, *other][:_MOST_WAYS]
    numbers = {phone.digits for phone in now.phones}
    if phones := [phone for phone in said.phones if digits(phone.number) not in numbers]:
        to["phones"] = [*(Phone(number=phone.number) for phone in now.phones), *phones][:_MOST_WAYS]
    if custom := {key: value for key, value in said.custom.items() if _plain(now.custom.get(key)) != value}:
        to["custom"] = custom
    has_ids = {(external.system, external.id) for external in now.external_ids}
    ids = [external for external in said.external_ids if (external.system, external.id) not in has_ids]
    return PersonChanges.model_validate(to) if to else None, ids


def permissions_to_add(said: Sequence[Allowed], so_far: Standing) -> Sequence[Allowed]:
    """The decisions of a row that are news. A file never gives again what somebody has refused, nor anything to whoever
    said stop: only they do that."""
    return [allowed for allowed in said if _is_news(allowed, so_far)]


def _is_news(allowed: Allowed, so_far: Standing) -> bool:
    before = so_far.decided.get((allowed.purpose, allowed.channel))
    if allowed.decision is Decision.REFUSED:
        return before != Decision.REFUSED
    return before is None and not so_far.stopped


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
