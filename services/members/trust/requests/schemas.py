"""What is said about a request on its way, and how one is shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import PersonId, Reference, Slug
from services.members.trust.requests import models
from services.members.trust.requests.models import (
    ExtensionReason,
    How,
    Identified,
    Kind,
    RefusalGround,
    Representation,
    RequestState,
    WaitReason,
)
from services.members.trust.requests.store import Shown
from shared.editing import Changes
from shared.fields import Body, Name, View, lines
from shared.ids import Id

RequestId = Annotated[str, Id("request")]
Words = Annotated[str, lines(5000)]


class OnBehalf(Body):
    """Somebody asks for another: who, by what authority, and what was seen that proves it (a reference, no copy)."""

    name: Name = Field(examples=["Ruth Okafor, her daughter"])
    authority: Representation
    evidence: Reference | None = Field(None, examples=["lasting power of attorney, registered 2024-03, seen 12 May"])


class NewRequest(Body):
    """A request as it came. Whose data it is about, once that is known, or at least who asks."""

    kind: Kind
    how: How
    received_on: date | None = Field(None, description="the day on which it came; today unless another is named")
    person: PersonId | None = Field(None, description="whose data it is about")
    asked_by: Name | None = Field(None, description="who asks, where it is not known yet who in the movement that is")
    words: Words | None = Field(None, description="what they ask, in their words")
    on_behalf: OnBehalf | None = None
    purposes: list[Slug] = Field(
        default_factory=list, max_length=50, description="what they object to: it is heeded from now on"
    )

    @model_validator(mode="after")
    def _about_somebody(self) -> Self:
        if self.person is None and self.asked_by is None:
            raise PydanticCustomError("nobody_asks", "needs a person, or who asks")
        if self.purposes and (self.kind is not Kind.OBJECT or self.person is None):
            raise PydanticCustomError("purposes_of_an_objection", "names purposes and is no objection of a person")
        return self


class RequestChanges(Changes):
    """What was taken down wrongly, while the request is open."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"asked_by", "words"})

    how: How | None = None
    received_on: date | None = None
    person: PersonId | None = None
    asked_by: Name | None = None
    words: Words | None = None
    on_behalf: OnBehalf | None = None


class Verification(Body):
    """How it was made sure who asks, and, where they ask for another, what proves that they may."""

    identified: Identified
    on: date | None = Field(None, description="today unless another day is named")
    person: PersonId | None = Field(None, description="whose data it is about, where that was not known before")
    evidence: Reference | None = Field(None, description="what proves the authority of whoever asks for another")


class NewWait(Body):
    """What is asked of the requester. A proof begins the period when it comes; what is clarified stops it."""

    reason: WaitReason
    words: Words = Field(examples=["Which of the two meetings do you mean?"])
    asked_on: date | None = Field(None, description="today unless another day is named")


class WaitAnswered(Body):
    """That the requester answered."""

    reason: WaitReason
    answered_on: date | None = Field(None, description="today unless another day is named")


class Acknowledgement(Body):
    """That whoever asked was told that it came."""

    on: date | None = Field(None, description="today unless another day is named")


class Told(Body):
    """That whoever asked was told of an answer that came about by itself, such as the end of an erasure."""

    on: date | None = Field(None, description="today unless another day is named")


class NewExtension(Body):
    """Why the answer takes up to two further months, and when whoever asked was told of it."""

    reason: ExtensionReason
    words: Words
    told_on: date | None = Field(None, description="today unless another day is named")


class NewRefusal(Body):
    """Why it is refused, in plain words, as whoever asked was told.

    The answer also says that they may complain, to us and to the Information Commissioner, and go to court.
    """

    ground: RefusalGround
    why: Words
    told_on: date | None = Field(None, description="today unless another day is named")


class NewOutcome(Body):
    """What was done, as whoever asked was told; ``held_for`` is why a part was refused, where one was."""

    done: Words = Field(examples=["Sent the archive by recorded post."])
    held_for: RefusalGround | None = None
    told_on: date | None = Field(None, description="today unless another day is named")


class Waiting(View):
    """Something that was asked of the requester; it waits while there is no answer."""

    reason: WaitReason
    words: str
    asked_on: date
    answered_on: date | None


class Extension(View):
    """Why the answer takes longer, and when whoever asked was told."""

    reason: ExtensionReason
    words: str
    told_on: date


class Verified(View):
    """How and when it was made sure who asks, and by which caller."""

    identified: Identified
    on: date
    by: str


class Answer(View):
    """What was done or why not, when whoever asked was told, and the ground of what was refused."""

    words: str
    refused_for: RefusalGround | None
    told_on: date | None


class RequestShown(View):
    """A request. `due_on` is the last day for the answer; `overdue` says that it has passed without one."""

    id: RequestId
    version: int
    kind: Kind
    state: RequestState
    how: How
    person: PersonId | None
    asked_by: str | None
    words: str | None
    on_behalf: OnBehalf | None
    received_on: date
    received_by: str
    acknowledge_by: date | None = Field(description="complaints are acknowledged by then")
    acknowledged_on: date | None
    first_due_on: date
    due_on: date
    overdue: bool
    waits: list[Waiting]
    extension: Extension | None
    verified: Verified | None
    answer: Answer | None
    erasure: str | None = Field(description="the erasure that answers it, where it asks for one")
    closed_on: date | None
    closed_by: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def on(cls, today: date, shown: Shown) -> Self:
        """A request as the API shows it on a day."""
        request = shown.request
        return cls(
            id=request.id,
            version=request.version,
            kind=Kind(request.kind),
            state=RequestState(request.state),
            how=How(request.how),
            person=request.person,
            asked_by=request.asked_by,
            words=request.words,
            on_behalf=_on_behalf(request),
            received_on=request.received_on,
            received_by=request.received_by,
            acknowledge_by=request.acknowledge_by,
            acknowledged_on=request.acknowledged_on,
            first_due_on=request.first_due_on,
            due_on=request.due_on,
            overdue=request.overdue_on(today),
            waits=[
                Waiting(
                    reason=WaitReason(wait.reason),
                    words=wait.words,
                    asked_on=wait.asked_on,
                    answered_on=wait.answered_on,
                )
                for wait in shown.waits
            ],
            extension=_extension(request),
            verified=_verified(request),
            answer=_answer(request),
            erasure=shown.erasure,
            closed_on=request.closed_on,
            closed_by=request.closed_by,
            created_at=request.created_at,
            updated_at=request.updated_at,
        )


def _on_behalf(request: models.Request) -> OnBehalf | None:
    if request.behalf_name is None or request.behalf_authority is None:
        return None
    return OnBehalf.model_construct(
        name=request.behalf_name, authority=Representation(request.behalf_authority), evidence=request.behalf_evidence
    )


def _extension(request: models.Request) -> Extension | None:
    if request.extended_for is None or request.extension_words is None or request.extension_told_on is None:
        return None
    reason = ExtensionReason(request.extended_for)
    return Extension(reason=reason, words=request.extension_words, told_on=request.extension_told_on)


def _verified(request: models.Request) -> Verified | None:
    if request.identified is None or request.verified_on is None or request.verified_by is None:
        return None
    return Verified(identified=Identified(request.identified), on=request.verified_on, by=request.verified_by)


def _answer(request: models.Request) -> Answer | None:
    if request.outcome is None:
        return None
    ground = None if request.refused_for is None else RefusalGround(request.refused_for)
    return Answer(words=request.outcome, refused_for=ground, told_on=request.told_on)
