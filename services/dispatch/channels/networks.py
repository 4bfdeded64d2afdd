"""Which addresses lie on the public internet: by IANA's special-purpose registries, not by the Python that runs."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this host (RFC 791); Linux connects 0.0.0.0 to itself
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); some clouds' metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's own service to each machine, on an address that looks public
            "169.254.0.0/16",  # link-local; most clouds' metadata
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "192.0.2.0/24",  # documentation (RFC 5737), as the next but two and three
            "192.88.99.0/24",  # 6to4 relays (RFC 7526)
            "192.168.0.0/16",
            "198.18.0.0/15",  # benchmarks (RFC 2544)
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
            "2001::/23",  # protocol assignments, Teredo among them (RFC 4380)
            "2001:db8::/32",  # documentation (RFC 3849)
            "2002::/16",  # 6to4 (RFC 7526): what it carries could be any of the above
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
GLOBAL_UNICAST = ip_network("2000::/3")
"""All that is given out of IPv6 so far (RFC 4291 §2.4): loopback, unique local, link-local and the like lie outside."""
NAT64 = IPv6Network("64:ff9b::/96")
"""An IPv4 address for networks without IPv4 (RFC 6052)."""


def public(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether the address may be connected to: it is public, or lies in a network that is allowed."""
    ip = ip_address(address)
    carried = _carried(ip)
    if any(ip in network or (carried is not None and carried in network) for network in allowed):
        return True
    if carried is not None:
        ip = carried
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    return not any(ip in network for network in NOT_PUBLIC)


def _carried(ip: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for, where connecting reaches that."""
    if isinstance(ip, IPv4Address):
        return None
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip.ipv4_mapped
