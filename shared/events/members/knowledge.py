"""What is published in the knowledge hub, and that it was used."""

from shared.events.base import Event


class KnowledgePublished(Event, type="knowledge.published", service="members", key="item"):
    """A text of an item can be read from now on, in place of the one before."""

    item: str
    text: int
    kind: str
    language: str


class KnowledgeArchived(Event, type="knowledge.archived", service="members", key="item"):
    """An item is no longer found by those who look for help."""

    item: str


class KnowledgeUsed(Event, type="knowledge.used", service="members", key="item"):
    """Somebody told that they used an item; neither a person nor an organisation where it is not known who."""

    item: str
    use: str
    person: str | None
    organisation: str | None
