"""The members service: who is in a movement, what they allow, pledge and do, and where on the ladder they stand.

Owns people, their memberships, permissions, pledges and activities, and the ladder's policies, in its own database.
Publishes the events of :mod:`shared.events.members`, keyed by person, and by policy for the ladder's rules.
Consumes the gateway's movement events, for the time zone that a movement reckons its days in.

Names, addresses and words stay here: the log carries ids and kinds, and whoever needs a name asks this service for it.
"""
