"""Who has what part of the agenda, of decisions, roles, programmes and staff time, by organisation."""
