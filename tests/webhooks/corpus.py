"""URLs that must not be reached by a webhook, and what the names in them resolve to."""

from __future__ import annotations

# the spelling of a loopback, private, link-local or special address as a literal
LITERALS = (
    "0.0.0.0",  # noqa: S104
    "127.0.0.1", "127.1.2.3", "127.255.255.254", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254",
    "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.170.2", "169.254.0.23", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "192.0.0.1", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]",
    "[::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:0:7f00:1::]",
    "[2001:10::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[3fff::1]", "[5f00::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[fd20:ce::254]", "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[2a00:1450::5efe:10.0.0.1]",
    "[::ffff:0:127.0.0.1]",
)  # fmt: skip

# names, and what the resolver's stub says of them
NAMES = {
    "localhost": "127.0.0.1", "localhost.": "127.0.0.1", "LOCALHOST": "127.0.0.1", "foo.localhost": "::1", "ip6-localhost": "::1",
    "metadata.google.internal": "169.254.169.254", "metadata.tencentyun.com": "169.254.0.23", "instance-data": "169.254.169.254",
    "127.0.0.1.nip.io": "127.0.0.1", "10-0-0-1.sslip.io": "10.0.0.1", "localtest.me": "127.0.0.1",
    "spoofed.burpcollaborator.net": "127.0.0.1",
    "db.corp.example": "10.1.2.3", "redis": "172.18.0.5", "mapped.example": "::ffff:192.168.1.1", "nat64.example": "64:ff9b::a00:1",
    "multicast.example": "224.0.0.251", "linklocal.example": "fe80::1%eth0", "cgnat.example": "100.64.3.4", "zero.example": "0.0.0.0",  # noqa: S104
    "2130706433": "127.0.0.1", "0x7f000001": "127.0.0.1", "0x7f.1": "127.0.0.1", "0177.0.0.1": "127.0.0.1", "017700000001": "127.0.0.1",
    "127.1": "127.0.0.1", "127.0.1": "127.0.0.1", "①②⑦.⓪.⓪.①": "127.0.0.1", "１２７.０.０.１": "127.0.0.1", "127。0。0。1": "127.0.0.1",
    "ⓛocalhost": "127.0.0.1", "xn--bcher-kva.example": "192.168.3.3", "not-an-address.example": "no address at all",
}  # fmt: skip

# refused as they stand, whatever they would reach
AS_WRITTEN = (
    "http://hooks.example/", "HTTP://hooks.example/", "ftp://hooks.example/", "file:///etc/passwd", "gopher://hooks.example:443/_x",
    "ws://hooks.example/", "unix:///var/run/docker.sock", "javascript:alert(1)", "data:text/plain,x", "//hooks.example/", "hooks.example",
    "", "https://", "https:///path", "https://:443/", "https://user:pass@hooks.example/", "https://user@hooks.example/",
    "https://:pass@hooks.example/", "https://hooks.example:22/", "https://hooks.example:80/", "https://hooks.example:6379/",
    "https://hooks.example:0/", "https://hooks.example:99999/", "https://hooks.example:x/", "https://[::1/", "https://hooks.example@127.0.0.1/",
    "https://127.0.0.1#@hooks.example/", "https://127.0.0.1\\@hooks.example/", "https://hooks.example\\@127.0.0.1/",
)  # fmt: skip

URLS = tuple(dict.fromkeys([*(f"https://{each}/hook" for each in (*LITERALS, *NAMES)), *AS_WRITTEN]))

# what must be reachable, or nobody would keep the guard
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1", "198.17.255.255", "198.20.0.1",
    "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2400:3200::1", "2001:4860:4860::8888", "::ffff:8.8.8.8",
)  # fmt: skip
