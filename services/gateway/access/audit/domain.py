"""The chain: how an entry is written into it, and how it is found whether anybody has altered it since.

Each digest is the SHA-256 of the entry before's digest and of the entry itself. So nothing in the middle can be
changed, left out or put in without every later digest being another. Whoever could rewrite the whole chain is found by
a head that was written down elsewhere: ``python -m services audit verify`` prints the heads and takes an earlier one.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import orm

from services.gateway.access.audit import store
from services.gateway.access.audit.models import AuditEntry
from shared import clock
from shared.db import Session, before_commit
from shared.db.session import of
from shared.db.types import microseconds

BEGINNING = "0" * 64
"""The digest before the first entry."""

_PENDING = "audit"
_SLICE = 1_000


class Broken(Exception):
    """The chain of a movement does not hold: which entry is the first that is not what was written."""


class Head(NamedTuple):
    """The end of a chain: whose, how many entries, and the digest of the last."""

    movement: str
    number: int
    digest: str


class _Noted(NamedTuple):
    movement: str
    actor: str
    action: str
    subject: str
    request: str | None
    facts: str


def note(session: orm.Session, movement: str, action: str, subject: str, **facts: str) -> None:
    """Have the transaction enter what it does: ``key.created`` of a key's id. No movement: it is the platform's.

    Entries are chained at its end, movement by movement in their order, so that of two transactions that append to
    the same chains neither waits for the other in a circle. No fact may be anybody's words.
    """
    ours = of(session)
    pending: list[_Noted] | None = ours.info.get(_PENDING)
    if pending is None:
        pending = ours.info[_PENDING] = []
        before_commit(ours, _append)
    because, told = ours.context, msgspec.json.encode(facts, order="sorted").decode()
    pending.append(_Noted(movement, because.actor, action, subject, because.causation, told))


def _append(session: Session) -> None:
    pending: list[_Noted] = session.info.pop(_PENDING)
    at = clock.now()
    for movement in sorted({noted.movement for noted in pending}):
        head = store.locked_head(session, movement, BEGINNING)
        for noted in (each for each in pending if each.movement == movement):
            head.number += 1
            entry = AuditEntry(**noted._asdict(), number=head.number, at=at)
            head.digest = entry.digest = digest_of(entry, head.digest)
            session.add(entry)
    session.flush()


def digest_of(entry: AuditEntry, before: str) -> str:
    """The digest of an entry, in hexadecimal: of the JSON array of the one before and all that it says."""
    said = (
        before, entry.movement, entry.number, microseconds(entry.at), entry.actor, entry.action, entry.subject,
        entry.request, entry.facts,
    )  # fmt: skip
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def verify(session: orm.Session, expected: Sequence[tuple[int, str]] = ()) -> list[Head]:
    """The heads of all chains, each followed from its beginning. Raises Broken.

    ``expected`` are heads of earlier verifications, number and digest: some chain has each of them still.
    """
    found: set[tuple[int, str]] = set()
    heads = [Head(head.movement, head.number, head.digest) for head in store.heads(session)]
    for head in heads:
        found |= _followed(session, head, frozenset(expected))
    for number, digest in expected:
        if (number, digest) not in found:
            raise Broken(f"no chain has entry {number} with the digest {digest} any more")
    return heads


def _followed(session: orm.Session, head: Head, expected: frozenset[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of the expected are in a chain that holds to its head."""
    number, digest, met = 0, BEGINNING, set[tuple[int, str]]()
    name = head.movement or "the platform"
    while entries := store.following(session, head.movement, number, _SLICE):
        for entry in entries:
            if entry.number != number + 1 or entry.digest != digest_of(entry, digest):
                raise Broken(f"{name}: entry {number + 1} is not what was written")
            number, digest = entry.number, entry.digest
            if (number, digest) in expected:
                met.add((number, digest))
        session.expunge_all()
    if (number, digest) != (head.number, head.digest):
        raise Broken(f"{name}: it ends at entry {number}, and {head.number} were written")
    return met
