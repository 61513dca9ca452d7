"""The job that sends a mailing: gathered, handed to the tool, and sent there once.

Killed at any moment it goes on: to hand somebody over twice changes nothing, and before the one thing that cannot be
taken back, the tool itself is asked whether it was done.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from services.members.life.mailings import at_tool, domain, sending
from services.members.life.mailings.audience import Asked
from services.members.life.mailings.models import LeftOut, Mailing, MailingState
from services.members.life.mailings.store import Waiting
from services.members.life.mailings.tools import domain as tools
from services.members.life.mailings.tools.models import MailingTool, ToolEnded, ToolState
from services.members.life.mailings.tools.opening import opened
from services.members.life.mailings.vendors import tool as vendor
from services.members.life.mailings.vendors.tool import AtTool, Contact, ToolRefuses
from shared.jobs.models import JobState
from shared.jobs.work import Moved, Pace, Work

_AT_ONCE = 50
_LEFT_OUT = {
    AtTool.UNSUBSCRIBED: LeftOut.UNSUBSCRIBED,
    AtTool.BOUNCED: LeftOut.BOUNCED,
    AtTool.BLOCKED: LeftOut.BLOCKED,
    AtTool.OFF: LeftOut.BLOCKED,
    AtTool.REFUSED: LeftOut.REFUSED_BY_TOOL,
}


class Job(msgspec.Struct, frozen=True):
    """What a job is asked for."""

    mailing: str


class State(msgspec.Struct, frozen=True):
    """How far a mailing is: the phase, the last of whom was seen in it, and how many people there are in all."""

    phase: str = "begin"
    after: str = ""
    found: int = 0
    done: int = 0


class MailingKind:
    """The kind of job that sends."""

    name = domain.KIND

    async def carry_out(self, work: Work) -> object:
        """Send the mailing, and answer how many people it went to.

        Raises ToolEnded. Where the tool was ended after it was told to send, nobody can say any more whether it did:
        the mailing has failed, and the answer says so.
        """
        try:
            return await (await _Sending.of(work)).run()
        except ToolEnded as ended:
            if not work.settled:
                raise
            await work.db.write(sending.give_up, work.movement, work.request(Job).mailing, MailingState.FAILED)
            return {"people": None, "because": ended.code}

    async def undo(self, work: Work) -> None:
        """Nothing was sent: whom the tool was given stays on its list, where they permit to be."""
        ended = MailingState.STOPPED if work.job.ending == JobState.CANCELLED else MailingState.FAILED
        await work.db.write(sending.give_up, work.movement, work.request(Job).mailing, ended)


class _Sending:
    """One mailing on its way."""

    def __init__(self, work: Work, mailing: Mailing, tool: MailingTool, there: vendor.MailingTool) -> None:
        self._work = work
        self._mailing = mailing
        self._tool = tool
        self._there = there
        self._asked = Asked(tool.purpose, mailing.segment, work.parts.settings, work.parts.secrets)

    @classmethod
    async def of(cls, work: Work) -> "_Sending":
        mailing, _ = await work.db.read(domain.read, work.movement, work.request(Job).mailing)
        tool = await work.db.read(tools.read, work.movement, mailing.tool)
        if tool.state != ToolState.LIVE:
            raise ToolEnded
        return cls(work, mailing, tool, opened(work.parts, tool))

    @property
    def _state(self) -> State:
        return self._work.position(State) or State()

    async def run(self) -> object:
        """Go on from the phase that it is in."""
        work, campaign = self._work, self._mailing.campaign
        if self._state.phase == "begin":
            if campaign is not None and await self._there.is_sent(campaign):
                raise ToolRefuses("the campaign was sent before")
            await self._to("gather")
        if self._state.phase == "gather":
            await self._gather()
        if self._state.phase == "hand":
            group = await self._there.group(f"Backbone {self._mailing.id}")
            await work.db.write(sending.group_made, work.movement, self._mailing.id, group)
            await self._hand(group)
            if campaign is not None:
                await self._leave_out_late(group)
                await self._there.aim(campaign, group)
            await self._to("send", settled=True)
        if campaign is not None and not await self._there.is_sent(campaign):
            await self._there.send(campaign)
        return {"people": await work.db.write(sending.finish, work.movement, self._mailing.id)}

    async def _to(self, phase: str, *, settled: bool = False) -> None:
        state = msgspec.structs.replace(self._state, phase=phase, after="")
        await self._work.note(Moved(position=state, done=state.done, total=state.found or None, settled=settled))

    async def _gather(self) -> None:
        pace = Pace(50)

        def some(session: Session, movement: str, state: State) -> Moved:
            people = sending.gather(session, movement, self._mailing.id, self._asked, state.after, pace.size)
            if not people:
                return Moved(position=State("hand", found=state.found), done=0, total=state.found)
            return Moved(position=State("gather", people[-1], state.found + len(people)), done=0)

        while self._state.phase == "gather":
            await self._work.step(pace.timed(some), self._state)

    async def _hand(self, group: str) -> None:
        """Give the tool everybody who is in it, some at a time: on the list first, and then in the mailing's group."""
        work = self._work
        while some := await work.db.write(
            sending.next_to_hand, work.movement, self._mailing.id, self._tool.id, self._asked, _AT_ONCE
        ):
            outcomes = {each.id: await self._on_list(each) for each in some}
            come = [each.address for each in some if outcomes[each.id] is None]
            if come:
                await self._there.regroup(group, come, ())

            def handed(session: Session, movement: str, outcomes: dict[str, LeftOut | None] = outcomes) -> Moved:
                sending.handed(session, movement, outcomes)
                state = msgspec.structs.replace(self._state, done=self._state.done + len(outcomes))
                return Moved(position=state, done=state.done, total=state.found)

            await work.step(handed)

    async def _on_list(self, who: Waiting) -> LeftOut | None:
        """Have somebody on the list; the reason where they cannot be."""
        stands = AtTool.OFF if who.stands is None else AtTool(who.stands)
        if stands is AtTool.OFF:
            contact = Contact(who.address, who.given_name, who.family_name)
            stands = await at_tool.add(
                self._work.db, self._tool, self._there, who.person, contact, self._work.parts.secrets
            )
        return None if stands is AtTool.ON else _LEFT_OUT[stands]

    async def _leave_out_late(self, group: str) -> None:
        """Look at everybody once more, for handing many over takes a while: whoever withdrew comes out again."""
        work, after = self._work, ""
        while late := await work.db.write(
            sending.leave_out_late, work.movement, self._mailing.id, self._asked, after, _AT_ONCE
        ):
            after = late.last
            await self._take_out(group, late.out)

    async def _take_out(self, group: str, addresses: Sequence[str]) -> None:
        if addresses:
            await self._there.regroup(group, (), addresses)
