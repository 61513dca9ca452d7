"""The demo's people: invented from a fixed seed, each from their number alone, so that every run means the same ones.

Names are drawn from lists, addresses end in example.org, and telephone numbers are of the range that Ofcom keeps for
drama: nobody real is meant, and nobody real can be reached.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

SYSTEM = "demo"
"""The system that the people's external ids are of."""

_SEED = "we can move"
_NEWCOMERS = 40
"""The first ones, whom nobody brought."""

_GIVEN = (
    "Aisha", "Alun", "Amara", "Anwen", "Bartosz", "Bethan", "Callum", "Carys", "Chidi", "Dafydd", "Delroy", "Devika",
    "Edith", "Efua", "Elspeth", "Farida", "Fergus", "Gethin", "Grace", "Hamza", "Hazel", "Idris", "Imogen", "Ivor",
    "Jamila", "Joan", "Kasia", "Kwame", "Leila", "Lowri", "Magda", "Marcus", "Mei", "Mirela", "Nadia", "Nnamdi",
    "Olwen", "Omar", "Priya", "Ravi", "Rhian", "Rosa", "Samira", "Seren", "Tariq", "Tomasz", "Una", "Wendell",
)  # fmt: skip
_FAMILY = (
    "Ashgrove", "Birchall", "Brookhurst", "Calder", "Dunmore", "Eastcott", "Fallow", "Farthing", "Greenaway",
    "Hartnell", "Hollis", "Inglewood", "Kestrel", "Lanyon", "Larkin", "Marlow", "Merrow", "Nettleton", "Oakes",
    "Pellow", "Quill", "Rainford", "Sedge", "Stoneleigh", "Tarrant", "Thistle", "Underhill", "Wexcombe", "Yarrow",
)  # fmt: skip
_PLEDGES = (
    "I will walk to work twice a week and bring a colleague.",
    "I will leave the car at home for the school run.",
    "I will go swimming with my sister on Sundays.",
    "I will start a lunchtime walk where I work.",
    "I will take the stairs, and tell others why.",
    "I will ask my neighbour to come along to the garden.",
    "I will dance in the kitchen every day.",
    "I will learn to ride a bicycle this year.",
)
_KINDS = ("walk", "swim", "campfire", "training", "learning_lab", "community_conversation", "call_to_action")
_LEADING = ("led", "hosted", "decided_together")


class Climb(IntEnum):
    """How far somebody's activities take them, under the rules that a movement starts with."""

    FOLLOWER = 1
    ACTIVE_PARTICIPANT = 2
    CHAMPION = 3
    CO_OWNER = 4


@dataclass(frozen=True)
class Deed:
    """Something that somebody did: of which kind, on which day, with the person of which number."""

    kind: str
    on: date
    with_person: int | None


def external_id(number: int) -> str:
    """What the demo calls the person of a number."""
    return f"{number:05}"


def bringer(number: int) -> int | None:
    """The number of the person who brought them, always an earlier one; None for those who came by themselves."""
    drawn = _drawn("bringer", number)
    if number < _NEWCOMERS or drawn.random() < 0.3:
        return None
    # The cube draws the first ones most often: a few bring many, and most bring nobody.
    return int(number * drawn.random() ** 3)


def generations(people: int) -> Sequence[Sequence[int]]:
    """Everybody, so that whoever was brought stands in a later row than the one who brought them."""
    rows: list[list[int]] = []
    row_of: dict[int, int] = {}
    for number in range(people):
        brought_by = bringer(number)
        row_of[number] = 0 if brought_by is None else row_of[brought_by] + 1
        if row_of[number] == len(rows):
            rows.append([])
        rows[row_of[number]].append(number)
    return rows


def sign_up(number: int) -> dict[str, object]:
    """The sign-up of the person of a number, as the API takes it: the same on every day."""
    drawn = _drawn("person", number)
    given, family = drawn.choice(_GIVEN), drawn.choice(_FAMILY)
    person: dict[str, object] = {
        "given_name": given,
        "family_name": family,
        "age_band": drawn.choice(("adult", "adult", "adult", "not_asked", "not_asked")),
        "external_ids": [{"system": SYSTEM, "id": external_id(number)}],
    }
    if drawn.random() < 0.85:  # the others are reached by telephone or post only, which is normal
        person["emails"] = [{"address": f"{given}.{family}.{number}@example.org".lower()}]
    if drawn.random() < 0.4:
        person["phones"] = [{"number": f"07700 900{drawn.randrange(1000):03}"}]
    said: dict[str, object] = {
        "person": person,
        "permissions": [_permission("email", drawn)] if "emails" in person else [],
        "pledge": {"text": drawn.choice(_PLEDGES), "campaign": "we_can_move"},
    }
    brought_by = bringer(number)
    if brought_by is not None:
        said["brought_by"] = {"external_id": {"system": SYSTEM, "id": external_id(brought_by)}}
    return said


def climb(number: int) -> Climb:
    """How far the person of a number gets."""
    drawn = _drawn("climb", number).random()
    if number < 10 or drawn < 0.7:
        return Climb.FOLLOWER
    return Climb.ACTIVE_PARTICIPANT if drawn < 0.91 else Climb.CHAMPION if drawn < 0.97 else Climb.CO_OWNER


def deeds(number: int, today: date) -> Sequence[Deed]:
    """What the person of a number did in the months before ``today``, the earliest first."""
    drawn = _drawn("deeds", number)
    days, leading = {
        Climb.FOLLOWER: (drawn.choice((0, 0, 0, 1)), 0),  # with the day of the pledge, one short of climbing
        Climb.ACTIVE_PARTICIPANT: (drawn.randint(3, 4), 0),
        Climb.CHAMPION: (drawn.randint(6, 10), 0),
        Climb.CO_OWNER: (drawn.randint(12, 16), 4),
    }[climb(number)]
    # Two days ago at the latest: past in every time zone. Within 150 days, so that each counts under every rule.
    on = sorted(today - timedelta(days=ago) for ago in drawn.sample(range(2, 150), days))
    return [
        Deed(drawn.choice(_LEADING if place < leading else _KINDS), day, _companion(number, place))
        for place, day in enumerate(on)
    ]


def _companion(number: int, place: int) -> int | None:
    """Every other time somebody did it with one of the three people who joined before them."""
    return number - 1 - place // 2 % 3 if place % 2 == 0 and number >= 3 else None


def _permission(channel: str, drawn: random.Random) -> dict[str, object]:
    decided: dict[str, object] = {"purpose": "news", "channel": channel}
    if drawn.random() < 0.3:
        return decided | {"decision": "refused"}
    return decided | {"decision": "given", "notice": {"name": "privacy", "version": "2026-01", "language": "en"}}


def _drawn(what: str, number: int) -> random.Random:
    """Chances of one person's own: who else there is makes no difference to them."""
    return random.Random(f"{_SEED}/{what}/{number}")
