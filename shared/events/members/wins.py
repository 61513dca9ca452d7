"""What went well, and what was recognised: ids, and never who in which words."""

from shared.events.base import Event


class WinNoted(Event, type="win.noted", service="members", key="win"):
    """Something went well."""

    win: str


class WinShared(Event, type="win.shared", service="members", key="win"):
    """A win may be shown to everybody, as long as each person in it allows that: whoever shows it asks again."""

    win: str


class WinUnshared(Event, type="win.unshared", service="members", key="win"):
    """A win may be shown to everybody no longer."""

    win: str


class RecognitionGiven(Event, type="recognition.given", service="members", key="recognition"):
    """Somebody was recognised by a scheme, until a day where one is given."""

    recognition: str
    scheme: str


class RecognitionEnded(Event, type="recognition.ended", service="members", key="recognition"):
    """A recognition ends before its time."""

    recognition: str
    scheme: str
