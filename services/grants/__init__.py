"""The grants service: who funds what, and who is awarded how much of it.

Owns funds and their contributions, delegations, rounds, applications and awards, in one database of its own.
Publishes the events of :mod:`shared.events.grants`. Consumes members' erasures: what was written here about somebody
who is erased goes; which organisations there are, and the gateway's time zones; and the rounds that people's unmet
wishes suggest.

The money rule, kept by the database and not by timing: a round opens only on cleared money that no other round holds,
and an award is offered only within what its round still has. Each is one conditional update with a CHECK behind it.
"""
