"""What the grants service tells of reports: that there are some, and never what they say."""

from shared.events.base import Event


class GrantReportDue(Event, type="grant_report.due", service="grants", key="report"):
    """A group is asked for a report of its award."""

    report: str
    award: str


class GrantReportOverdue(Event, type="grant_report.overdue", service="grants", key="report"):
    """The day by which a report was asked for has passed."""

    report: str
    award: str


class GrantReportSubmitted(Event, type="grant_report.submitted", service="grants", key="report"):
    """A group has submitted a report."""

    report: str
    award: str


class GrantReportQueried(Event, type="grant_report.queried", service="grants", key="report"):
    """A group is asked about its report."""

    report: str
    award: str


class GrantReportAccepted(Event, type="grant_report.accepted", service="grants", key="report"):
    """A report says what was asked: it has so many figures, and perhaps a story, for measures to take."""

    report: str
    award: str
    figures: int
    story: bool


class GrantReportWaived(Event, type="grant_report.waived", service="grants", key="report"):
    """A report is not asked for any longer."""

    report: str
    award: str


class GrantReportPhotoErased(Event, type="grant_report.photo_erased", service="grants", key="report"):
    """The photograph of a report was deleted, for somebody was erased of whom the words beside it spoke."""

    report: str
    award: str
