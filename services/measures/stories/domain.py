"""The verbs of stories: told, changed, published and withdrawn. Whoever runs them has asked who permits it."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy.orm import Session

from services.measures.frameworks import domain as frameworks
from services.measures.frameworks import store as frameworks_store
from services.measures.places import store as places
from services.measures.stories import store
from services.measures.stories.asking import Permitting
from services.measures.stories.models import NotPermitted, Reach, Shown, State, Story, Tag, ToldAlready
from services.measures.stories.schemas import Agreement, NewStory, StoryChanges
from services.measures.stories.store import Chosen
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.measures.frameworks import StoryPublished, StoryWithdrawn
from shared.ids import new_id
from shared.partners import answering as partners


def tell(session: Session, movement: str, said: NewStory, permitting: Permitting) -> Shown:
    """Keep a story as a draft. Raises Invalid, NotPermitted and ToldAlready."""
    _refuse_faults([*_faults(session, movement, said), *_unknown(said.people, permitting)])
    _refuse_unpermitted(said.people, permitting)
    at, story = clock.now(), new_id("story")
    entered = store.insert(
        session, movement, id=story, version=1, title=said.title, words=said.words, language=said.language,
        credit=said.credit, told_on=said.told_on.isoformat(), place=said.place, programme=said.programme,
        origin=said.origin.value, reference=said.reference, **_agreed(said.agreement), state=State.DRAFT.value,
        actor=of(session).context.actor, created_at=at, updated_at=at,
    )  # fmt: skip
    if not entered:
        told = store.of_reference(session, movement, said.origin, said.reference or "")
        raise ToldAlready(story=told or "")
    _put(session, movement, story, said)
    return read(session, movement, story)


def change(
    session: Session, movement: str, id: str, said: StoryChanges, permitting: Permitting, expected: int | None
) -> Shown:
    """Change a draft. Raises NotFound, PreconditionFailed, NotADraft, Invalid and NotPermitted."""
    story = _held(session, movement, id)
    hold_to(story.version, expected)
    story.refuse_unless_draft()
    _refuse_faults([*_faults(session, movement, said), *_unknown(said.people or (), permitting)])
    said.apply(story, "title", "words", "language", "credit", "place", "programme")
    if said.told_on is not None:
        story.told_on = said.told_on.isoformat()
    if said.agreement is not None:
        for field, value in _agreed(said.agreement).items():
            setattr(story, field, value)
    _put(session, movement, id, said)
    story.changed(clock.now())
    changed = _shown(session, movement, story)
    _refuse_unpermitted(changed.people, permitting)
    return changed


def publish(session: Session, movement: str, id: str, permitting: Permitting, expected: int | None) -> Shown:
    """Let a story be told as far as was agreed; `permitting` is of that reach, which :func:`read` tells.

    Raises NotFound, PreconditionFailed, IllegalTransition and NotPermitted.
    """
    story = _held(session, movement, id)
    hold_to(story.version, expected)
    story.publish(clock.now())
    shown = _shown(session, movement, story)
    if _is_over(story, partners.today(session, movement).isoformat()):
        raise NotPermitted("what was agreed was for a time that is over")
    _refuse_unpermitted(shown.people, permitting)
    outbox.record(session, StoryPublished(story=id, reach=story.reach))
    return shown


def withdraw(session: Session, movement: str, id: str, expected: int | None) -> Shown:
    """Have a story told no more: its words and whom it tells of go, and what rested on it says that it does not stand.

    Raises NotFound, PreconditionFailed and IllegalTransition.
    """
    story = _held(session, movement, id)
    hold_to(story.version, expected)
    published = story.state == State.PUBLISHED
    story.withdraw(clock.now())
    store.put_people(session, movement, id, ())
    if published:
        outbox.record(session, StoryWithdrawn(story=id))
    return _shown(session, movement, story)


def read(session: Session, movement: str, id: str) -> Shown:
    """One story, whoever may be shown it. Raises NotFound."""
    return _shown(session, movement, _found(store.get(session, movement, id)))


def read_for(session: Session, movement: str, id: str, reach: Reach) -> Shown:
    """One story, where it may be told so far today; who permits it is still to be asked. Raises NotFound."""
    shown = read(session, movement, id)
    it, today = shown.story, partners.today(session, movement).isoformat()
    hidden = reach is not Reach.MOVEMENT and it.state != State.PUBLISHED
    if hidden or Reach(it.reach) not in reach.further or _is_over(it, today):
        raise NotFound("there is no such story")
    return shown


def list_stories(session: Session, movement: str, *, chosen: Chosen, after: str, limit: int) -> Sequence[Shown]:
    """The stories that may be told so far today, in the order in which they were entered; who permits it is still to
    be asked."""
    today = partners.today(session, movement).isoformat()
    rows = store.page(session, movement, chosen=chosen, on=today, after=after, limit=limit)
    return store.shown(session, movement, rows)


def _put(session: Session, movement: str, id: str, said: NewStory | StoryChanges) -> None:
    """Write the lists that were sent."""
    if said.people is not None:
        store.put_people(session, movement, id, said.people)
    if said.tags is not None:
        store.put_tags(session, movement, id, [Tag(tag.framework, tag.element) for tag in said.tags])
    if said.measures is not None:
        store.put_measures(session, movement, id, said.measures)
    session.flush()


def _agreed(said: Agreement) -> dict[str, str | None]:
    """What was agreed, by the columns that hold it."""
    review_on = None if said.review_on is None else said.review_on.isoformat()
    return {"reach": said.reach, "agreed_on": said.on.isoformat(), "agreed_how": said.how, "review_on": review_on}


def _is_over(story: Story, today: str) -> bool:
    return story.review_on is not None and story.review_on < today


def _faults(session: Session, movement: str, said: NewStory | StoryChanges) -> Iterator[Fault]:
    """What is named that is not there, and what is still to come."""
    today = partners.today(session, movement)
    agreed_on = None if said.agreement is None else said.agreement.on
    for pointer, day in (("/told_on", said.told_on), ("/agreement/on", agreed_on)):
        if day is not None and day > today:
            yield Fault(pointer, "is still to come", "in_the_future")
    if said.place is not None and not places.find(session, {said.place}):
        yield Fault("/place", "no place has this code", "unknown_place")
    known = frameworks_store.known_measures(session, movement, set(said.measures or ()))
    for at, measure in enumerate(said.measures or ()):
        if measure not in known:
            yield Fault(f"/measures/{at}", "is no measure of this movement", "unknown_measure")
    for at, tag in enumerate(said.tags or ()):
        elements = frameworks.elements(session, movement, tag.framework)
        if elements is None:
            yield Fault(f"/tags/{at}/framework", "is no framework of this movement", "unknown_framework")
        elif tag.element not in elements:
            yield Fault(f"/tags/{at}/element", "is no element of this framework", "unknown_element")


def _unknown(people: Sequence[str], permitting: Permitting) -> Iterator[Fault]:
    for at, person in enumerate(people):
        if person not in permitting.known:
            yield Fault(f"/people/{at}", "is no person of this movement", "unknown_person")


def _refuse_unpermitted(people: Collection[str], permitting: Permitting) -> None:
    if not permitting.permitting.issuperset(people):
        raise NotPermitted


def _refuse_faults(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(faults=faults)


def _shown(session: Session, movement: str, story: Story) -> Shown:
    return store.shown(session, movement, [story])[0]


def _held(session: Session, movement: str, id: str) -> Story:
    return _found(store.lock(session, movement, id))


def _found(story: Story | None) -> Story:
    if story is None:
        raise NotFound("there is no such story")
    return story
