"""Who belongs to which organisation, in what role, and from when until when."""
