"""Webhooks: endpoints of partners, what is to be delivered to them, and how every attempt went.

Delivery is at least once, in parallel or in the order that an endpoint asks for: a receiver tells repetitions by
`webhook-id` (one delivery) or by the event's `id`, and order by `sequence` and `previous_sequence`. One dead endpoint
slows no other.
"""
