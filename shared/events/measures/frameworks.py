"""What the measures service tells of frameworks, assessments and stories: ids, never words."""

from shared.events.base import Event


class FrameworkChanged(Event, type="framework.changed", service="measures", key="framework"):
    """A framework was made, or got another version. `name` is the key by which it is found."""

    framework: str
    name: str
    version: int


class AssessmentCompleted(Event, type="assessment.completed", service="measures", key="assessment"):
    """The movement, or a part of it, was judged by a framework (its key): so many of its elements were."""

    assessment: str
    framework: str
    judged: int


class AssessmentWithdrawn(Event, type="assessment.withdrawn", service="measures", key="assessment"):
    """An assessment does not stand."""

    assessment: str
    framework: str


class StoryPublished(Event, type="story.published", service="measures", key="story"):
    """A story may be told: within the movement, to partners, or to everybody (`reach`). Whoever shows it fetches it."""

    story: str
    reach: str


class StoryWithdrawn(Event, type="story.withdrawn", service="measures", key="story"):
    """A story is told no more: whoever has it takes it down."""

    story: str
