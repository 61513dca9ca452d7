"""What day it is for a movement, in one place: due dates and expiries are reckoned by it."""

from shared.partners.answering import today

__all__ = ["today"]
