"""What the measures service tells of who reports what, and of what it is to become."""

from shared.events.base import Event


class AdoptionMade(Event, type="adoption.made", service="measures", key="adoption"):
    """A partner is going to report by a version; without an organisation it is the movement itself."""

    adoption: str
    version: str
    organisation: str | None = None


class AdoptionChanged(Event, type="adoption.changed", service="measures", key="adoption"):
    """An adoption ends on another day, is due otherwise, or is about other places."""

    adoption: str
    version: str


class TargetSet(Event, type="target.set", service="measures", key="target"):
    """The movement said what a figure of a version is to become, or from where it starts. How much is not told."""

    target: str
    version: str


class TargetChanged(Event, type="target.changed", service="measures", key="target"):
    """A target or a baseline is another one now."""

    target: str
    version: str


class TargetDropped(Event, type="target.dropped", service="measures", key="target"):
    """A target or a baseline was dropped."""

    target: str
    version: str


class KpiEntered(Event, type="kpi.entered", service="measures", key="kpi"):
    """The movement steers by another number; `source` is where its value comes from."""

    kpi: str
    source: str


class KpiChanged(Event, type="kpi.changed", service="measures", key="kpi"):
    """What a KPI is to be, who answers for it or how it is rated is another one now."""

    kpi: str


class KpiRated(Event, type="kpi.rated", service="measures", key="kpi"):
    """A KPI was rated. Its value and the word are asked for."""

    kpi: str
    rating: str
