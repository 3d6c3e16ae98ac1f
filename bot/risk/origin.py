"""Which network an address is in: one household's IPv6 addresses change by the hour within their /64, an IPv4 address is one by itself."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv6Address

NETWORK = 64  # bits of an IPv6 address that are a subscriber's own, RFC 6177 and RFC 4291 §2.5.4


def network(address: str) -> str | None:
    """`203.0.113.9`, or `2001:db8::/64` for anything in it; None for what is no address. `::ffff:203.0.113.9` is its IPv4 one."""
    text = address.strip().partition("%")[0]
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        pass
    try:
        found = IPv6Address(text)
    except AddressValueError:
        return None
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    host = 128 - NETWORK
    return f"{IPv6Address(int(found) >> host << host)}/{NETWORK}"
