"""Whatever the rows: a rule of the schedule can be carried out, does it to all that is due, and does it once."""

import asyncio
from datetime import date
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.members.trust.retention import store
from services.members.trust.retention.applying import apply_some
from services.members.trust.retention.due import Applied
from services.members.trust.retention.kinds import Action
from services.members.trust.retention.schedule import SCHEDULE
from shared.db import Database
from shared.secrets import Secrets
from tests.members.directory.test_merging_any_rows import World, database
from tests.plugins.parts import scale

__all__ = ["database"]
LONG_AFTER = date(2200, 1, 1)
RULES = [
    Applied(kind, after, action, LONG_AFTER)
    for kind in SCHEDULE.values()
    for after in kind.after
    for action in kind.may
    if action not in (Action.REVIEW, Action.ERASE)
]
RULES_AN_EXAMPLE = 12


def test_a_rule_is_carried_out_on_whatever_there_is_and_once(
    database: tuple[asyncio.Runner, Database], vouching: Secrets
) -> None:
    @settings(max_examples=scale(2))
    @given(seed=st.integers(0, 10**6))
    def run(seed: int) -> None:
        world = World(*database, seed)
        world.write(lambda session: store.forget_stand_ins(session, world.movement))

        def slice_of(rule: Applied) -> int:
            def apply(session: Session) -> int:
                return apply_some(session, world.movement, rule, vouching)

            return world.write(apply)

        for rule in Random(seed).sample(RULES, RULES_AN_EXAMPLE):
            slice_of(rule)
            assert slice_of(rule) == 0, (rule.kind.key, rule.action)

    run()
