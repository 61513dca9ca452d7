"""What is said about themes and votes, and how they, what is alike, and suggested rounds are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from services.members.fields import PersonId, Slug
from services.members.life.themes.alike import Group, Said
from services.members.life.themes.models import RoundSuggestion
from services.members.life.themes.store import Counted
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

ThemeId = Annotated[str, Id("theme")]
SuggestionId = Annotated[str, Id("suggestion")]
_VoiceId = Annotated[str, Id("voice")]
Voices = Annotated[
    list[_VoiceId], Field(min_length=1, max_length=200), AfterValidator(lambda given: list(dict.fromkeys(given)))
]


class NewTheme(Body):
    """What voices have in common, and which voices those are."""

    slug: Slug = Field(examples=["gardening"])
    name: Name = Field(examples=["Gardens to meet in"])
    voices: Voices


class ThemeChanges(Changes):
    """What it is to be called. The slug stays: wishes are counted by it."""

    name: Name | None = None


class VoicesToAdd(Body):
    """Voices that are to belong to a theme, whatever theme they were of."""

    voices: Voices


class NewVote(Body):
    """Whose vote it is."""

    person: PersonId


class ThemeShown(View):
    """A theme, how many voices it has, how many people said so, how many wait for an answer, and its votes."""

    id: ThemeId
    slug: str
    name: str
    voices: int
    people: int
    unanswered: int
    votes: int
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, counted: Counted) -> Self:
        """A theme as the API shows it."""
        theme = counted.theme
        return cls(
            id=theme.id,
            slug=theme.slug,
            name=theme.name,
            voices=counted.voices,
            people=counted.people,
            unanswered=counted.unanswered,
            votes=counted.votes,
            created_at=theme.created_at,
            updated_at=theme.updated_at,
            version=theme.version,
        )


class VoiceWords(View):
    """A voice in its words."""

    voice: _VoiceId
    words: str

    @classmethod
    def of(cls, said: Said) -> Self:
        """The same, as the API shows it."""
        return cls(voice=said.voice, words=said.words)


class GroupAlike(View):
    """Voices of no theme whose words are alike, and the words that most of them share. A person says what they are."""

    voices: list[VoiceWords]
    shared_words: list[str]


class GroupsAlike(View):
    """What may be themes, the largest group first, out of so many voices that were compared."""

    compared: int
    data: list[GroupAlike]

    @classmethod
    def of(cls, compared: int, groups: Sequence[Group]) -> Self:
        """Groups as the API shows them."""
        found = [
            GroupAlike(voices=[VoiceWords.of(said) for said in group.voices], shared_words=group.shared_words)
            for group in groups
        ]
        return cls(compared=compared, data=found)


class ThemeLike(View):
    """A theme that a voice may belong to, for it is this like (out of 100) to one that does."""

    theme: ThemeId
    name: str
    like: VoiceWords
    likeness: int


class ThemesLike(View):
    """The themes that a voice may belong to, the likest first."""

    data: list[ThemeLike]


class SuggestionShown(View):
    """A round that unmet wishes suggest. `round` is the draft that grants made of it; null for a moment."""

    id: SuggestionId
    theme: str
    place: str
    wishes: int
    round: str | None
    suggested_at: datetime
    ended_on: date | None

    @classmethod
    def of(cls, suggestion: RoundSuggestion) -> Self:
        """A suggestion as the API shows it."""
        return cls(
            id=suggestion.id,
            theme=suggestion.theme,
            place=suggestion.place,
            wishes=suggestion.wishes,
            round=suggestion.round,
            suggested_at=suggestion.suggested_at,
            ended_on=suggestion.ended_on,
        )


class ToDraft(View):
    """What grants asks for when it drafts a round: what the wishes were about, in words."""

    theme: str
    place: str
