"""What is learnt and passed on: ids and numbers, and never who, what or in which words."""

from shared.events.base import Event


class LearningNeedSaid(Event, type="learning.need_said", service="members", key="need"):
    """Somebody needs to learn something."""

    need: str


class LearningCourseCancelled(Event, type="learning.course_cancelled", service="members", key="course"):
    """A course does not take place."""

    course: str


class LearningCompleted(Event, type="learning.completed", service="members", key="place"):
    """Somebody completed a course."""

    place: str
    course: str


class LearningPassedOn(Event, type="learning.passed_on", service="members", key="place"):
    """Somebody passed on what they learnt, to so many people."""

    place: str
    course: str
    people: int
