"""What the grants service tells of imports of other funders' grants: how many, and nothing of what they say."""

from shared.events.base import Event


class GrantsImported(Event, type="external_grants.imported", service="grants", key="import_id"):
    """A file of other funders' grants was taken: so many of them were new, and so many otherwise than before."""

    import_id: str
    new: int
    changed: int
