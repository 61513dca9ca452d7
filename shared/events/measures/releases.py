"""What the measures service tells of what is published of figures."""

from shared.events.base import Event


class ReleasePublished(Event, type="release.published", service="measures", key="release"):
    """Figures of a version were published, to anybody (`public`) or to the movement's organisations (`partners`)."""

    release: str
    version: str
    audience: str


class ReleaseSuperseded(Event, type="release.superseded", service="measures", key="release"):
    """A release was replaced by another one."""

    release: str
    by: str


class ReleaseWithdrawn(Event, type="release.withdrawn", service="measures", key="release"):
    """A release is shown no more. What it showed is known, and is reckoned with for ever."""

    release: str
