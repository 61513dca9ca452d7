"""Files of people that were taken."""

from shared.events.base import Event


class PeopleImported(Event, type="people.imported", service="members", key="import_id"):
    """A file of people was taken: so many of its rows were new people, and so many changed somebody who was known."""

    import_id: str
    created: int
    changed: int
