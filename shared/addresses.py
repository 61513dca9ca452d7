"""Which addresses may be dialled on a partner's behalf: only those that are global, and none that names an insider.

An allow-list by construction: IPv6 is refused outside the global unicast block, IPv4 inside any special-purpose block
(IANA's registries, RFC 6890 and its updates). The standard library's `is_global` is not used, because what it says has
changed between patch releases of Python.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

LOOPBACK = "loopback"
"""The reason given for this machine's own addresses, the only one that a setting can overrule."""

_V4_REFUSED = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a carrier",
    "127.0.0.0/8": LOOPBACK,
    "168.63.129.16/32": "a cloud's metadata",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_V6_REFUSED = {
    "::/128": "unspecified",
    "::1/128": LOOPBACK,
    "::ffff:0:0/96": "an IPv4 address in disguise",
    "::/96": "an IPv4 address in disguise",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "2001::/23": "reserved",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}
_REFUSED_V4 = [(IPv4Network(block), reason) for block, reason in _V4_REFUSED.items()]
_REFUSED_V6 = [(IPv6Network(block), reason) for block, reason in _V6_REFUSED.items()]
_GLOBAL_V6 = IPv6Network("2000::/3")


def address_of(text: str) -> Address:
    """The address that a text writes, without the zone of a link-local one. Raises ValueError."""
    return ip_address(text.partition("%")[0])


def why_refused(address: Address) -> str | None:
    """Why an address may not be dialled (`private`, `loopback`, …); None where it may."""
    if isinstance(address, IPv4Address):
        return next((reason for block, reason in _REFUSED_V4 if address in block), None)
    refused = next((reason for block, reason in _REFUSED_V6 if address in block), None)
    return refused or (None if address in _GLOBAL_V6 else "not a global address")
