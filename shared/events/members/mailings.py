"""What becomes of mailings: how many they went to, and what came back; never from which address."""

from shared.events.base import Event


class MailingSent(Event, type="mailing.sent", service="members", key="mailing"):
    """A mailing went out, to so many people."""

    mailing: str
    tool: str
    people: int


class MailCameBack(Event, type="mailing.came_back", service="members", key="mail_return"):
    """An address is held back: somebody unsubscribed or complained, or it is dead."""

    mail_return: str
    kind: str
    tool: str
