"""The consumer: reads the log from its own cursor and applies each event once, cursor, inbox and effects together."""

from shared.consumer.apply import Apply, Handler, Handlers, each
from shared.consumer.consumer import Consumer

__all__ = ["Apply", "Consumer", "Handler", "Handlers", "each"]
