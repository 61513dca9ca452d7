"""Ports: taken before anything else is started, so that one in use is said at once and in one line."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from services.cli.errors import Refused


@contextmanager
def taken(host: str, port: int, setting: str) -> Iterator[socket.socket]:
    """A listening socket on the address, or Refused with the setting to change. Port 0 is any free port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror:
        raise Refused(f"BACKBONE_HOST: {host} is not an address of this machine") from None
    with socket.socket(family, kind, protocol) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(address)
            listening.listen(2048)
        except PermissionError:
            raise Refused(f"port {port} is reserved for the system: set {setting} to a port above 1023") from None
        except OSError as error:
            raise Refused(f"cannot listen on {host} port {port}: {_reason(error)}; set {setting} to another") from None
        yield listening


def url(listening: socket.socket) -> str:
    """Where a browser on this machine finds it."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _reason(error: OSError) -> str:
    return "it is in use by another program" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
