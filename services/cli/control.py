"""The door that a running suite opens to its owner on this machine: a socket in the data folder, a JSON line each way.

The files belong to the running process alone, so what must be done with them is asked of it.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import msgspec
import structlog

from services.cli.errors import EXPECTED

_NAME = "control.sock"
_log = structlog.get_logger(__name__)


class Request(msgspec.Struct):
    """What is asked: one of the suite's actions, with its arguments."""

    action: str
    arguments: dict[str, str]


class Reply(msgspec.Struct):
    """What came of it: text for whoever asked, or why it was refused."""

    text: str = ""
    refused: str | None = None


Perform = Callable[[Request], Awaitable[str]]


@asynccontextmanager
async def opened(folder: Path, perform: Perform) -> AsyncIterator[None]:
    """Answer on the folder's socket while the block lasts. Whoever can open the folder may ask."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = msgspec.json.decode(await reader.readline(), type=Request)
            writer.write(msgspec.json.encode(await _reply(perform, request)) + b"\n")
            await writer.drain()
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            _log.warning("control_failed", reason=type(error).__name__)
        finally:
            writer.close()

    with socket.socket(socket.AF_UNIX) as listening, _address(folder) as address:
        Path(address).unlink(missing_ok=True)  # left by a process that was killed; its lock on the files is gone too
        listening.bind(address)
        Path(address).chmod(0o600)
        server = await asyncio.start_unix_server(serve, sock=listening)
        try:
            yield
        finally:
            server.close()
            Path(address).unlink(missing_ok=True)


async def ask(folder: Path, request: Request) -> Reply | None:
    """Have the running suite do something; None where none runs on this folder."""
    try:
        with _address(folder) as address:
            reader, writer = await asyncio.open_unix_connection(address)
    except (FileNotFoundError, ConnectionRefusedError):
        return None
    try:
        writer.write(msgspec.json.encode(request) + b"\n")
        line = await reader.readline()
    finally:
        writer.close()
    if not line:
        return Reply(refused="the suite stopped before it was done")
    return msgspec.json.decode(line, type=Reply)


async def _reply(perform: Perform, request: Request) -> Reply:
    try:
        return Reply(await perform(request))
    except EXPECTED as error:
        return Reply(refused=str(error))
    except Exception as error:  # the suite goes on, and whoever asked hears that it did not work
        _log.error("control_action_failed", reason=request.action, exc_info=error)
        return Reply(refused=f"it failed ({type(error).__name__}); the suite's log says where")


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """The socket's path, kept below the kernel's limit of some 100 bytes however deep the folder lies."""
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        short = Path(f"/proc/self/fd/{directory}")
        yield str((short if short.exists() else folder) / _NAME)
    finally:
        os.close(directory)
