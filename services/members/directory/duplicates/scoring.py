"""How likely two records are of one: weighted rules, their reasons in words, and the keys by which to look. Pure.

The method is that of Fellegi and Sunter ("A Theory for Record Linkage", 1969) with weights that people can read and
change: what agrees adds, what differs takes away. An address is no identity, for people share inboxes and landlines: by
itself it stays below the threshold, and where the names differ it counts for nothing.

Answers to equality questions and what concerns safeguarding are no part of a profile, and so of no rule and no key.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
from rapidfuzz import fuzz

ALIKE, UNLIKE = 80.0, 60.0
"""From which likeness of two names, out of 100, they may be one name; and below which they are two."""


class Weights(msgspec.Struct, frozen=True):
    """What each rule adds or takes away; the defaults and why.

    An e-mail address (40) or another system's id (40) says much and a landline (30) less: households share it. A name
    that is the same (45) is needed beside any of these, or a postcode (15) with it, to come to the threshold of 50. The
    day of birth (20) confirms; another one (-60) or clearly different names (-50) tell two people apart. What more than
    ``shared_by`` records have, such as a team's inbox, is no sign of one person and counts a quarter.
    """

    email: int = 40
    phone: int = 30
    external_id: int = 40
    website: int = 30
    name: int = 45
    postcode: int = 15
    born: int = 20
    other_name: int = -50
    other_birth: int = -60
    threshold: int = 50
    shared_by: int = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a record, folded: case, accents and punctuation do not tell two apart.

    ``names`` are the ways to call it in full; ``phones`` are in E.164; ``external_ids`` are (system, id).
    """

    id: str
    names: tuple[str, ...]
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    external_ids: frozenset[tuple[str, str]] = frozenset()
    websites: frozenset[str] = frozenset()
    postcode: str | None = None
    born: str | None = None


class Likeness(NamedTuple):
    """How much speaks for two records being of one, and why, in words that repeat nothing of what they hold."""

    score: int
    reasons: list[str]


@dataclass
class _Tally:
    score: float = 0
    reasons: list[str] = field(default_factory=list)

    def count(self, weight: float, reason: str) -> None:
        self.score += weight
        self.reasons.append(reason)


def compared(one: Profile, other: Profile, weights: Weights, holders: Mapping[int, int]) -> Likeness:
    """The likeness of two records. ``holders`` says of how many records each key is one."""
    tally = _Tally()
    for what, kind, weight, ours, theirs in (
        ("e-mail address", "email", weights.email, one.emails, other.emails),
        ("telephone number", "phone", weights.phone, one.phones, other.phones),
        ("website", "website", weights.website, one.websites, other.websites),
    ):
        if same := ours & theirs:
            shared = min(holders.get(key(kind, each), 2) for each in same)
            if shared > weights.shared_by:
                tally.count(weight / 4, f"The same {what}, which {shared} records share.")
            else:
                tally.count(weight, f"The same {what}.")
    _external_ids(tally, one, other, weights)
    _names(tally, one, other, weights)
    if one.postcode and one.postcode == other.postcode:
        tally.count(weights.postcode, "The same postcode.")
    if one.born and other.born:
        same_day = one.born == other.born
        tally.count(
            *((weights.born, "Born on the same day.") if same_day else (weights.other_birth, "Born on other days."))
        )
    return Likeness(round(tally.score), tally.reasons)


def _external_ids(tally: _Tally, one: Profile, other: Profile, weights: Weights) -> None:
    """The same id in two systems, such as a staff number; within one system an id has one holder anyway."""
    systems = {(a, b) for a, ours in one.external_ids for b, theirs in other.external_ids if ours == theirs and a != b}
    if systems:
        first, second = sorted(min(systems))
        tally.count(weights.external_id, f"The same id in {first} and in {second}.")


def _names(tally: _Tally, one: Profile, other: Profile, weights: Weights) -> None:
    alike = max((fuzz.token_sort_ratio(a, b) for a in one.names for b in other.names), default=0.0)
    if alike == 100:
        tally.count(weights.name, "The same name.")
    elif alike >= ALIKE:
        part = (alike - UNLIKE) / (100 - UNLIKE)
        tally.count(weights.name * part, f"Names that are {alike:.0f} % alike.")
    elif alike < UNLIKE:
        tally.count(weights.other_name, "Different names: they may share what is the same.")


def keys(profile: Profile) -> set[int]:
    """What another record must have one of to be compared with this one: there is no need to compare all with all.

    Nothing else comes to the threshold: a name counts only beside an address or a postcode, and with a postcode the
    initial of one of its words is enough, so that a slip further on does not hide it.
    """
    found = {key("email", each) for each in profile.emails}
    found |= {key("phone", each) for each in profile.phones}
    found |= {key("website", each) for each in profile.websites}
    found |= {key("id", each) for _, each in profile.external_ids}
    if profile.postcode:
        words = {word for name in profile.names for word in name.split()}
        found |= {key("postcode", f"{profile.postcode} {word[0]}") for word in words}
    return found


def key(kind: str, value: str) -> int:
    """A key as it is stored: 63 bits of a hash, for it may be personal and is only ever compared."""
    digest = hashlib.blake2b(f"{kind}\n{value}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def pairs(
    profiles: Mapping[str, Profile],
    looked_at: Collection[str],
    sharing: Mapping[int, Collection[str]],
    weights: Weights,
) -> dict[tuple[str, str], Likeness]:
    """The pairs of a record that is looked at and another that shares a key with it, where they come to the threshold.

    ``sharing`` has the records of each key. A pair is in the order of its ids.
    """
    holders = {each: len(records) for each, records in sharing.items()}
    found: dict[tuple[str, str], Likeness] = {}
    for records in sharing.values():
        for one in records:
            for other in records if one in looked_at else ():
                pair = (min(one, other), max(one, other))
                if one != other and pair not in found and one in profiles and other in profiles:
                    found[pair] = compared(profiles[pair[0]], profiles[pair[1]], weights, holders)
    return {pair: likeness for pair, likeness in found.items() if likeness.score >= weights.threshold}
