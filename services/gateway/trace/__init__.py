"""Tracing one change: from the request to the write, the log, each projection and each attempt at a webhook."""
