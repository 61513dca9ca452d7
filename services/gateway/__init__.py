"""The one public API: it says who is calling, forwards to the owners of the data and composes what spans them.

Owns: movements, users and their sessions, API keys, handovers (whose access ended); the overview (a projection); the
event feed and webhook endpoints.
Publishes: the events of :mod:`shared.events.gateway`.
Consumes: everything that members, measures and grants publish, for the overview, the feed and the webhooks.
"""
