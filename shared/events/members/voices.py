"""What people said: that it was raised, taken up, answered and told back. In which words, where, by whom is not told.

A theme is told of by its id alone: with a place and a moment, what it is about could say who spoke.
"""

from shared.events.base import Event


class VoiceRaised(Event, type="voice.raised", service="members", key="voice"):
    """Somebody named an issue, an idea, a barrier or a wish; ``people`` said the same."""

    voice: str
    kind: str
    people: int


class VoiceThemed(Event, type="voice.themed", service="members", key="voice"):
    """A person confirmed that a voice belongs to a theme; None: to none any more."""

    voice: str
    theme: str | None


class VoiceTakenUp(Event, type="voice.taken_up", service="members", key="voice"):
    """A circle, a partner, a programme, a round or a policy ask (``by``) took a voice up; ``taker`` is its id."""

    voice: str
    by: str
    taker: str


class VoicePutDown(Event, type="voice.put_down", service="members", key="voice"):
    """Whoever had taken a voice up no longer has it, for they are no more."""

    voice: str
    by: str
    taker: str


class VoiceAnswered(Event, type="voice.answered", service="members", key="voice"):
    """A voice was answered: `done`, `under_way` or `no`."""

    voice: str
    answer: str


class VoiceToldBack(Event, type="voice.told_back", service="members", key="voice"):
    """The answer was told back; ``people`` of those who had asked to hear it have."""

    voice: str
    people: int


class VoiceWithdrawn(Event, type="voice.withdrawn", service="members", key="voice"):
    """Somebody took back what they had said: its words are gone."""

    voice: str


class ThemeConfirmed(Event, type="voice_theme.confirmed", service="members", key="theme"):
    """A person confirmed that voices have a theme in common."""

    theme: str


class ThemeVoted(Event, type="voice_theme.voted", service="members", key="theme"):
    """Somebody gave a theme their vote."""

    theme: str


class RoundSuggested(Event, type="round_suggestion.made", service="members", key="suggestion"):
    """So many unmet ``wishes`` alike in one place suggest a round of grants; whoever drafts it asks for the theme."""

    suggestion: str
    wishes: int
