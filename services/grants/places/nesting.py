"""What a place counts as: itself, and every area that it lies in."""

from collections.abc import Collection, Set

from sqlalchemy.orm import Session

from services.grants.places import store

NOWHERE: Set[str] = frozenset()


class Nesting:
    """What each of some places counts as, read at one moment. One that was not learnt yet counts as itself alone."""

    def __init__(self, session: Session, movement: str, codes: Collection[str | None]) -> None:
        self._within = store.within(session, movement, {code for code in codes if code is not None})

    def __call__(self, code: str | None) -> Set[str]:
        """The place and all that it lies in; nothing where no place is named."""
        return NOWHERE if code is None else frozenset((code, *self._within.get(code, ())))

    def any_of(self, codes: Collection[str]) -> Set[str]:
        """All that any of these counts as."""
        return frozenset().union(*(self(code) for code in codes))


def areas_of(session: Session, movement: str, code: str | None) -> Set[str]:
    """What one place counts as."""
    return Nesting(session, movement, [code])(code)
