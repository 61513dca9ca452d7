"""The published contract between the services: one frozen class an event, and the envelope it travels in."""
