"""Trying out another mapping of a CRM: exactly what it would be sent of each record, and nothing is sent."""
