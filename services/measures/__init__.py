"""The measures service: the places, the definitions and the figures that a movement's partners share.

Owns places (shared by every movement), measures and their versions, imports and their faults, and the observations:
append-only figures of which every earlier revision can be read back as it was known then; and surveys, their links and
what people answered, without their names. One database of its own.
Publishes the events of :mod:`shared.events.measures`. Consumes members'
erasures: what was written here about somebody who is erased goes.

A figure never travels on the bus: an event says that there is one, and whoever may read it fetches it here.
"""
