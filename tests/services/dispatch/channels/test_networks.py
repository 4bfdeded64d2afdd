"""Laws of what is public: nothing that could be ours."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.channels.networks import public

OURS = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1"),
    *("224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.0.2.1", "192.88.99.1"),
    *("::1", "::", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::", "2002:808:808::"),
    *("2001:0:808:808::", "100::1", "5f00::1", "4000::1"),
]
THEIRS = ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", OURS)
def test_what_could_be_ours_is_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", [*THEIRS, "::ffff:8.8.8.8"])
def test_what_is_on_the_internet_is(address: str) -> None:
    assert public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_knows_to_be_special(address: IPv4Address | IPv6Address) -> None:
    special = address.is_private or address.is_multicast or address.is_reserved or address.is_loopback
    carries = isinstance(address, IPv6Address) and (address.ipv4_mapped or address in ip_network("64:ff9b::/96"))

    if special and not carries:
        assert not public(str(address))


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd00::7"])
def test_a_network_that_is_listed_may_be_called(address: str) -> None:
    listed = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]

    assert public(address, listed) and not public(address)
    assert not public("10.2.0.1", listed)
