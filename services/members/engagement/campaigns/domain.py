"""The verbs of campaigns: prepared, opened with somebody's pledge to show, answered, closed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.campaigns import store
from services.members.engagement.campaigns.models import Ask, Campaign, CampaignState, Target
from services.members.engagement.campaigns.schemas import (
    CampaignChanges,
    NewAnswer,
    NewAsk,
    NewCampaign,
    NewTarget,
)
from services.members.engagement.pledges import store as pledges
from services.members.named import named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.campaigns import CampaignAnswered, CampaignClosed, CampaignOpened
from shared.ids import new_id


class SlugTaken(Conflict):
    """Another campaign has it, and pledges name campaigns by it."""

    code = "slug_taken"
    title = "The movement has a campaign with this slug"


def draft(session: Session, movement: str, said: NewCampaign) -> Campaign:
    """Prepare a campaign. Raises SlugTaken, Invalid."""
    _check_days(said.starts_on, said.ends_on)
    campaign, at = new_id("campaign"), clock.now()
    entered = store.enter(
        session,
        movement,
        id=campaign,
        version=1,
        slug=said.slug,
        name=said.name,
        kind=said.kind,
        purpose=said.purpose,
        state=CampaignState.DRAFT,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        created_at=at,
        updated_at=at,
    )
    if not entered:
        raise SlugTaken
    session.add_all(_targets(movement, campaign, said.targets))
    _add_asks(session, movement, campaign, {f"/asks/{number}": ask for number, ask in enumerate(said.asks)})
    return read(session, movement, campaign)


def change(session: Session, movement: str, id: str, changes: CampaignChanges, expected: int | None) -> Campaign:
    """Change a campaign; what it sets out to reach only while it is a draft. Raises NotADraft, Closed, Invalid."""
    campaign = _held(session, movement, id, expected)
    campaign.edit(clock.now(), targets=changes.targets is not None)
    changes.apply(campaign, "name", "purpose", "starts_on", "ends_on")
    _check_days(campaign.starts_on, campaign.ends_on)
    if changes.targets is not None:
        store.replace_targets(session, movement, id, _targets(movement, id, changes.targets))
    return read(session, movement, id)


def open_to_all(session: Session, movement: str, id: str, expected: int | None) -> Campaign:
    """Open a campaign, with a published pledge to show. Raises Over, NoPublishedPledge, NobodyAsked."""
    campaign = _held(session, movement, id, expected)
    campaign.open(
        clock.now(),
        days.today(session, movement),
        published_pledge=pledges.hold_published(session, movement, campaign.slug),
        somebody_asked=store.asks_anybody(session, movement, id),
    )
    outbox.record(session, CampaignOpened(campaign=id, slug=campaign.slug, kind=campaign.kind))
    return read(session, movement, id)


def close(session: Session, movement: str, id: str, expected: int | None) -> Campaign:
    """End a campaign, or give up a draft. What was pledged stays pledged."""
    campaign = _held(session, movement, id, expected)
    _close(session, campaign)
    return read(session, movement, id)


def close_past(session: Session, movement: str, slice_of: int) -> bool:
    """Close the next open campaigns whose last day has passed where the movement is; whether more may have."""
    found = store.past(session, movement, days.today(session, movement), slice_of)
    for campaign in found:
        _close(session, campaign)
    return len(found) == slice_of


def ask(session: Session, movement: str, id: str, said: NewAsk) -> Campaign:
    """Ask one more to decide, before or after the campaign opens. Raises Closed, Invalid."""
    campaign = _held(session, movement, id, None)
    campaign.edit(clock.now(), targets=False)
    _add_asks(session, movement, id, {"": said})
    return read(session, movement, id)


def answer(session: Session, movement: str, id: str, ask: str, said: NewAnswer) -> Campaign:
    """Note what those who were asked answered. Raises NotFound, NotOpen, Invalid."""
    campaign = _held(session, movement, id, None)
    asked = store.ask_for_change(session, movement, id, ask)
    if asked is None:
        raise NotFound
    if said.answered_on > days.today(session, movement):
        raise Invalid(faults=[Fault("/answered_on", "is in the future", "in_the_future")])
    campaign.answered(clock.now())
    asked.answer, asked.answered_on, asked.said = said.answer, said.answered_on, said.said
    outbox.record(session, CampaignAnswered(campaign=id, ask=ask, answer=said.answer))
    return read(session, movement, id)


def read(session: Session, movement: str, id: str) -> Campaign:
    """One campaign. Raises NotFound."""
    session.flush()
    found = store.find(session, movement, id)
    if found is None:
        raise NotFound
    return found


def _close(session: Session, campaign: Campaign) -> None:
    campaign.close(clock.now())
    outbox.record(session, CampaignClosed(campaign=campaign.id, slug=campaign.slug, kind=campaign.kind))


def _targets(movement: str, campaign: str, said: Sequence[NewTarget]) -> list[Target]:
    return [
        Target(
            movement=movement,
            id=new_id("target"),
            campaign=campaign,
            counts=target.counts,
            number=target.number,
            by=target.by,
        )
        for target in said
    ]


def _add_asks(session: Session, movement: str, campaign: str, said: dict[str, NewAsk]) -> None:
    """Add asks, each given under the pointer of its place in the request."""
    asked = named(
        session, movement, organisations={f"{place}/organisation": ask.organisation for place, ask in said.items()}
    )
    if asked.faults:
        raise Invalid(faults=asked.faults)
    session.add_all(
        Ask(
            movement=movement,
            id=new_id("ask"),
            campaign=campaign,
            decider=ask.decider,
            organisation=asked.at(f"{place}/organisation"),
            question=ask.question,
        )
        for place, ask in said.items()
    )


def _check_days(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Invalid(faults=[Fault("/ends_on", "is before it starts", "before_start")])


def _held(session: Session, movement: str, id: str, expected: int | None) -> Campaign:
    """The campaign, locked, at the version that the caller read."""
    campaign = store.for_change(session, movement, id)
    if campaign is None:
        raise NotFound
    hold_to(campaign.version, expected)
    return campaign
