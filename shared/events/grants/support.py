"""What the grants service tells of support contacts: never who it is, nor what was said."""

from shared.events.base import Event


class SupportBegun(Event, type="support_contact.begun", service="grants", key="support_contact"):
    """Somebody walks beside the group of an application."""

    support_contact: str
    application: str


class SupportGiven(Event, type="support_contact.given", service="grants", key="support_contact"):
    """They were in touch, in this way."""

    support_contact: str
    way: str


class SupportEnded(Event, type="support_contact.ended", service="grants", key="support_contact"):
    """They walk beside the group no more."""

    support_contact: str
    application: str
