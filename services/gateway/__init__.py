"""The one public API: it says who is calling, forwards to the owners of the data and composes what spans them.

Owns: movements, users and their sessions, API keys; the overview (a projection); the event feed and webhook endpoints.
Publishes: webhook_endpoint.tested, webhook_endpoint.disabled.
Consumes: everything that members, measures and grants publish, for the overview, the feed and the webhooks.
"""
