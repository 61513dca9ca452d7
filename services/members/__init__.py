"""The members service: who is in a movement, what they do, and how they are connected. Its nouns stand in rooms.

Owns, in its own database: people, organisations and what is known of them (`directory`); memberships, the ladder,
pledges, campaigns and gatherings (`engagement`); the asset map, introductions, relationship holders, circles, ties,
programmes and knowledge (`community`); and what people allow (`trust`).
Publishes the events of :mod:`shared.events.members`, each keyed by its subject.
Consumes the gateway's movement events, for the time zone that a movement reckons its days in.

Names, addresses and words stay here: the log carries ids and kinds, and whoever needs a name asks this service for it.
`guide/` tells how each area is used.
"""
