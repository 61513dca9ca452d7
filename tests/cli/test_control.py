import asyncio
from pathlib import Path

from services.cli import control
from services.cli.control import Request
from services.cli.errors import Refused


async def echo(request: Request) -> str:
    """Do as the request says, in a way that a test can see."""
    match request.action:
        case "refuse":
            raise Refused("not today")
        case "break":
            raise ValueError("with somebody's name in it")
        case _:
            return f"{request.action} of {request.arguments}"


async def test_a_folder_without_a_running_suite_has_nobody_to_ask(tmp_path: Path) -> None:
    assert await control.ask(tmp_path, Request("backup", {})) is None


async def test_the_running_suite_does_what_it_is_asked(tmp_path: Path) -> None:
    async with control.opened(tmp_path, echo):
        reply = await control.ask(tmp_path, Request("backup", {"archive": "a"}))
    assert reply == control.Reply("backup of {'archive': 'a'}")


async def test_a_refusal_comes_back_with_its_reason(tmp_path: Path) -> None:
    async with control.opened(tmp_path, echo):
        reply = await control.ask(tmp_path, Request("refuse", {}))
    assert reply == control.Reply(refused="not today")


async def test_a_failure_is_told_without_its_details_and_the_suite_goes_on(tmp_path: Path) -> None:
    async with control.opened(tmp_path, echo):
        reply = await control.ask(tmp_path, Request("break", {}))
        assert reply is not None
        assert reply.refused is not None
        assert "ValueError" in reply.refused
        assert "somebody" not in reply.refused
        assert await control.ask(tmp_path, Request("backup", {})) is not None


async def test_the_socket_is_its_owners_alone(tmp_path: Path) -> None:
    async with control.opened(tmp_path, echo):
        assert (tmp_path / "control.sock").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "control.sock").exists()


async def test_a_socket_left_by_a_killed_suite_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "control.sock").touch()
    assert await control.ask(tmp_path, Request("backup", {})) is None
    async with control.opened(tmp_path, echo):
        assert await control.ask(tmp_path, Request("backup", {})) is not None


async def test_a_folder_may_lie_deeper_than_a_socket_address_is_long(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a rather long name of a folder"] * 8)
    deep.mkdir(parents=True)
    async with control.opened(deep, echo):
        assert await control.ask(deep, Request("backup", {})) is not None


async def test_nonsense_on_the_socket_is_dropped(tmp_path: Path) -> None:
    async with control.opened(tmp_path, echo):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "control.sock"))
        writer.write(b"nonsense\n")
        assert await reader.read() == b""
        writer.close()
        assert await control.ask(tmp_path, Request("backup", {})) is not None


async def test_many_may_ask_at_once(tmp_path: Path) -> None:
    async with control.opened(tmp_path, echo):
        replies = await asyncio.gather(*(control.ask(tmp_path, Request(f"n{n}", {})) for n in range(20)))
    assert [reply.text for reply in replies if reply] == [f"n{n} of {{}}" for n in range(20)]
