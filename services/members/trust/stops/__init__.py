"""One "stop" for everything: said once, it holds on every list and connection, and there is proof of what it ended."""
