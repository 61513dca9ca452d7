"""Many people, much done on time, late and voided, and reviews: each stands where a replay by hand says."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import sqlalchemy as sa

from services.members.directory.signups import domain as signups
from services.members.directory.signups.schemas import NewSignUp
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.ladder import runs
from services.members.engagement.ladder.models import RunKind
from services.members.engagement.memberships.models import Membership
from shared import clock
from shared.db import Session
from shared.testing.caller import Json
from tests.members.caller import Caller
from tests.members.engagement.ladder_model import Deed, Ladder
from tests.members.engagement.test_ladder_anew import bound
from tests.members.engagement.test_ladder_policies import activated
from tests.plugins.parts import scale

BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)
WEEKS = 26
PEOPLE = scale(100)
DEEDS = 20 * PEOPLE
RULES: Json = {
    "follower": [{"activities": 1, "within_days": 90}],
    "active_participant": [{"distinct_days": 3, "within_days": 40}],
    "champion": [{"distinct_days": 5, "within_days": 60}, {"distinct_counterparts": 2, "within_days": 90}],
    "co_owner": [{"kinds": ["led"], "distinct_days": 4, "within_days": 90}, {"distinct_days": 8, "within_days": 120}],
}
PACE = {"review_every_days": 366, "keep_days_longer": 7, "grace_days": 10, "quiet_after_days": 30}


def deeds_of(people: list[str], dice: Random) -> list[tuple[str, Deed, int]]:
    """Who did what on which day, and the week in which it came to be known; some people do more than others."""
    found = []
    for _ in range(DEEDS):
        person = people[int(dice.random() ** 2 * len(people))]
        day = dice.randrange(7 * WEEKS)
        other = dice.choice(people)
        deed = Deed(
            (BEGAN + timedelta(days=day)).date(),
            dice.choice(["walk", "led"]),
            other if other != person and dice.random() < 0.5 else None,
        )
        late = 0 if dice.random() < 0.7 else dice.randrange(1, 8)
        found.append((person, deed, min(day // 7 + late, WEEKS - 1)))
    return found


async def test_everybody_stands_where_a_replay_by_hand_says(members: Caller) -> None:
    dice, write = Random(20260105), bound(members).write

    def sign_up_all(session: Session) -> list[str]:
        said = NewSignUp.model_validate({"person": {"given_name": "Ada"}})
        return [signups.sign_up(session, members.movement, said).person for _ in range(PEOPLE)]

    def record(session: Session, said: list[NewActivity]) -> list[str]:
        return [each.id for each in activities.record_many(session, members.movement, said)]

    with clock.frozen(BEGAN) as now:
        await activated(members, {"rules": RULES, "pace": PACE})
        people = await write(sign_up_all)
        done = deeds_of(people, dice)
        counted: dict[str, list[Deed]] = {person: [] for person in people}
        reviews: set[date] = set()
        for week in range(WEEKS):
            now.at = BEGAN + timedelta(days=7 * week + 6)
            known = [(person, deed) for person, deed, told in done if told == week]
            for start in range(0, len(known), 500):
                batch = known[start : start + 500]
                said = [
                    NewActivity(person=person, kind=deed.kind, on=deed.on, counterpart=deed.counterpart)
                    for person, deed in batch
                ]
                for which, (person, deed) in zip(await write(record, said), batch, strict=True):
                    if dice.random() < 0.05:
                        await write(activities.void, members.movement, which, "It was called off.")
                    else:
                        counted[person].append(deed)
            if week % 3 == 2:
                reviews.add(now.at.date())
                await write(runs.start, members.movement, RunKind.REVIEW)
                while await write(runs.go_on, members.movement, 200):
                    pass
        today = now.at.date()
        ladder = Ladder(RULES, PACE, reviews)
        expected = {person: ladder.computed(BEGAN.date(), counted[person], today) for person in people}
        found = await computed(members)
        assert {person: found[person] for person in people} == expected
        assert set(expected.values()) > {"follower", "active_participant", "champion"}, "the sample is worth its while"
        await write(runs.recompute, members.movement)
        while await write(runs.go_on, members.movement, 200):
            pass
        assert await computed(members) == found, "reckoning everybody anew changes nothing"


async def computed(members: Caller) -> dict[str, str]:
    def rungs(session: Session) -> dict[str, str]:
        query = sa.select(Membership.person, Membership.computed_rung).where(Membership.movement == members.movement)
        return {str(person): str(rung) for person, rung in session.execute(query)}

    return await bound(members).read(rungs)
