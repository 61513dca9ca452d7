"""What the measures service tells of surveys, and never of an answer."""

from shared.events.base import Event


class SurveyOpened(Event, type="survey.opened", service="measures", key="survey"):
    """A survey was opened: what it asks does not change any more, and it can be answered in its waves."""

    survey: str


class SurveyClosed(Event, type="survey.closed", service="measures", key="survey"):
    """A survey was closed: nobody answers it any more."""

    survey: str


class ResponseReceived(Event, type="response.received", service="measures", key="response"):
    """Somebody answered a survey; the `mode` is link, paper or telephone. It never says what, or who."""

    response: str
    survey: str
    wave: str
    mode: str
