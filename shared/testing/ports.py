"""Loopback ports for servers that tests start."""

import random
import socket

_BELOW_EPHEMERAL = range(15_000, 32_000)
"""Not from the range that the system gives to clients: while a server restarts, a client that retries may be given
the very port that it is knocking at, connect to itself, and keep the server from coming back."""


def free_ports(number: int) -> list[int]:
    """Ports that nothing listens on, all different."""
    listeners: list[socket.socket] = []
    try:
        for port in random.sample(_BELOW_EPHEMERAL, 200):
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
                listeners.append(listener)
            except OSError:
                listener.close()
            if len(listeners) == number:
                return [listener.getsockname()[1] for listener in listeners]
        raise RuntimeError("no free port on the loopback address")
    finally:
        for listener in listeners:
            listener.close()
