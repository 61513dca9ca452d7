"""The database counts what the engine counts, for one person and for many at once."""

from datetime import date, timedelta
from random import Random

import pytest

from services.members.engagement.ladder import engine, store
from services.members.engagement.ladder.engine import Activity, Selection
from shared import clock
from tests.members.caller import Caller

TODAY = clock.now().date()
SELECTIONS = [
    Selection(),
    Selection(within_days=1),
    Selection(within_days=30),
    Selection(frozenset({"walk"})),
    Selection(frozenset({"walk", "led"}), within_days=30),
    Selection(frozenset({"nobody_did_this"})),
]


@pytest.mark.parametrize("as_of", [TODAY, TODAY - timedelta(days=10)])
async def test_the_database_finds_what_the_engine_finds(members: Caller, as_of: date) -> None:
    dice = Random(20260601)
    people = [await members.person(f"P{number}") for number in range(3)]
    idle = await members.person("Idle")
    each = [
        {
            "person": (person := dice.choice(people)),
            "kind": dice.choice(["walk", "led", "choir"]),
            "on": (TODAY - timedelta(days=dice.randrange(60))).isoformat(),
            "counterpart": dice.choice([None, *(one for one in people if one != person)]),
        }
        for _ in range(120)
    ]
    made = (await members.post("/v1/activities", each))["data"]
    db, movement = members.app.state.parts.db, members.movement
    together = await db.read(store.tallies, movement, [*people, idle], SELECTIONS, as_of)
    for person in [*people, idle]:
        did = [
            Activity(one["id"], one["kind"], date.fromisoformat(one["on"]), one["counterpart"])
            for one in made
            if one["person"] == person
        ]
        expected = {selection: engine.tally(did, selection, as_of) for selection in SELECTIONS}
        assert together[person] == expected
        assert await db.read(store.tallies, movement, [person], SELECTIONS, as_of) == {person: expected}
