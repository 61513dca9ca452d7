"""The guarded dialler: that it dials exactly what it judged, and what an answer may do to us."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from shared.dialler import DialFailed, Dialler
from shared.resolver import system_resolver
from tests.shared.dialling import authority, names, post, receiver


async def test_a_name_that_changes_after_it_was_judged_changes_nothing() -> None:
    async with receiver() as (port, _):
        answers = [["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]]

        async def rebinding(host: str, port: int) -> Sequence[str]:
            return answers.pop(0)

        dialler = Dialler(to_loopback=True, resolver=rebinding)
        answer = await post(dialler, f"http://rebinding.example.org:{port}/")

    assert answer.address == "127.0.0.1"  # dialled as judged: nobody asked for the name again
    assert answers == [["10.0.0.1"], ["10.0.0.1"]]


async def test_a_name_is_judged_anew_when_its_answer_has_aged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.resolver._KEPT_SECONDS", -1.0)
    async with receiver() as (port, _):
        answers = [["127.0.0.1"], ["10.0.0.1"]]

        async def rebinding(host: str, port: int) -> Sequence[str]:
            return answers.pop(0)

        dialler = Dialler(to_loopback=True, resolver=rebinding)
        await post(dialler, f"http://rebinding.example.org:{port}/")
        with pytest.raises(DialFailed, match=r"^address_refused: "):
            await post(dialler, f"http://rebinding.example.org:{port}/")


async def test_the_name_stays_in_the_host_header() -> None:
    async with receiver() as (port, got):
        dialler = Dialler(to_loopback=True, resolver=names(**{"crm.example.org": ["127.0.0.1"]}))
        await post(dialler, f"http://CRM.example.org:{port}/hook?a=b")

    assert b"POST /hook?a=b HTTP/1.1" in got[0]
    assert f"\r\nhost: crm.example.org:{port}\r\n".encode() in got[0].lower()


async def test_tls_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    roots, context = authority(tmp_path, "crm.example.org")
    async with receiver(tls=context) as (port, got):
        resolver = names(**{"crm.example.org": ["127.0.0.1"], "other.example.org": ["127.0.0.1"]})
        dialler = Dialler(to_loopback=True, resolver=resolver, roots=roots)
        answer = await post(dialler, f"https://crm.example.org:{port}/")
        with pytest.raises(DialFailed, match=r"^connect_failed: "):
            await post(dialler, f"https://other.example.org:{port}/")
        with pytest.raises(DialFailed, match=r"^connect_failed: "):
            await post(Dialler(to_loopback=True, resolver=resolver), f"https://crm.example.org:{port}/")

    assert answer.status == 200
    assert len(got) == 1


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with receiver(answer=b"HTTP/1.1 302 x\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n") as (
        port,
        got,
    ):
        answer = await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/")

    assert answer.status == 302
    assert len(got) == 1


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with receiver() as (port, _):
        answer = await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/")

    assert answer.status == 200


async def test_the_body_is_cut_off_while_it_streams() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n" + b"x" * 100_000
    async with receiver(answer=endless) as (port, _):
        answer = await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/", most=1000)

    assert answer.body == b"x" * 1000


async def test_a_compressed_body_is_not_unfolded() -> None:
    packed = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb"
    async with receiver(answer=packed) as (port, got):
        answer = await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/")

    assert answer.body == b"bomb"
    assert b"accept-encoding" not in got[0].lower()


async def test_an_answer_that_ends_with_its_connection_is_whole() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nin two ")
        await writer.drain()
        writer.write(b"pieces")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        answer = await post(Dialler(to_loopback=True), f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    assert (answer.status, answer.body) == (200, b"in two pieces")


async def test_of_an_answer_whose_body_nobody_wants_the_head_is_enough() -> None:
    async with receiver(answer=b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n") as (port, _):
        answer = await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/", most=0)

    assert (answer.status, answer.body) == (202, b"")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X-More: of this\r\n" * 10_000,
        b"HTTP/1.1 200 OK\r\nX-More: " + b"x" * 100_000,
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"220 mail.example.org ESMTP\r\n",
    ],
    ids=["headers without end", "a header without end", "another protocol", "no HTTP"],
)
async def test_what_is_no_answer_that_ends_breaks_off_at_once(answer: bytes) -> None:
    async with receiver(answer=answer) as (port, _):
        with pytest.raises(DialFailed, match=r"^broken_off: "):
            await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/")


async def test_a_header_cannot_smuggle_another() -> None:
    async with receiver() as (port, got):
        with pytest.raises(ValueError, match="header"):
            await Dialler(to_loopback=True).request(
                "POST", f"http://127.0.0.1:{port}/", headers={"x": "a\r\nhost: b"}, body=b"{}", seconds=5, most=0
            )

    assert got == []


async def test_headers_are_kept_by_the_names_they_were_asked_for_by() -> None:
    answer = b"HTTP/1.1 429 x\r\nRETRY-after: 7\r\nx-rate: 1\r\nx-rate: 2\r\nContent-Length: 0\r\n\r\n"
    async with receiver(answer=answer) as (port, _):
        got = await Dialler(to_loopback=True).request(
            "POST", f"http://127.0.0.1:{port}/", headers={}, body=b"{}", seconds=5, most=9, keep=("X-Rate", "X-Other")
        )

    assert (got.retry_after, got.headers) == ("7", {"X-Rate": "1"})


async def test_a_body_that_trickles_does_not_outlast_the_time() -> None:
    async with receiver(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxx") as (port, _):
        with pytest.raises(DialFailed, match=r"^timeout: ") as failed:
            await post(Dialler(to_loopback=True), f"http://127.0.0.1:{port}/", seconds=0.2)

    assert failed.value.address == "127.0.0.1"


async def test_connections_are_used_again() -> None:
    connections: list[int] = []
    async with receiver(connections=connections) as (port, got):
        dialler = Dialler(to_loopback=True)
        for _ in range(5):
            await post(dialler, f"http://127.0.0.1:{port}/")

    assert (len(got), len(connections)) == (5, 1)


async def test_the_next_address_is_tried_where_one_takes_no_connection() -> None:
    async with receiver() as (port, _):
        dialler = Dialler(to_loopback=True, resolver=names(**{"crm.example.org": ["::1", "127.0.0.1"]}))
        answer = await post(dialler, f"http://crm.example.org:{port}/")

    assert answer.address == "127.0.0.1"


async def test_nothing_is_sent_twice_where_the_connection_broke_off() -> None:
    async with receiver(answer=b"") as (port, got):
        dialler = Dialler(to_loopback=True, resolver=names(**{"crm.example.org": ["127.0.0.1", "127.0.0.2"]}))
        with pytest.raises(DialFailed, match=r"^broken_off: "):
            await post(dialler, f"http://crm.example.org:{port}/")

    assert len(got) == 1


async def test_a_name_without_an_address_is_a_failure_and_no_refusal() -> None:
    dialler = Dialler(resolver=names())

    await dialler.check("https://crm.example.org/")
    with pytest.raises(DialFailed, match=r"^name_not_resolved: "):
        await post(dialler, "https://crm.example.org/")


async def test_many_requests_for_a_name_look_it_up_once_at_a_time() -> None:
    asked: list[str] = []
    release = asyncio.Event()

    async def slow(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        await release.wait()
        return ["10.0.0.1"]

    dialler = Dialler(resolver=slow)
    waiting = [asyncio.create_task(post(dialler, "https://slow.example.org/")) for _ in range(50)]
    with pytest.raises(DialFailed, match=r"^address_refused: "):
        await post(dialler, "https://10.0.0.1/")  # nobody else waits for that name
    release.set()
    failures = await asyncio.gather(*waiting, return_exceptions=True)

    assert asked == ["slow.example.org"]
    assert all(isinstance(failure, DialFailed) for failure in failures)


async def test_the_system_resolves_the_names_of_this_machine() -> None:
    assert set(await system_resolver("localhost", 443)) <= {"127.0.0.1", "::1"}
