"""People sign up with a pledge, do things, and climb the ladder: some of them as far as somebody confirms."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec

from services.cli.demo import invented
from services.cli.demo.client import Api, together
from services.cli.demo.invented import Climb
from services.cli.demo.progress import Bar
from services.cli.demo.tally import Tally

_PEOPLE_AT_A_TIME = 8
"""In one request of activities: as many as an answer tells the positions of."""

_OWN_KINDS = frozenset({"pledged", "brought_somebody"})
"""Activities that signing up makes by itself."""


class _SignedUp(msgspec.Struct):
    person: str


class _Activity(msgspec.Struct):
    person: str
    kind: str


class _Standing(msgspec.Struct):
    rung: str | None
    eligible_for: str | None


class _Session(msgspec.Struct):
    token: str


class _Nothing(msgspec.Struct):
    """An answer of which nothing is read."""


async def sign_up(api: Api, people: int, bar: Bar) -> tuple[Sequence[str], Tally]:
    """Sign everybody up, those first who bring others; answers their ids by number, and how many were new."""
    bar.expect(people)
    ids, new = [""] * people, 0

    async def one(number: int) -> None:
        nonlocal new
        answer = await api.write("/v1/sign-ups", invented.sign_up(number), once=False)  # the external id makes it so
        ids[number] = msgspec.json.decode(answer.content, type=_SignedUp).person
        new += answer.status_code == 201
        bar.advance()

    for generation in invented.generations(people):
        await together(one(number) for number in generation)
    return ids, Tally(new, people - new)


async def take_part(api: Api, ids: Sequence[str], today: date, bar: Bar) -> Tally:
    """Record what everybody did. Whoever has done anything yet is left alone: a second run may be on another day."""
    recorded = await api.every("/v1/activities", _Activity)
    before = Counter(activity.person for activity in recorded if activity.kind not in _OWN_KINDS)
    missing = [number for number, person in enumerate(ids) if person not in before]
    planned = [activities for number in missing if (activities := _activities(number, ids, today))]
    batches = [planned[at : at + _PEOPLE_AT_A_TIME] for at in range(0, len(planned), _PEOPLE_AT_A_TIME)]
    total = sum(map(len, planned))
    bar.expect(total)

    async def record(batch: Sequence[Sequence[object]]) -> None:
        activities = [one for person in batch for one in person]
        await api.post("/v1/activities", _Nothing, activities)
        bar.advance(len(activities))

    await together(record(batch) for batch in batches)
    return Tally(total, sum(before[person] for person in ids))


async def confirm(api: Api, ids: Sequence[str], token: str, bar: Bar) -> Tally:
    """Confirm champions and co-owners, on behalf of whoever signed in. Some are left waiting, as they are in life."""
    chosen = to_be_confirmed(len(ids))
    bar.expect(len(chosen))
    theirs = api.signed_in(token)
    tallies = await together(_confirm_one(theirs, ids[number], invented.climb(number), bar) for number in chosen)
    return Tally(sum(tally.new for tally in tallies), sum(tally.before for tally in tallies))


async def sign_in(api: Api, email: str, password: str, movement: str | None) -> str:
    """The token of a session."""
    asked = {"email": email, "password": password} | ({"movement": movement} if movement else {})
    answer = await api.write("/v1/sessions", asked, once=False)
    return msgspec.json.decode(answer.content, type=_Session).token


def to_be_confirmed(people: int) -> Sequence[int]:
    """The numbers of two in three of those who are to stand on a rung that takes a confirmation."""
    high = [number for number in range(people) if invented.climb(number) >= Climb.CHAMPION]
    return [number for place, number in enumerate(high) if place % 3 != 2]


def _activities(number: int, ids: Sequence[str], today: date) -> Sequence[dict[str, object]]:
    return [
        {"person": ids[number], "kind": deed.kind, "on": deed.on}
        | ({} if deed.with_person is None else {"counterpart": ids[deed.with_person]})
        for deed in invented.deeds(number, today)
    ]


async def _confirm_one(api: Api, person: str, climb: Climb, bar: Bar) -> Tally:
    """Rung by rung, as far as they are meant to get and have come."""
    rungs = [rung.name.lower() for rung in (Climb.CHAMPION, Climb.CO_OWNER) if rung <= climb]
    new = 0
    standing = await api.get(f"/v1/people/{person}/ladder", _Standing)
    before = rungs.index(standing.rung) + 1 if standing.rung in rungs else 0
    for rung in rungs:
        if standing.eligible_for == rung:
            confirmation = {"rung": rung, "accepted": {"how": "in_person", "on": datetime.now(UTC).date().isoformat()}}
            await api.post(f"/v1/people/{person}/ladder/confirmations", _Nothing, confirmation)
            standing = await api.get(f"/v1/people/{person}/ladder", _Standing)
            new += 1
    bar.advance()
    return Tally(new, before)
