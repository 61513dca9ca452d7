"""How the job of a bulk change is carried out: some people a step. What is done stays done when it is cancelled."""

import msgspec
from sqlalchemy.orm import Session

from services.members.directory.bulk import domain, store
from services.members.directory.bulk.schemas import Deed
from shared.jobs.work import Moved, Pace, Work


class State(msgspec.Struct, frozen=True):
    """How far a bulk change is: people seen, and those of them who were changed."""

    seen: int = 0
    changed: int = 0


class PeopleBulkKind:
    """The kind of job that bulk changes are."""

    name = domain.KIND

    async def carry_out(self, work: Work) -> object:
        """Change everybody, and answer how many were."""
        deed = Deed.model_validate(work.request(dict[str, object]))
        ids = await work.db.read(store.kept, work.movement, work.id)
        state, pace = work.position(State) or State(), Pace(20)

        def some(session: Session, movement: str, state: State) -> Moved:
            few = ids[state.seen : state.seen + pace.size]
            done = domain.change_some(session, movement, few, state.seen, deed)
            after = State(state.seen + len(few), state.changed + done.changed)
            return Moved(position=after, done=after.seen, total=len(ids), faults=done.faults)

        while state.seen < len(ids):
            await work.step(pace.timed(some), state)
            state = work.position(State) or state
        return {"changed": state.changed}

    async def undo(self, work: Work) -> None:
        """Nothing is taken back: each change was whole, and somebody may have edited the person since."""
