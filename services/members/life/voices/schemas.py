"""What is said about voices, and how they are shown. The words are part of one answer alone."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.engagement.gatherings.fields import GatheringId
from services.members.fields import Paragraph, PersonId, Reference
from services.members.life.themes.schemas import ThemeId
from services.members.life.voices.models import Answer, Listener, Reply, TakenBy, Uptake, VoiceKind, VoiceState
from services.members.life.voices.store import Aged, Told
from services.members.trust.permissions.models import Channel
from shared.editing import Changes
from shared.fields import Body, View, lines
from shared.ids import Id, is_id

VoiceId = Annotated[str, Id("voice")]
Words = Annotated[str, lines(5000)]
People = Annotated[int, Field(ge=1, le=1_000_000, description="how many said it")]

_PREFIX = {
    TakenBy.CIRCLE: "circle",
    TakenBy.PARTNER: "org",
    TakenBy.PROGRAMME: "programme",
    TakenBy.ROUND: "round",
    TakenBy.ASK: "ask",
}
"""What the id of each begins with."""


def _reaches(channel: Channel) -> Channel:
    if channel in (Channel.PUBLICATION, Channel.SHARING, Channel.RECORD):
        raise PydanticCustomError("reaches_nobody", "reaches nobody")
    return channel


class Hearing(Body):
    """Somebody who asks to hear what becomes of it, and how they want to be told."""

    person: PersonId
    channel: Annotated[Channel, AfterValidator(_reaches)] = Channel.EMAIL


class NewVoice(Body):
    """What was said, in the words of whoever said it. Nobody needs to give a name."""

    kind: VoiceKind
    words: Words
    place: Reference | None = Field(None, description="where it is so", examples=["Matson"])
    gathering: GatheringId | None = Field(None, description="the gathering at which it was said")
    theme: ThemeId | None = None
    said_on: date | None = Field(None, description="today unless it is another day")
    people: People = 1
    speaker: PersonId | None = None
    hear: list[Hearing] = Field(default_factory=list, max_length=100, description="who asks to hear the answer")


class VoiceChanges(Changes):
    """What is to be different. The words stay as they were said."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"place", "gathering", "theme"})

    kind: VoiceKind | None = None
    place: Reference | None = None
    gathering: GatheringId | None = None
    theme: ThemeId | None = None
    said_on: date | None = None
    people: People | None = None


class Taker(Body):
    """Who takes it up: a circle, a partner (an organisation), a programme, a round or a policy ask of a campaign."""

    by: TakenBy
    id: Annotated[str, Field(max_length=100, examples=["programme_01j5x3m0e8f7v9q2k4t6w8y0ab"])]

    @model_validator(mode="after")
    def _of_that_kind(self) -> Self:
        if not is_id(self.id, _PREFIX[self.by]):
            raise PydanticCustomError("invalid_id", "names no {by} by its id", {"by": str(self.by)})
        return self


class NewAnswer(Body):
    """What becomes of it. A `no` says why."""

    answer: Reply
    why: Paragraph | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.answer is Reply.NO and self.why is None:
            raise PydanticCustomError("no_reason", "is a no that does not say why")
        return self


class Telling(Body):
    """How the answer was told back."""

    how: Reference = Field(examples=["at the campfire on 3 May"])


class UptakeShown(View):
    """Who took a voice up."""

    by: TakenBy
    id: str
    since: date
    until: date | None = Field(description="the day from which they no longer have it")

    @classmethod
    def of(cls, uptake: Uptake) -> Self:
        """The same, as the API shows it."""
        return cls(by=uptake.by, id=uptake.taker, since=uptake.since, until=uptake.until)


class AnswerShown(View):
    """What was answered, and how and when that was told back."""

    answer: Reply
    why: str | None
    answered_at: datetime
    told_how: str | None
    told_at: datetime | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """The same, as the API shows it."""
        return cls(
            answer=Reply(answer.reply),
            why=answer.why,
            answered_at=answer.answered_at,
            told_how=answer.told_how,
            told_at=answer.told_at,
        )


class VoiceShown(View):
    """A voice without its words, which are read under `/words` with a scope of their own.

    `age_days` counts the days that it has waited for an answer; null once it has one. `traceparent` is that of the
    request by which it was raised: what is sent with it is told under the same trace.
    """

    id: VoiceId
    kind: VoiceKind
    place: str | None
    gathering: GatheringId | None
    theme: ThemeId | None
    said_on: date
    people: int
    state: VoiceState
    state_since: datetime
    age_days: int | None
    overdue: bool
    taken_up_by: list[UptakeShown]
    answers: list[AnswerShown]
    traceparent: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, aged: Aged, overdue_after: int) -> Self:
        """A voice as the API shows it; overdue once it is unanswered for more than so many days."""
        voice = aged.voice
        return cls(
            id=voice.id,
            kind=VoiceKind(voice.kind),
            place=voice.place,
            gathering=voice.gathering,
            theme=voice.theme,
            said_on=voice.said_on,
            people=voice.people,
            state=VoiceState(voice.state),
            state_since=voice.state_since,
            age_days=aged.days,
            overdue=aged.days is not None and aged.days > overdue_after,
            taken_up_by=[UptakeShown.of(uptake) for uptake in voice.uptakes],
            answers=[AnswerShown.of(answer) for answer in voice.answers],
            traceparent=voice.traceparent,
            created_at=voice.created_at,
            updated_at=voice.updated_at,
            version=voice.version,
        )


class Spoken(View):
    """What was said, in their words, and by whom where they gave their name and let it be shown."""

    words: str | None
    speaker: PersonId | None


class ListenerShown(View):
    """Somebody who asked to hear what becomes of it."""

    person: PersonId
    channel: Channel
    asked_at: datetime
    told_at: datetime | None

    @classmethod
    def of(cls, listener: Listener) -> Self:
        """The same, as the API shows it."""
        return cls(
            person=listener.person,
            channel=Channel(listener.channel),
            asked_at=listener.asked_at,
            told_at=listener.told_at,
        )


class ToldBack(View):
    """A voice that was told back, whom to tell it and how, and how many who asked do not permit it now."""

    voice: VoiceShown
    told: list[ListenerShown]
    left_out: int

    @classmethod
    def of(cls, told: Told, overdue_after: int) -> Self:
        """The same, as the API shows it."""
        return cls(
            voice=VoiceShown.of(told.voice, overdue_after),
            told=[ListenerShown.of(listener) for listener in told.told],
            left_out=told.left_out,
        )


class KindSummed(View):
    """How many voices of a kind there are, and how many of them wait for an answer."""

    kind: VoiceKind
    voices: int
    unanswered: int
    overdue: int


class VoicesSummed(View):
    """How well a movement listens on a day. `oldest_on` is when the oldest that is unanswered was said."""

    on: date
    kinds: list[KindSummed]
    told_back: int
    oldest_on: date | None
