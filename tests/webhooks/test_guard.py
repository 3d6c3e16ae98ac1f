"""No URL that a merchant can write leads into our own network, and not one packet goes there."""

from __future__ import annotations

import socket

import pytest
from aiohttp import ClientError, ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.clock import SystemClock
from bot.errors import DeliveryFailed
from bot.messages import Address, Notice
from handlers.guard import Blocked, Guard, public
from handlers.outward import session
from handlers.webhooks.channel import WebhooksChannel
from tests.fakes.receiver import FakeReceiver
from tests.webhooks.corpus import NAMES, PUBLIC, URLS

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class StubResolver(AbstractResolver):
    """The network's edge: fixed answers, no packets. A list of answers is given one after another (a name that changes its mind)."""

    def __init__(self, names: dict[str, str | list[str]]) -> None:
        self.names = names
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        answer = self.names.get(host, "127.0.0.1")
        addresses = [answer.pop(0)] if isinstance(answer, list) else answer.split()
        return [self._result(host, each, port) for each in addresses]

    async def close(self) -> None:
        pass

    def _result(self, host: str, address: str, port: int) -> ResolveResult:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)


class Sockets:
    """Counts what would have been connected; makes none."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, family: int, kind: int, protocol: int) -> socket.socket:
        self.made += 1
        raise OSError("a socket was asked for")


def notice(url: str) -> Notice:
    route = {"url": url, "secrets": [SECRET]}
    return Notice("dlv_1", Address("webhooks", "wh_1"), "event", "", data={"type": "ticket.created", "data": {}}, route=route)


def test_the_corpus_is_large_enough():
    assert len(URLS) >= 120


@pytest.mark.parametrize("url", URLS)
async def test_no_url_of_the_corpus_gets_as_far_as_a_socket(url):
    sockets = Sockets()
    guard = Guard(make=sockets)
    async with session(guard, StubResolver(dict(NAMES)), limit=2) as client:
        with pytest.raises(DeliveryFailed) as failed:
            await WebhooksChannel(client, guard, SystemClock()).send(notice(url))
    assert sockets.made == 0
    assert failed.value.outcome == "rejected", failed.value.why


@pytest.mark.parametrize("url", URLS)
async def test_the_socket_alone_would_stop_every_one_of_them(url):
    """Whatever a parser or a resolver lets through: here neither is asked, redirects are followed and any scheme goes."""
    sockets = Sockets()
    guard = Guard(make=sockets, ports=frozenset(range(65536)))
    connector = TCPConnector(resolver=StubResolver(dict(NAMES)), socket_factory=guard.socket)
    async with ClientSession(connector=connector, trust_env=False) as client:
        with pytest.raises((ClientError, OSError, ValueError, AssertionError)):  # aiohttp asserts that there is a port
            await client.post(url, data=b"{}")
    assert sockets.made == 0


@pytest.mark.parametrize("address", PUBLIC)
async def test_public_addresses_are_let_through(address):
    sockets = Sockets()
    guard = Guard(make=sockets)
    assert public(address)
    async with session(guard, StubResolver({"hooks.example": address}), limit=2) as client:
        with pytest.raises(DeliveryFailed) as failed:
            await WebhooksChannel(client, guard, SystemClock()).send(notice("https://hooks.example/hook"))
    assert sockets.made == 1  # the guard would have let it connect; the test does not
    assert failed.value.outcome == "later"


async def test_of_a_name_with_a_public_and_a_private_address_only_the_public_one_is_tried():
    sockets = Sockets()
    guard = Guard(make=sockets)
    async with session(guard, StubResolver({"both.example": "10.0.0.1 8.8.8.8 ::1"}), limit=2) as client:
        with pytest.raises(DeliveryFailed):
            await WebhooksChannel(client, guard, SystemClock()).send(notice("https://both.example/"))
    assert sockets.made == 1


async def test_a_name_that_changes_its_mind_after_it_was_asked_is_stopped_at_the_socket():
    sockets = Sockets()
    guard = Guard(make=sockets)
    names = StubResolver({"rebind.example": ["8.8.8.8", "127.0.0.1"]})
    connector = TCPConnector(resolver=names, socket_factory=guard.socket, use_dns_cache=False)
    async with ClientSession(connector=connector) as client:
        for made in (1, 1):
            with pytest.raises((ClientError, OSError)):
                await client.post("https://rebind.example/")
            assert sockets.made == made


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_into_the_network_is_not_followed(code):
    async with FakeReceiver() as inside, FakeReceiver() as outside:
        outside.fault, outside.answer_headers = str(code), {"Location": inside.url}
        guard = Guard(allow_private=True)
        async with session(guard, StubResolver({}), limit=2) as client:
            with pytest.raises(DeliveryFailed) as failed:
                await WebhooksChannel(client, guard, SystemClock()).send(notice(outside.url))
    assert failed.value.outcome == "rejected"
    assert inside.requests == 0


async def test_proxy_variables_are_not_obeyed(monkeypatch):
    async with FakeReceiver([SECRET]) as proxy, FakeReceiver([SECRET]) as receiver:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        guard = Guard(allow_private=True)
        async with session(guard, StubResolver({}), limit=2) as client:
            await WebhooksChannel(client, guard, SystemClock()).send(notice(receiver.url))
    assert proxy.requests == 0
    assert receiver.requests == 1


@pytest.mark.parametrize("url", ["https://u:p@127.0.0.1/", "ftp://127.0.0.1/", "", "https://"])
def test_even_an_open_guard_takes_no_credentials_and_no_other_scheme(url):
    with pytest.raises(Blocked):
        Guard(allow_private=True).allowed(url)


def test_what_it_says_tells_nothing_of_the_network():
    with pytest.raises(Blocked) as first:
        Guard().pass_address("10.1.2.3")
    with pytest.raises(Blocked) as second:
        Guard().pass_address("::1")
    assert str(first.value) == str(second.value) == "the address is not a public one"
