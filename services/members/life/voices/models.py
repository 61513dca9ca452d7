"""Tables of voices: what was said and where it stands, who took it up, what was answered, and who asked to hear."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import HOLDS_PERSON, Base
from services.members.community.circles.models import of_circle
from services.members.community.programmes.models import of_programme
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.engagement.campaigns.models import of_ask
from services.members.engagement.gatherings.models import of_gathering
from services.members.erasing import GOES, emptied, sealed_words
from services.members.life.themes.models import of_theme
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class VoiceKind(StrEnum):
    """What somebody said: what is wrong, what could be done, what stands in the way, what they would like."""

    ISSUE = "issue"
    IDEA = "idea"
    BARRIER = "barrier"
    WISH = "wish"


class VoiceState(StrEnum):
    """Where a voice stands. Only what was withdrawn has no words any more."""

    RAISED = "raised"
    TAKEN_UP = "taken_up"
    ANSWERED = "answered"
    TOLD_BACK = "told_back"
    WITHDRAWN = "withdrawn"


class Reply(StrEnum):
    """What became of it. `under_way` is answered again; `no` says why."""

    DONE = "done"
    UNDER_WAY = "under_way"
    NO = "no"


class TakenBy(StrEnum):
    """Who took a voice up. A partner is an organisation, and an ask one of a campaign's policy asks."""

    CIRCLE = "circle"
    PARTNER = "partner"
    PROGRAMME = "programme"
    ROUND = "round"
    ASK = "ask"


UNANSWERED = (VoiceState.RAISED, VoiceState.TAKEN_UP)
"""The states in which a voice ages."""
_ONE_TAKER = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in TakenBy) + " = 1"

LIFECYCLE = Lifecycle(
    "a voice",
    {
        VoiceState.RAISED: {VoiceState.TAKEN_UP, VoiceState.ANSWERED, VoiceState.WITHDRAWN},
        VoiceState.TAKEN_UP: {VoiceState.RAISED, VoiceState.TAKEN_UP, VoiceState.ANSWERED, VoiceState.WITHDRAWN},
        VoiceState.ANSWERED: {VoiceState.ANSWERED, VoiceState.TOLD_BACK, VoiceState.WITHDRAWN},
        VoiceState.TOLD_BACK: {VoiceState.ANSWERED, VoiceState.WITHDRAWN},
    },
)


class AnsweredForGood(Conflict):
    """It was answered `done` or `no`. Only what is under way is answered again."""

    code = "answered_for_good"
    title = "This was answered"


def of_voice() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a voice of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "voice"], ["voices.movement", "voices.id"])


def words_place(movement: str, voice: str) -> bytes:
    """What the words of a voice are bound to: moved to another row they do not open."""
    return f"{movement}/{voice}".encode()


class Voice(Base):
    """What somebody, or ``people`` of them, said on a day: sealed, for words like these may tell of health or belief.

    ``speaker`` is for those who gave their name; once they are erased their words go too, and what became of them
    stays. ``traceparent`` is the trace under which it was raised: whoever acts on it can go on under the same.
    """

    __tablename__ = "voices"
    __table_args__ = (
        of_gathering(),
        of_theme(),
        sa.CheckConstraint("people > 0", name="voices_are_somebodys"),
        sa.Index("voices_by_state", "movement", "state", "said_on", "id"),
        sa.Index("voices_by_theme", "movement", "theme", "id"),
        sa.Index("voices_by_gathering", "movement", "gathering"),
        sa.Index("voices_by_speaker", "movement", "speaker"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    sealed: Mapped[bytes | None] = mapped_column(info=sealed_words(words_place))
    place: Mapped[str | None]
    gathering: Mapped[str | None]
    theme: Mapped[str | None]
    said_on: Mapped[date]
    people: Mapped[int]
    speaker: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | emptied("sealed"))
    recorded_by: Mapped[str]
    state: Mapped[str]
    state_since: Mapped[datetime]
    reply: Mapped[str | None]
    traceparent: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    uptakes: Mapped[list["Uptake"]] = relationship(viewonly=True, lazy="raise", order_by="Uptake.id")
    answers: Mapped[list["Answer"]] = relationship(viewonly=True, lazy="raise", order_by="Answer.id")

    def take_up(self, at: datetime) -> None:
        """Raised → taken up; somebody else may take it up as well."""
        self._move(VoiceState.TAKEN_UP, at)

    def put_down(self, at: datetime) -> None:
        """Taken up → raised, for nobody has it now."""
        self._move(VoiceState.RAISED, at)

    def answer(self, reply: Reply, at: datetime) -> None:
        """Any that is not withdrawn → answered. Raises AnsweredForGood unless what was answered is under way."""
        if self.reply not in (None, Reply.UNDER_WAY):
            raise AnsweredForGood(f"it was answered `{self.reply}`")
        self._move(VoiceState.ANSWERED, at)
        self.reply = reply

    def tell_back(self, at: datetime) -> None:
        """Answered → told back."""
        self._move(VoiceState.TOLD_BACK, at)

    def withdraw(self, at: datetime) -> None:
        """Any → withdrawn: the words go, and who said them."""
        self._move(VoiceState.WITHDRAWN, at)
        self.sealed = self.speaker = None

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at

    def _move(self, state: VoiceState, at: datetime) -> None:
        self.state, self.state_since = LIFECYCLE.step(self.state, state), at
        self.changed(at)


class Uptake(Base):
    """Who took a voice up, from which day and until which, if they no longer have it. A round is one of grants'."""

    __tablename__ = "voice_uptakes"
    __table_args__ = (
        of_voice(),
        of_circle(),
        of_organisation("partner"),
        of_programme(),
        of_ask(),
        sa.CheckConstraint(_ONE_TAKER, name="voice_uptakes_by_one"),
        sa.Index("voice_uptakes_by_voice", "movement", "voice"),
        sa.Index("voice_uptakes_by_partner", "movement", "partner"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    voice: Mapped[str]
    circle: Mapped[str | None]
    partner: Mapped[str | None]
    programme: Mapped[str | None]
    round: Mapped[str | None]
    ask: Mapped[str | None]
    since: Mapped[date]
    until: Mapped[date | None]

    @property
    def by(self) -> TakenBy:
        """Which of the five it was."""
        return next(kind for kind in TakenBy if getattr(self, kind) is not None)

    @property
    def taker(self) -> str:
        """The id of whoever it was."""
        return str(getattr(self, self.by))


class Answer(Base):
    """What was answered to a voice, and when it was told back. The last one holds."""

    __tablename__ = "voice_answers"
    __table_args__ = (
        of_voice(),
        sa.CheckConstraint("reply <> 'no' OR why IS NOT NULL", name="voice_answers_say_why_not"),
        sa.Index("voice_answers_by_voice", "movement", "voice"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    voice: Mapped[str]
    reply: Mapped[str]
    why: Mapped[str | None]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]
    told_how: Mapped[str | None]
    told_at: Mapped[datetime | None]


class Listener(Base):
    """Somebody who asked to hear the answer, over which channel, and when they were last told one."""

    __tablename__ = "voice_listeners"
    __table_args__ = (
        of_voice(),
        of_person(erased=GOES),
        sa.UniqueConstraint("movement", "voice", "person"),
        sa.Index("voice_listeners_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    voice: Mapped[str]
    person: Mapped[str]
    channel: Mapped[str]
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
