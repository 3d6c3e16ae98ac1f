"""Where what merchants write as a URL may lead: public addresses over https. None may reach into our own network.

The last word is at the socket: whatever a URL spells and whatever a name resolves to, every connection passes `Guard.socket` with the
address it will really be made to. Checking names alone is not enough: aiohttp asks no resolver about a literal address, and a name may
answer differently the second time. What is said before that (`allowed`, `GuardedResolver`) is for a good error.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.typedefs import StrOrURL
from yarl import URL

AddrInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]
Sockets = Callable[[int, int, int], socket.socket]

# https://www.iana.org/assignments/iana-ipv4-special-registry, less what is routed on purpose. `ipaddress.is_global` is no substitute:
# on Python 3.11 it is true of multicast, NAT64 and 6to4, and it changes from release to release.
_DENIED_4 = tuple(
    IPv4Network(each) for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's host agent: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
    )
)  # fmt: skip
_ALLOWED_6 = IPv6Network("2000::/3")  # the global unicast that is handed out; loopback, ULA, link-local, site-local, NAT64 lie outside
_DENIED_6 = tuple(
    IPv6Network(each) for each in (
        "2001::/23",  # protocol assignments: Teredo 2001::/32, benchmarking, ORCHID
        "2001:db8::/32", "3fff::/20",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address
    )
)  # fmt: skip
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214 §6.1: an interface id that carries an IPv4 address


class Blocked(OSError):
    """This URL or address is not to be reached. One sentence, the same for every address: it tells nothing of our network."""

    def __init__(self, why: str = "the address is not a public one") -> None:
        super().__init__(why)
        self.why = why


class Guard:
    """`allow_private` (tests, on premises) lets everything through but credentials in a URL. `make` makes the sockets."""

    def __init__(self, allow_private: bool = False, ports: frozenset[int] = frozenset({443, 8443}), make: Sockets = socket.socket) -> None:
        self._open, self._ports, self._make = allow_private, ports, make

    def allowed(self, url: StrOrURL) -> URL:
        """The URL, parsed as aiohttp will. Raises Blocked."""
        try:
            parsed = URL(url)
            host, port = parsed.host, parsed.port
        except (ValueError, TypeError):
            raise Blocked("the URL cannot be read") from None
        if parsed.scheme not in (("https", "http") if self._open else ("https",)) or not host:
            raise Blocked("the URL must begin with https://")
        if parsed.user is not None or parsed.password is not None:
            raise Blocked("the URL may not hold credentials")
        if not self._open and port not in self._ports:
            raise Blocked("the URL's port must be 443 or 8443")
        literal = _literal(host)
        if literal is not None:
            self.pass_address(str(literal))
        return parsed

    def pass_address(self, address: str) -> None:
        """Raises Blocked unless webhooks may go to this IP address."""
        if not self._open and not public(address):
            raise Blocked

    def socket(self, info: AddrInfo) -> socket.socket:
        """For `TCPConnector(socket_factory=…)`: a socket for this very address, or Blocked before there is one."""
        family, kind, protocol, _, address = info
        self.pass_address(str(address[0]))
        if not self._open and address[1] not in self._ports:
            raise Blocked("the URL's port must be 443 or 8443")
        return self._make(int(family), int(kind), protocol)


class GuardedResolver(AbstractResolver):
    """Leaves of a name's addresses those that may be reached; none left is Blocked."""

    def __init__(self, inner: AbstractResolver, guard: Guard) -> None:
        self._inner, self._guard = inner, guard

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """As the inner one, less what is not allowed."""
        found = await self._inner.resolve(host, port, family)
        left = [each for each in found if self._may(each["host"])]
        if found and not left:
            raise Blocked
        return left

    async def close(self) -> None:
        """Closes the inner one."""
        await self._inner.close()

    def _may(self, address: str) -> bool:
        try:
            self._guard.pass_address(address)
        except Blocked:
            return False
        return True


def public(address: str) -> bool:
    """Whether this IP address is one of the public Internet. What cannot be read is not."""
    found = _literal(address)
    if isinstance(found, IPv4Address):
        return not any(found in net for net in _DENIED_4)
    if found is None:
        return False
    if found.ipv4_mapped is not None:
        return public(str(found.ipv4_mapped))
    if (int(found) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return found in _ALLOWED_6 and not any(found in net for net in _DENIED_6)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
